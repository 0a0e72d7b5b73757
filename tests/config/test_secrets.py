"""Secrets: references, the places they point to, and what is refused."""

import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from bot.core.errors import ConfigurationError
from config import Reference, Secrets, load, reference
from config.secrets import Vault, system_keyring
from tests.config.sample import SAMPLE, TOKENS, VENDORS

GITHUB = Reference("keyring", "infra/github")


class Drawer(KeyringBackend):
    """A keyring of the test's own."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class PlaintextKeyring(Drawer):
    """A keyring that writes a file, as keyrings.alt has it."""


class Locked(Drawer):
    """A keyring nobody unlocked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("no")


class Chain(Drawer):
    """Several keyrings in a row."""

    backends = (Drawer(), PlaintextKeyring())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("env:GITHUB_TOKEN", Reference("env", "GITHUB_TOKEN")),
        ("keyring:infra/github", GITHUB),
        ("op://Infrastructure/GitHub/token", Reference("op", "/Infrastructure/GitHub/token")),
        ("op://Infrastructure/GitHub/api/token", Reference("op", "/Infrastructure/GitHub/api/token")),
        ("env:", None),
        ("env:2FA", None),
        ("env:A B", None),
        ("keyring:infra", None),
        ("keyring:/x", None),
        ("op://vault/item", None),
        ("op:/vault/item/field", None),
        ("hunter2", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_only_the_three_forms_are_references(text: object, expected: Reference | None) -> None:
    """A reference is one of three forms and reads back as it was written; all else is none."""
    assert reference(text) == expected
    assert expected is None or str(expected) == text


def test_each_secret_comes_from_where_its_reference_points() -> None:
    """Environment, keyring and vault are asked for their own, the vault once for all."""
    drawer, asked = Drawer(), []
    drawer.set_password("infra", "github", "from the keyring\n")

    def vault(references: list[Reference], token: str) -> dict[Reference, str]:
        asked.append((references, token))
        return dict.fromkeys(references, "from the vault")

    env, first, second = Reference("env", "A"), Reference("op", "/v/i/a"), Reference("op", "/v/i/b")
    secrets = Secrets({"A": "from the environment", "OP_SERVICE_ACCOUNT_TOKEN": "t"}, lambda: drawer, vault)
    assert secrets.fetch([env, GITHUB, first, second, first]) == {
        env: "from the environment",
        GITHUB: "from the keyring",
        first: "from the vault",
        second: "from the vault",
    }
    assert asked == [([first, second], "t")]


def never() -> KeyringBackend:
    """Fail when a keyring is asked for."""
    raise AssertionError("no secret is kept in a keyring")


def test_what_is_empty_or_absent_is_missing() -> None:
    """An empty variable is as good as none, and no keyring is opened that is not needed."""
    assert Secrets({"A": "", "B": " \n"}, never).fetch([Reference("env", name) for name in "ABC"]) == {}


def test_all_missing_secrets_are_told_with_their_remedies() -> None:
    """Each missing secret is named with its line, its key, and what to run or set."""
    text = SAMPLE.replace("env:GITHUB_TOKEN", "keyring:infra/github")
    with pytest.raises(ConfigurationError) as raised:
        load(VENDORS, {"INFRA_CONFIG_YAML": text}, secrets=Secrets({}, Drawer))
    lines = raised.value.message.splitlines()
    assert [line.partition(" is not there")[0] for line in lines] == [
        "INFRA_CONFIG_YAML:4: `slack.bot_token`",
        "INFRA_CONFIG_YAML:5: `slack.signing_secret`",
        "INFRA_CONFIG_YAML:13: `integrations.github.token`",
    ]
    assert "`export SLACK_BOT_TOKEN=…`" in lines[0]
    assert "`infra secrets set keyring:infra/github`" in lines[2]


@pytest.mark.parametrize(("transport", "spare"), [("http", "app_token"), ("socket", "signing_secret")])
def test_a_secret_that_nothing_needs_may_be_missing(transport: str, spare: str) -> None:
    """The other transport's token and an optional secret are then as good as left out."""
    text = SAMPLE.replace("team_id:", f"transport: {transport}\n  app_token: env:SLACK_APP_TOKEN\n  team_id:")
    text += "    webhook_secret: env:GITHUB_WEBHOOK_SECRET\n"
    environ = {**TOKENS, "INFRA_CONFIG_YAML": text}
    del environ["GITHUB_WEBHOOK_SECRET"], environ[f"SLACK_{spare.upper()}"]
    settings = load(VENDORS, environ)
    assert getattr(settings.chat(), spare) is None
    assert settings.integrations["github"].model_dump()["webhook_secret"] is None
    other = {"http": "socket", "socket": "http"}[transport]
    environ["INFRA_CONFIG_YAML"] = text.replace(f"transport: {transport}", f"transport: {other}")
    with pytest.raises(
        ConfigurationError, match=rf"`slack\.{spare}` is not there: env:SLACK_{spare.upper()} is"
    ):
        load(VENDORS, environ)


def test_mistakes_come_before_missing_secrets() -> None:
    """A wrong key is told without opening a keyring first."""
    text = SAMPLE.replace("env:GITHUB_TOKEN", "keyring:infra/github").replace("org:", "orgg:")
    with pytest.raises(ConfigurationError, match="orgg"):
        load(VENDORS, {"INFRA_CONFIG_YAML": text}, secrets=Secrets({}, never))


def test_the_keyring_is_written_and_emptied() -> None:
    """A secret can be put into the keyring and taken out once."""
    drawer = Drawer()
    secrets = Secrets({}, lambda: drawer)
    secrets.keep(GITHUB, "t")
    assert drawer.kept == {("infra", "github"): "t"}
    assert secrets.forget(GITHUB)
    assert not secrets.forget(GITHUB)


def test_only_the_keyring_is_written() -> None:
    """What is kept in the environment or in 1Password is changed there; the message says how."""
    for elsewhere in (Reference("env", "A"), Reference("op", "/v/i/f")):
        with pytest.raises(ConfigurationError) as raised:
            Secrets({}, never).keep(elsewhere, "x")
        assert elsewhere.remedy in raised.value.hint


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, PlaintextKeyring, Chain])
def test_an_unsafe_keyring_is_refused(backend: type[KeyringBackend], monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that keeps nothing or keeps plain text is refused, alone or in a chain."""
    monkeypatch.setattr("keyring.core._keyring_backend", backend())
    with pytest.raises(ConfigurationError, match="does not keep secrets safely") as raised:
        system_keyring()
    assert "env:NAME" in raised.value.hint


def test_a_safe_keyring_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other keyring of the machine is taken."""
    drawer = Drawer()
    monkeypatch.setattr("keyring.core._keyring_backend", drawer)
    assert system_keyring() is drawer


def test_a_locked_keyring_is_told() -> None:
    """A keyring that does not answer is our error with a remedy, not a trace."""
    with pytest.raises(ConfigurationError, match=r"did not answer \(KeyringLocked\)") as raised:
        Secrets({}, Locked).fetch([GITHUB])
    assert raised.value.hint.startswith("Unlock it")


def test_1password_needs_its_token() -> None:
    """Without the service account's token the message says which variable to set."""
    with pytest.raises(ConfigurationError, match="OP_SERVICE_ACCOUNT_TOKEN, which is not set"):
        Secrets({}, never).fetch([Reference("op", "/v/i/f")])


def library(folder: Path, client: str) -> None:
    """Write a library of 1Password's shape."""
    package = folder / "onepassword"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "client.py").write_text(client)


