"""1Password itself, asked which vaults there are: by a Connect server, or by a service account."""

import sys
from collections.abc import AsyncIterator
from datetime import date
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
from pydantic import SecretStr, ValidationError

from bot.core.errors import BotError, Malformed, Rejected
from bot.core.keys import Vault
from bot.http import network
from integrations.onepassword import ASKED, OnePasswordClient, Seen
from integrations.onepassword.check import check
from integrations.onepassword.client import connect
from integrations.onepassword.health import health
from integrations.onepassword.service import ServiceAccount
from integrations.onepassword.settings import OnePasswordSettings
from integrations.onepassword.standin import StandIn
from tests.integrations.onepassword.test_onepassword import Record
from tests.integrations.wired import NOW, Wired, wired

Server: TypeAlias = Wired[StandIn, OnePasswordClient, OnePasswordClient]
TOKEN = "sandbox-onepassword-token"  # a stand-in's own


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Give a Connect server."""
    seed = {"token": TOKEN, "vaults": ["Infra", "Money"]}
    async with wired(ASKED, StandIn, seed, {"token": TOKEN}) as found:
        yield found


async def test_a_connect_server_names_its_vaults(server: Server) -> None:
    """It knows no people; the check says so, and every route of the stand-in is used."""
    assert await server.client.vaults() == (Seen(name="Infra"), Seen(name="Money"))
    assert [each.text for each in await check(server.client)] == [
        "1Password answers; our token opens Infra and Money.",
        "It does not tell who else opens them: listings do (`infra import-vault`).",
    ]
    assert not server.unused()
    assert server.standin.pane()["sections"][0]["rows"] == [["Infra"], ["Money"]]


@pytest.mark.parametrize(
    ("status", "body"), [(401, "{}"), (403, "{}"), (404, ""), (500, ""), (200, "<html>"), (200, "[{}]")]
)
async def test_a_server_in_trouble_is_told(server: Server, status: int, body: str) -> None:
    """Whatever it answers otherwise is an error of ours, said by the check with what to do."""
    server.instead("/v1/vaults", status, body)
    [found] = await check(server.client)
    assert found.level == "bad"
    assert TOKEN not in found.text


async def test_what_is_no_list_is_malformed_and_no_vault_is_no_use(server: Server) -> None:
    """An answer of another shape is not taken for an empty one."""
    server.standin.vaults.clear()
    assert (await check(server.client))[0].text == "Our token for 1Password opens no vault."
    server.standin.token = "another"
    assert (await check(server.client))[0].level == "bad"
    server.instead("/v1/vaults", 200, "{}")
    with pytest.raises(Malformed):
        await server.client.vaults()


@pytest.mark.parametrize(
    "section",
    [{}, {"url": "http://connect:8080"}, {"service_account": "ops_x", "url": "http://c", "token": "t"}],
)
def test_there_is_one_way_to_ask(section: dict[str, str]) -> None:
    """Neither none, nor half of one, nor both."""
    with pytest.raises(ValidationError, match="needs `service_account`"):
        OnePasswordSettings.model_validate(section)


def access(kind: str, permissions: int) -> SimpleNamespace:
    """Return somebody who has a vault."""
    return SimpleNamespace(accessor_type=kind, permissions=permissions)


class Library:
    """A library of 1Password's shape."""

    VaultAccessorType = SimpleNamespace(GROUP="group", USER="user")

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.Client = self  # as the library spells it
        self.vaults = self
        self.calls = 0
        self.given: dict[str, Any] = {
            "Infra": [access("user", 48), access("user", 1 | 48), access("user", 32), access("group", 50)],
            "Untold": None,
            "Denied": RuntimeError("no access to ops_secret"),
        }

    async def authenticate(self, *, auth: str, integration_name: str, integration_version: str) -> "Library":
        self.calls += 1
        assert (auth, integration_name, integration_version) == ("ops_secret", "infra", "1")
        if self.error:
            raise self.error
        return self

    async def list(self) -> list[Any]:
        return [SimpleNamespace(id=name, title=name) for name in self.given]

    def VaultGetParams(self, *, accessors: bool) -> bool:  # noqa: N802 # the same
        return accessors

    async def get(self, name: str, accessors: bool) -> Any:
        assert accessors
        if isinstance(self.given[name], Exception):
            raise self.given[name]
        return SimpleNamespace(access=self.given[name])


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """Put a library of 1Password's shape in the place of the real one, which only talks to 1Password."""
    found = Library()
    monkeypatch.setitem(sys.modules, "onepassword", found)
    return found


async def test_a_service_account_counts_who_reads(library: Library) -> None:
    """Who reads secrets counts, groups apart; where it is not told nothing is said; asked rarely."""
    async with network(lambda: NOW) as net:
        client = connect(OnePasswordSettings(service_account=SecretStr("ops_secret")), net)
    for _ in range(2):
        assert await client.vaults() == (
            Seen(name="Infra", people=2, groups=1),
            Seen(name="Untold"),
            Seen(name="Denied"),
        )
    assert library.calls == 1
    assert (await check(client))[1].text == "It tells how many people open them; who, listings tell."


class RateLimitExceededException(Exception):  # noqa: N818 # as the library has it
    """1Password wants to be asked less."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("invalid service account token ops_secret"), "refused"),
        (TimeoutError(), "in time"),
        (RateLimitExceededException("ops_secret"), "ask less"),
    ],
)
async def test_what_the_library_says_is_not_repeated(library: Library, error: Exception, words: str) -> None:
    """Its errors have texts of their own kind, which may hold the token."""
    library.error = error
    client = OnePasswordClient(ServiceAccount("ops_secret").vaults)
    with pytest.raises(BotError, match=words) as caught:
        await client.vaults()
    assert "ops_secret" not in caught.value.message + caught.value.hint
    library.error, library.given = None, {"Slow": TimeoutError()}
    with pytest.raises(BotError, match="in time"):
        await client.vaults()


async def test_without_the_library_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional."""
    monkeypatch.setitem(sys.modules, "onepassword", None)
    with pytest.raises(Rejected, match="not installed"):
        await ServiceAccount("ops_secret").vaults()


@pytest.mark.parametrize(
    ("seen", "people", "said"),
    [
        (Seen(name="Infra"), ("A", "B", "C"), []),
        (Seen(name="Infra", people=4), ("A", "B", "C"), []),
        (Seen(name="Infra", people=1, groups=1), ("A", "B", "C"), []),
        (Seen(name="Infra", people=1), ("A", "B", "C"), [("warning", "1 person")]),
        (Seen(name="Infra", people=1), (), [("bad", "1 person")]),
        (Seen(name="Infra", people=2), (), []),
    ],
)
async def test_what_it_counts_is_never_a_comfort(
    seen: Seen, people: tuple[str, ...], said: list[tuple[str, str]]
) -> None:
    """Fewer than we were told of, or one alone of whom nobody told us, is said; more changes nothing."""
    kept = {"Infra": Vault(people=people, on=date(2026, 6, 1))} if people else {}
    found = await health(Record(kept, (seen,)))
    assert [(each.level, each.text.partition(" counts ")[2][:8]) for each in found[1:]] == said
