"""``keys``: who really gets in where, said by themselves; and the way in when nobody can."""

from datetime import UTC, date, datetime

import pytest

from bot.core.board import Roster
from bot.core.errors import UsageError
from bot.core.keys import Proof, Vault
from bot.core.reply import Table
from bot.core.secret import Made
from bot.core.vendor import Closed
from commands.keys.recovery import RECOVERY
from config.costs import shipped
from tests.commands.world import World, choices, rows, words


@pytest.fixture
def door(world: World) -> World:
    """Give a world with two vendors, and one that is closed."""
    world.board.roster = Roster(
        titles={"github": "GitHub", "dnsimple": "DNSimple"},
        closed=(Closed(title="Opbeat", on=date(2018, 5, 24), why="Closed."),),
    )
    return world


async def test_who_said_so_counts(door: World) -> None:
    """Each says it for themselves; below two people a place is red, with a button for who did not yet."""
    plan = await door.plan("keys attest GitHub", by="Cory")
    assert [change.words for change in plan.changes] == [
        "*Cory* logged in at github: 15 Jun 2026 (now: not that we know)"
    ]
    await door.apply(plan, by="Cory")
    reply = await door.reply("keys", by="Cory")
    assert reply.title == "Fewer than 2 people are known to get in at 2 of 2 places"
    assert rows(reply) == [
        ("DNSimple", "❌ nobody that we know of", "–", "–"),
        ("GitHub", "❌ only Cory", "Cory 15 Jun 2026", "Charlie and George"),
    ]
    assert choices(reply) == ["keys attest dnsimple"]
    assert choices(await door.reply("keys", by="George")) == ["keys attest dnsimple", "keys attest github"]
    for vendor, by in (("github", "George"), ("dnsimple", "Cory"), ("dnsimple", "organiser-1")):
        await door.apply(await door.plan(f"keys attest {vendor}", by=by), by=by)
    reply = await door.reply("keys")
    assert (reply.title, reply.quiet, choices(reply)) == ("At least 2 people get in everywhere", True, [])
    assert [row[1] for row in rows(reply)] == ["✅ 2 people", "✅ 2 people"]


async def test_who_can_open_the_vault_is_named(door: World) -> None:
    """Whom the listing of a vault names may get in, until they say that they did."""
    door.board.roster = Roster(titles={"onepassword": "1Password"})
    door.keys.opens["Infrastructure"] = Vault(people=("George",), on=date(2026, 6, 1))
    assert rows(await door.reply("keys")) == [("1Password", "❌ nobody that we know of", "–", "George")]
    await door.apply(await door.plan("keys attest 1password", by="George"), by="George")
    assert rows(await door.reply("keys")) == [("1Password", "❌ only George", "George 15 Jun 2026", "–")]


async def test_one_place_with_the_way_in(door: World) -> None:
    """A vendor shows who proved it when, what is too long ago, and how to get in when nobody can."""
    door.keys.kept["github", "Cory"] = Proof(vendor="github", person="Cory", on=date(2025, 6, 1))
    said = words(await door.reply("keys show github", by="reader-1"))
    assert "nobody that we know of: Cory 1 Jun 2025 (too long ago)" in said
    assert "May get in, but did not say so: Charlie and George." in said
    assert "When nobody can: Any owner invites you anew" in said
    assert "Whom to ask (unsure): https://support.github.com" in said
    await door.server.close()
    door.client.memo.clear()
    assert "May get in" not in words(await door.reply("keys show github"))
    door.configured = False
    assert "May get in" not in words(await door.reply("keys show github"))


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("keys attest githib", "no vendor `githib`", "`github`"),
        ("keys show opbeat", "no vendor `opbeat`", "`keys` lists them"),
    ],
)
async def test_what_is_no_place(door: World, line: str, message: str, hint: str) -> None:
    """A vendor that is none, and one that is closed, are asked back."""
    with pytest.raises(UsageError, match=message) as caught:
        await door.ask(line)
    assert hint in caught.value.hint


