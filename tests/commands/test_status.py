"""``status``: one board of all services and vendors, one of them in full, and what owners decide."""

from datetime import date, timedelta

import pytest

from bot.core.board import Roster, seen
from bot.core.errors import BotError, Refused, UsageError
from bot.core.reply import Table
from bot.core.vendor import Closed, Finding
from tests.commands.world import NOW, SERVICES, World, words

GOOD = Finding(level="good", text="GitHub answers for PyconUK.")
BEHIND = Finding(level="warning", text="A name server is behind.", hint="Look again soon.")


@pytest.fixture
def board(world: World) -> World:
    """Give a world whose DNS does not answer, and said something before."""
    world.board.roster = Roster(
        titles={"github": "GitHub", "dnsimple": "DNSimple", "heroku": "Heroku"},
        looked_at=frozenset({"github", "dnsimple"}),
        closed=(Closed(title="Opbeat", on=date(2018, 5, 24), why="Use another."),),
        services=SERVICES,
    )
    before, then = (NOW - timedelta(minutes=minutes) for minutes in (10, 3))
    world.board.seen = {
        "github": seen(None, "github", (GOOD,), before),
        "dnsimple": seen(seen(None, "dnsimple", (BEHIND,), before), "dnsimple", "No answer.", then),
    }
    return world


async def test_the_board_has_all_in_one_card(board: World) -> None:
    """Each line says state, since when, when it was looked at and why; what is stale how old it is."""
    reply = await board.reply("status", by="reader-1")
    assert reply.title == "To look at: voting-app, DNSimple"
    services, vendors = (block for block in reply.blocks if isinstance(block, Table))
    stale = "checked Mon 15 Jun, 08:57, last heard 10 minutes ago: to look at"
    assert services.rows == (
        ("website", "⏳ no answer", "since Mon 15 Jun, 08:57", stale, "DNSimple: No answer."),
        ("voting-app", "❔ not decided", "–", "–", services.rows[1][4]),
        ("chat", "▫️ not set up", "–", "–", "None of its vendors is set up here."),
    )
    assert services.rows[1][4].startswith("Whether it is needed in 2026 waits for an owner")
    at = ("since Mon 15 Jun, 08:50", "checked Mon 15 Jun, 08:50")
    assert vendors.rows[1:] == (
        ("GitHub", "✅ fine", *at, "GitHub answers for PyconUK."),
        (
            "Heroku",
            "▫️ not set up",
            "–",
            "–",
            "The maintainer adds `integrations.heroku` to the configuration.",
        ),
        ("Opbeat", "▫️ closed", "since 24 May 2018", "–", "Use another."),
    )
    assert "Open issues and pull requests: *0*." in words(reply)


async def test_open_issues_are_counted_where_they_are(board: World) -> None:
    """The repositories with most open issues are named; without GitHub the board stays."""
    for number, name in enumerate(("ironcage", "2026.pyconuk.org"), 3):
        repository = board.github.world.repo(name)
        assert repository
        repository.open_issues = number
    said = words(await board.reply("status"))
    assert "Open issues and pull requests: *7* (2026.pyconuk.org 4, ironcage 3)." in said
    await board.server.close()
    board.client.memo.clear()
    assert "Open issues are not known now: GitHub does not answer" in words(await board.reply("status"))
    board.configured = False
    assert "Open issues: GitHub is not set up here." in words(await board.reply("status"))


async def test_one_vendor_in_full(board: World) -> None:
    """A vendor shows all it said with what to do, why it says nothing now, and how it did before."""
    reply = await board.reply("status DNSimple")
    said = words(reply)
    assert reply.title == "DNSimple: no answer"
    assert "No answer.\nA name server is behind. Look again soon." in said
    assert "Checked Mon 15 Jun, 08:57, last heard 10 minutes ago: to look at." in said
    assert "History | State | Why\nsince Mon 15 Jun, 08:57 | ⏳ no answer | No answer." in said
    assert "adds `integrations.heroku`" in words(await board.reply("status heroku"))
    board.board.seen["github"] = seen(None, "github", "No answer.", NOW)
    assert "never heard" in words(await board.reply("status github"))


async def test_one_service_in_full(board: World) -> None:
    """A service shows what each vendor is for; a name that is nobody's is asked back."""
    reply = await board.reply("status website")
    [table] = [block for block in reply.blocks if isinstance(block, Table)]
    assert [row[:3] for row in table.rows] == [
        ("GitHub", "code", "✅ fine"),
        ("DNSimple", "DNS", "⏳ no answer"),
    ]
    assert "Repository: `{year}.pyconuk.org`" in words(reply)
    with pytest.raises(UsageError) as caught:
        await board.reply("status websites")
    assert (caught.value.message, caught.value.hint) == (
        "We have no service or vendor `websites`.",
        "Did you mean `website`?",
    )


async def test_an_owner_decides_what_is_needed(board: World) -> None:
    """A decision is a change of our own record, for this year; then the board says so."""
    plan = await board.plan("status decide Voting-App no", by="Cory")
    assert plan.title == "voting-app is not needed in 2026"
    assert [change.words for change in plan.changes] == [
        "*voting-app* in 2026: not needed (now: not decided)"
    ]
    await board.apply(plan, by="Cory")
    assert "not needed in 2026." in words(await board.reply("status voting-app"))
    again = await board.plan("status decide voting-app yes", by="Cory")
    assert again.changes[0].words == "*voting-app* in 2026: needed (now: not needed)"


@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        ("status decide votes no", UsageError, "We have no service `votes`."),
        ("status decide website no", Refused, "website is needed every year."),
    ],
)
async def test_what_cannot_be_decided(board: World, line: str, error: type[BotError], message: str) -> None:
    """Only services that are decided each year are."""
    with pytest.raises(error) as caught:
        await board.plan(line, by="Cory")
    assert (caught.value.message, bool(caught.value.hint)) == (message, True)
