"""1Password: names are taken from a listing and nothing else; too few people are said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.core.errors import UsageError
from bot.core.keys import Vault
from integrations.onepassword import ONEPASSWORD, VAULT, Seen, openers
from integrations.onepassword.health import health

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


def person(name: str, **more: Any) -> dict[str, Any]:
    """Return somebody as the listing has them."""
    return {"id": "X", "name": name, "email": f"{name}@example.org", "type": "MEMBER", **more}


def test_names_are_all_that_is_taken() -> None:
    """Each is there once, in order; who was suspended is not; no address stays."""
    listing = [
        person("owen", state="ACTIVE", permissions=["view_items"]),
        person("George"),
        person("George"),
        person("Gone", state="SUSPENDED"),
    ]
    assert openers(json.dumps(listing).encode()) == ("George", "owen")


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<html>", "no listing"),
        ("", "no listing"),
        ("{}", "no listing"),
        ("[]", "Nobody"),
        ('[{"id": "X"}]', "no listing"),
        ('[{"name": "  "}]', "no listing"),
        (json.dumps([person("Gone", state="SUSPENDED")]), "Nobody"),
        (json.dumps({"title": "Heroku", "fields": [{"value": SECRET}]}), "an item"),
        (json.dumps([person("George", details={"password": SECRET})]), "an item"),
        ("[" * 2000, "no listing"),
        (f'["{"x" * 1024 * 1024}"]', "no listing"),
    ],
)
def test_what_is_no_listing_is_refused(content: str, words: str) -> None:
    """Whatever else is brought is refused with what to do, secrets above all; nothing of it is repeated."""
    with pytest.raises(UsageError, match=words) as caught:
        openers(content.encode())
    assert caught.value.hint
    assert SECRET not in caught.value.message + caught.value.hint


@dataclass
class Record:
    """Our record of vaults."""

    kept: dict[str, Vault] = field(default_factory=dict)
    asked: tuple[Seen, ...] = ()

    async def seen(self) -> tuple[Seen, ...]:
        return self.asked

    def now(self) -> datetime:
        return NOW

    async def vaults(self) -> Mapping[str, Vault]:
        return self.kept

    async def keep(self, name: str, vault: Vault | None) -> None:
        if vault:
            self.kept[name] = vault
        else:
            del self.kept[name]


@pytest.mark.parametrize(
    ("people", "on", "said"),
    [
        (("George",), date(2026, 6, 1), [("bad", "1 person can open the vault Infra: George.")]),
        (("A", "B"), date(2026, 6, 1), [("warning", "2 people can open the vault Infra: A and B.")]),
        (
            ("A", "B", "C"),
            date(2026, 1, 1),
            [
                ("good", "3 people can open the vault Infra: A, B and C."),
                ("warning", "Who can open the vault Infra was said last on 1 Jan 2026."),
            ],
        ),
    ],
)
async def test_too_few_and_too_old_are_said(
    people: tuple[str, ...], on: date, said: list[tuple[str, str]]
) -> None:
    """One person alone is an alarm, two are a warning, and what is three months old is said again."""
    found = await health(Record({"Infra": Vault(people=people, on=on)}))
    assert [(each.level, each.text) for each in found] == said
    assert all(each.hint for each in found if each.level != "good")


async def test_nobody_said_who_can_open_it() -> None:
    """Without a listing the board says so; one that is kept is a change of our own record."""
    record = Record()
    [found] = await health(ONEPASSWORD.reads(record))
    assert (found.level, found.text) == ("warning", "Nobody said who can open our vault.")
    vault = Vault(people=("George",), on=date(2026, 6, 1))
    await VAULT.write(record, "Infra", vault)
    assert await VAULT.read(record, "Infra") == vault
    assert VAULT.words("Infra", None, vault) == (
        "The vault *Infra* opens for George, as of 1 Jun 2026 (now: not known)"
    )
    await VAULT.write(record, "Infra", None)
    assert await VAULT.read(record, "Infra") is None
    assert VAULT.own
