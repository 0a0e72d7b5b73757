"""What turns with the year beside its website: grants that end, and whose tickets are counted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.core.change import Change, Plan
from bot.core.errors import UsageError
from integrations.github import COLLABORATOR, Collaborator, Level
from integrations.sales import EVENT
from integrations.tito import TITO
from tests.commands.conftest import Build
from tests.commands.test_years import LAST, MODEL, NEW, REPOS, carry_out
from tests.commands.world import NOW, World, targets, words
from tests.integrations.tito.wired import SEED, Wired, wired

OVER = datetime(2026, 9, 19, 8, tzinfo=UTC)
NEXT = {
    "slug": "2027",
    "title": "PyCon UK 2027",
    "currency": "GBP",
    "start_date": "2027-09-17",
    "end_date": "2027-09-20",
}


@pytest.fixture
async def world(build: Build) -> World:
    """The organisation before the new year, with grants on last year's site."""
    world = await build(repos=[*REPOS, MODEL])
    for login in ("organiser-1", "organiser-2", "pyconuk-infra", "cory"):
        world.github.world.set_collaborator(LAST, login, "push")
    return world


def end(world: World, login: str) -> None:
    """Let the grant of *login* end by itself."""
    given = Collaborator(level=Level.WRITE).model_dump(mode="json")
    back = Change(resource=COLLABORATOR.name, target=f"{LAST}/{login}", before=given, after=None)
    request = world.keep(Plan(title="a grant", changes=(), ending=(back,)), number=12)
    world.grant(request, NOW + timedelta(days=3))


async def test_what_was_given_on_last_years_site_alone_ends(world: World) -> None:
    """But not what ends by itself, what owners have anyhow, nor what the bot itself was given."""
    end(world, "organiser-1")
    plan = await world.plan("new-year 2027")
    ended = [each for each in targets(plan) if each[0] == COLLABORATOR.name]
    assert ended == [(COLLABORATOR.name, f"{LAST}/organiser-2")]
    assert targets(plan).index(ended[0]) < targets(plan).index(("github.pages", NEW), -2)  # which waits
    assert plan.losses == (f"organiser-2: no Write of their own on *{LAST}* any more",)
    assert f"organiser-1 has Write on {LAST} until Thu 18 Jun, 09:00 (#12)" in plan.notes
    keep = f"*Does somebody still work on {LAST}?* `new-year 2027 --keep-grants` leaves what they have"
    assert keep in plan.notes
    await carry_out(world, plan)
    said = words(await world.reply("new-year 2027"))  # nothing is missing
    assert f"organiser-1 has Write on {LAST} until" in said


async def test_grants_may_be_kept(world: World) -> None:
    """Who still works on last year's site keeps what they have; it is told."""
    plan = await world.plan("new-year 2027 --keep-grants")
    assert COLLABORATOR.name not in {each[0] for each in targets(plan)}
    assert f"*Still given on {LAST} alone, without an end:* organiser-1 and organiser-2" in plan.notes


async def test_an_archived_site_gives_nobody_anything(build: Build) -> None:
    """Nobody can push to it, and GitHub changes nothing on it."""
    world = await build(repos=[*REPOS, MODEL | {"archived": True}])
    world.github.world.set_collaborator(LAST, "organiser-2", "push")
    assert COLLABORATOR.name not in {each[0] for each in targets(await world.plan("new-year 2027"))}


@pytest.mark.parametrize("state", ["pending", "verified"])
async def test_a_domain_that_github_has_not_verified(build: Build, state: str) -> None:
    """No call verifies it: what is to be done by hand is said, with the link, when it is needed."""
    world = await build(repos=[*REPOS, MODEL | {"pages": {"cname": LAST, "protected": state}}])
    said = words(await world.plan("new-year 2027"))
    lacks = state == "pending"
    assert (f"*GitHub has not verified that pyconuk.org is ours* ({state})" in said) is lacks
    assert ("https://github.com/organizations/PyconUK/settings/pages" in said) is lacks


class TestTickets:
    """Whose tickets figures and digests are of."""

    @pytest.fixture
    async def tito(self) -> AsyncIterator[Wired]:
        """Give a ti.to where next year's event is made already."""
        async with wired({"events": [*SEED["events"], NEXT]}) as found:
            yield found

    @pytest.fixture
    async def selling(self, world: World, tito: Wired) -> World:
        """Give a world in which ti.to sells our tickets, the day after this year's conference began."""
        assert TITO.follows is not None
        world.ticketing = TITO.reads(TITO.follows(tito.client, partial(world.record.followed, "tito")))
        world.now = OVER
        return world

    async def test_they_follow_the_new_year_once_the_last_one_has_begun(self, selling: World) -> None:
        """It is a step of the plan, and taken back as any other."""
        plan = await selling.plan("new-year 2027")
        change = next(each for each in plan.changes if each.resource == EVENT.name)
        assert change.words.endswith("follow event *2027* (now: the event in the settings)")
        assert "PyCon UK 2026" in (await selling.reply("tickets")).title
        await selling.bound[EVENT.name].write(change.target, change.after)
        assert "PyCon UK 2027" in (await selling.reply("tickets")).title
        assert (EVENT.name, "tito") not in targets(await selling.plan("new-year 2027"))
        back, _ = await selling.bound[EVENT.name].back(change)
        await selling.bound[EVENT.name].write(back.target, back.after)
        assert "PyCon UK 2026" in (await selling.reply("tickets")).title

    async def test_they_stay_while_the_last_one_is_still_to_come(self, selling: World) -> None:
        """Unless it is asked for; the plan says when to ask again."""
        selling.now = NOW
        plan = await selling.plan("new-year 2027")
        assert (EVENT.name, "tito") not in targets(plan)
        assert "Ticket figures stay with PyCon UK 2026, which begins 18 Sep 2026; asked again" in words(plan)
        assert (EVENT.name, "tito") in targets(await selling.plan("new-year 2027 --event 2027"))
        with pytest.raises(UsageError, match="no event `2072`"):
            await selling.ask("new-year 2027 --event 2072")

    async def test_an_event_that_is_not_there_is_made_by_hand(self, selling: World, tito: Wired) -> None:
        """The bot only reads there: the plan says what to do, with the link."""
        tito.standin.world.events[:] = tito.standin.world.events[:-1]
        said = words(await selling.plan("new-year 2027"))
        assert "*ti.to has no event of 2027 yet:* make it there by hand, with its first day" in said
        assert "https://dashboard.tito.io/pyconuk" in said

    async def test_a_seller_that_is_away_holds_nothing_up(self, selling: World, tito: Wired) -> None:
        """The website is planned all the same."""
        tito.instead("/pyconuk/events", "", 504)
        plan = await selling.plan("new-year 2027")
        assert ("github.repository", NEW) in targets(plan)
        assert "*Ticket figures stay as they are:* ti.to" in words(plan)