async def test_what_to_do_when_somebody_leaves(door: World) -> None:
    """First others get in, then they are taken out, then what they saw is made anew."""
    door.board.roster = Roster(
        titles={"github": "GitHub", "dnsimple": "DNSimple", "onepassword": "1Password"},
        looked_at=frozenset({"github"}),
    )
    door.keys.opens["Infrastructure"] = Vault(people=("george", "Somebody"), on=date(2026, 6, 1))
    door.keys.made = {"integrations.github.token": None, "integrations.heroku.token": None}
    door.keys.told["heroku"] = "george"
    for by in ("George", "Cory", "Charlie"):
        await door.apply(await door.plan("keys attest github", by=by), by=by)
    await door.apply(await door.plan("keys attest dnsimple", by="Cory"), by="Cory")
    said = words(await door.reply("keys leaver george"))
    assert said.splitlines() == [
        "When George leaves",
        "Before that, others log in there and say so (`keys attest VENDOR`):",
        "• 1Password: then nobody is known to get in",
        (
            "*Take George out* at 1Password and GitHub: `people remove George` plans what the bot can, "
            "and lists the rest."
        ),
        "*Make anew*, since George keeps what they saw:",
        "• everything in the vault Infrastructure, which they could open",
        "• the bot's secrets made in their account: heroku.token",
        "• the bot's secrets of places where they get in: github.token",
        "• the bot's secrets of which nobody knows in whose account they were made: github.token",
        (
            "Each as docs/operations.md says, *Rotate a secret*; `infra check` proves the new ones, "
            "`keys rotated NAME` keeps the day."
        ),
    ]
    said = words(await door.reply("keys leaver Cory"))
    assert "• DNSimple: then nobody is known to get in" in said
    assert "GitHub: then" not in said
    door.keys.made.clear()
    said = words(await door.reply("keys leaver organiser-1"))
    assert "Nobody knows of a secret that organiser-1 saw." in said
    assert "Everywhere they get in at least two others do." in said
    assert "Nobody knows of a place where organiser-1 gets in." in said
    with pytest.raises(UsageError, match="stranger is not in our people"):
        await door.ask("keys leaver stranger")


async def test_it_is_asked_about_once_a_month(door: World) -> None:
    """On the first of a month the digest of what waits names the places where somebody is missing."""
    assert "Who gets in" not in words(await door.reply("digest attention"))
    door.now = datetime(2026, 7, 1, 8, tzinfo=UTC)
    said = words(await door.reply("digest attention"))
    assert "*Who gets in*\n• Fewer than 2 people are known to get in at 2 of 2 places (`keys`)" in said
    assert "secret" not in said
    door.keys.made = {
        "integrations.github.token": None,
        "integrations.tito.token": Made(on=date(2025, 7, 2)),
        "integrations.heroku.token": Made(on=date(2026, 6, 2)),
    }
    lines = words(await door.reply("digest attention")).splitlines()
    assert [line for line in lines if "secret" in line] == [
        "• The secret github.token has an age that nobody said (`keys rotated github.token`)",
        "• The secret tito.token is due 2 Jul 2026 (`keys rotated tito.token`)",
    ]


async def test_how_old_secrets_are_is_kept(door: World) -> None:
    """Who made one anew says so, with no approval; whose account it is stays known until another is said."""
    door.keys.made = {"integrations.github.token": None, "slack.bot_token": None}
    said = words(await door.reply("keys show github"))
    assert "github.token: nobody said when it was made" in said
    assert "unknown; who knows says `keys rotated github.token --account ACCOUNT`" in said
    plan = await door.plan("keys rotated github.token --on 2025-07-01 --account george")
    assert [change.words for change in plan.changes] == [
        (
            "The secret *integrations.github.token*: made 1 Jul 2025 in the account George "
            "(now: nobody said when it was made)"
        )
    ]
    await door.apply(plan)
    await door.apply(await door.plan("keys rotated integrations.github.token --ends 2026-09-01"))
    assert door.keys.made["integrations.github.token"] == Made(
        on=date(2026, 6, 15), account="George", ends=date(2026, 9, 1)
    )
    door.keys.told["github"] = "pyconuk-infra"
    said = words(await door.reply("keys show github"))
    assert "The bot's token was made in the account: pyconuk-infra and George" in said
    assert "github.token: made 15 Jun 2026, due 1 Sep 2026" in said
    table = [block for block in (await door.reply("keys")).blocks if isinstance(block, Table)][1]
    assert table.rows == (
        ("github.token", "15 Jun 2026", "1 Sep 2026"),
        ("slack.bot_token", "nobody said", "unknown"),
    )


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("keys rotated github.tokn", "no secret `github.tokn`", "`github.token`"),
        ("keys rotated x", "no secret `x`", "`keys` lists them"),
        ("keys rotated github.token --on 2026-06-16", "yet to come", "for today"),
        ("keys rotated github.token --ends 2026-06-15", "cannot end before", "`--ends`"),
    ],
)
async def test_what_no_secret_can_be(door: World, line: str, message: str, hint: str) -> None:
    """One that the settings do not have, a day to come, an end before the beginning."""
    door.keys.made = {"integrations.github.token": None}
    with pytest.raises(UsageError, match=message) as caught:
        await door.ask(line)
    assert hint in caught.value.hint


def test_each_vendor_of_ours_has_its_way_in() -> None:
    """For all vendors of the organisers' page, and the vault, it is said what to do when nobody gets in."""
    assert {*RECOVERY} == {*shipped().titles}