ANSWERS = """
from types import SimpleNamespace as S

class Client:
    @classmethod
    async def authenticate(cls, *, auth, integration_name, integration_version):
        if auth != "good": raise Exception("invalid token " + auth)
        return S(secrets=S(resolve_all=resolve_all))

async def resolve_all(references):
    known = {"op://v/i/f": S(content=S(secret="found"), error=None)}
    nothing = S(content=None, error="no such item")
    return S(individual_responses={r: known.get(r, nothing) for r in references})
"""


@pytest.fixture
def onepassword(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    """Give the vault with a library that answers."""
    from config.secrets import onepassword

    library(tmp_path, ANSWERS)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("onepassword", "onepassword.client"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return onepassword


def test_1password_gives_what_it_has(onepassword: Vault) -> None:
    """One bad reference does not sink the rest."""
    found, lost = Reference("op", "/v/i/f"), Reference("op", "/v/i/other")
    assert onepassword([found, lost], "good") == {found: "found"}


def test_1password_is_told_without_its_token(onepassword: Vault) -> None:
    """Its library's error text may hold the token, so it is not repeated."""
    with pytest.raises(ConfigurationError, match="1Password did not answer") as raised:
        onepassword([Reference("op", "/v/i/f")], "ops_bad")
    assert "ops_bad" not in f"{raised.value.message} {raised.value.hint}"


def test_without_1passwords_library_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional; a reference that needs it says so."""
    monkeypatch.setitem(sys.modules, "onepassword", None)
    monkeypatch.setitem(sys.modules, "onepassword.client", None)
    environ = {**TOKENS, "OP_SERVICE_ACCOUNT_TOKEN": "t"}
    with pytest.raises(ConfigurationError, match="which is not installed") as raised:
        Secrets(environ, never).fetch([Reference("op", "/v/i/f")])
    assert "pip install" in raised.value.hint
