"""Reviews: asked, reminded, answered and closed, each once, whoever looks."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import NotAllowed, Refused, Unavailable
from bot.core.event import Kind
from bot.core.people import Actor
from bot.core.review import SUBJECT, Review, Terms
from bot.core.status import State
from bot.store import Conflict, journal, requests
from bot.workflow import reviews
from tests.workflow.conftest import Build
from tests.workflow.shelf import Box
from tests.workflow.world import ACTORS, START, World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where no SQL is at stake
NAMES = ("Cory", "organiser-1", "organiser-2")
FORTNIGHT = timedelta(days=14)


def terms(by: str = "George", after: timedelta = timedelta(0)) -> Terms:
    """Return the terms of a review of a fortnight."""
    begins = START + after
    return Terms(
        by=by,
        asks_at=begins,
        reminds_at=begins + FORTNIGHT / 2,
        closes_at=begins + FORTNIGHT,
        holds=dict.fromkeys(NAMES, ("a box",)),
    )


async def begun(world: World, by: str = "George", after: timedelta = timedelta(0)) -> Review:
    """Begin a review in which each person has a box."""
    world.shelf.boxes |= {name: Box(holds="apple") for name in NAMES}
    await world.review_lines.begin(terms(by, after))
    await world.sweep()
    return await newest(world)


async def newest(world: World) -> Review:
    """Return the newest review."""
    found = await world.reviews.newest()
    assert found is not None
    return found


async def answer(world: World, name: str, helps: bool = True, by: str = "") -> Review:
    """Let somebody say whether somebody still helps."""
    return await world.reviews.answer((await newest(world)).id, name, helps, ACTORS[by or name])


async def kinds(world: World) -> list[Kind]:
    """Return the kinds of the lines of reviews."""
    async with world.store.read() as tx:
        return [line.kind for line in await journal.of(tx, SUBJECT)]


async def plans(world: World) -> list[tuple[int, str, list[str], State]]:
    """Return what was filed: by whom, whom it concerns."""
    async with world.store.read() as tx:
        found = await requests.newest(tx)
    return [(r.number, r.requested_by.name, [c.target for c in r.plan.changes], state) for r, state in found]


async def test_from_the_question_to_one_plan(world: World) -> None:
    """All are asked, the silent reminded; what nobody confirmed becomes one plan, and nothing is taken."""
    review = await begun(world)
    assert (review.asked_at, world.reviewed) == (START, 2)
    await answer(world, "Cory")
    await answer(world, "Cory")
    await answer(world, "organiser-2", False)
    await world.jump(days=7)
    assert (await newest(world)).reminded == ("organiser-1",)
    await world.jump(days=7)
    await world.sweep()
    review = await newest(world)
    assert (review.number, review.planned) == (1, ("organiser-1", "organiser-2"))
    assert await plans(world) == [(1, "George", ["organiser-1", "organiser-2"], State.PENDING)]
    assert set(world.shelf.holds) == set(NAMES)
    expected = [Kind.BEGUN, Kind.REMINDED, Kind.ANSWERED, Kind.ANSWERED, Kind.REMINDED, Kind.ENDED]
    assert await kinds(world) == expected
    assert await world.review_lines.running() is None


async def test_two_processes_and_two_answers_at_once(build: Build) -> None:
    """Whatever happens at the same moment in two processes has one effect, and no answer is lost."""
    one = await build()
    other = await build(peer=one)
    one.shelf.boxes |= {name: Box(holds="apple") for name in NAMES}
    begun = await asyncio.gather(
        *(world.review_lines.begin(terms()) for world in (one, other)), return_exceptions=True
    )
    assert None in begun
    await asyncio.gather(*(world.timers.sweep() for world in (one, other)))
    await one.drain()
    await asyncio.gather(answer(one, "Cory"), answer(other, "organiser-1"), answer(other, "Cory"))
    assert set((await newest(one)).helping) == {"Cory", "organiser-1"}
    one.clock.now += FORTNIGHT
    said = {"review": (await newest(one)).id, "stage": "close"}
    await asyncio.gather(
        *(world.reviews.advance(dict(said)) for world in (one, other)), return_exceptions=True
    )
    await one.reviews.advance(dict(said))
    assert await plans(one) == [(1, "George", ["organiser-2"], State.PENDING)]
    assert (await kinds(one)).count(Kind.ENDED) == 1


@ON_SQLITE
async def test_nobody_is_written_to_at_night(world: World) -> None:
    """What is due while people sleep waits for the morning; a review that was asked late closes late."""
    review = await begun(world, after=-timedelta(hours=6))
    assert review.asked_at == START
    await world.jump(days=7, hours=-6)
    assert (await newest(world)).reminded is None
    await world.jump(hours=6)
    assert (await newest(world)).reminded == NAMES


@ON_SQLITE
async def test_late_yes_is_shown_on_the_card(world: World) -> None:
    """Who says yes while the plan waits is shown there, and is left out when it is asked for again."""
    await begun(world)
    await world.jump(days=14)
    await answer(world, "organiser-1")
    await answer(world, "Cory", by="George")
    async with world.store.read() as tx:
        [(request, _)] = await requests.newest(tx)
    assert (await world.status(request)).note == (
        "organiser-1 and Cory said since that they still help. "
        "To leave them out, deny this and ask again: `people unconfirmed`."
    )
    await world.decide(request, "deny", "Owen")
    with pytest.raises(Refused, match="closed, and #1 is decided"):
        await answer(world, "organiser-2")
    again = await world.ask("people unconfirmed")
    assert [change.target for change in again.request.plan.changes] == ["organiser-2"]


@ON_SQLITE
async def test_who_answers_while_it_is_planned_is_late_too(world: World) -> None:
    """An answer between the plan and its line in the journal is shown on the card."""
    review = await begun(world)
    await world.jump(days=13, hours=23)
    world.clock.now += timedelta(hours=1)
    ask = world.service.ask

    async def slowly(line: str, actor: Actor, key: str) -> object:
        filed = await ask(line, actor, key)
        if "Cory" not in (await newest(world)).helping:
            await answer(world, "Cory")
        return filed

    world.reviews._service.ask = slowly  # type: ignore[method-assign, assignment]  # somebody answers meanwhile
    await world.sweep()
    await world.jump(seconds=1)
    assert (await newest(world)).late == ("Cory",)
    async with world.store.read() as tx:
        [(request, _)] = await requests.newest(tx)
    assert (await world.status(request)).note.startswith("Cory said since")
    assert review.id == (await newest(world)).id


@ON_SQLITE
async def test_who_may_answer_what(world: World) -> None:
    """People answer for themselves, owners for anybody who is asked; after the close no No is taken."""
    review = await begun(world)
    with pytest.raises(NotAllowed, match="Only organiser-1 or an owner"):
        await answer(world, "organiser-1", by="organiser-2")
    with pytest.raises(Refused, match="reader-1 is not asked"):
        await answer(world, "reader-1", by="George")
    with pytest.raises(Refused, match="over"):
        await world.reviews.answer("review:0", "Cory", True, ACTORS["Cory"])
    world.life.ill = Conflict("somebody else answered at the same moment")
    assert (await answer(world, "organiser-1", by="Owen")).helping == ("organiser-1",)
    await world.reviews.missed(review.id, "Cory", "no Slack account")
    await world.reviews.missed(review.id, "Cory", "no Slack account")
    assert (await newest(world)).unreached == {"Cory": "no Slack account"}
    await world.jump(days=14)
    with pytest.raises(Refused, match="closed"):
        await answer(world, "Cory", False)


@ON_SQLITE
async def test_a_stopped_review_asks_nobody(world: World) -> None:
    """After a stop nothing is due and nothing can be answered; another one can be begun."""
    await world.review_lines.stop()
    first = await begun(world)
    assert await world.review_lines.running() == terms()
    await world.review_lines.begin(terms("Owen"))
    assert (await newest(world)).id == first.id
    await world.review_lines.stop()
    with pytest.raises(Refused, match="over"):
        await answer(world, "Cory")
    await world.jump(days=20)
    assert await plans(world) == []
    assert (await begun(world, after=timedelta(days=20))).id != first.id


@ON_SQLITE
@pytest.mark.parametrize("asker", ["reader-1", "nobody"])
async def test_a_plan_is_asked_by_the_clock_when_its_asker_is_gone(world: World, asker: str) -> None:
    """Who began it may have left, or may ask for nothing any more, by its close."""
    await begun(world, by=asker)
    await world.jump(days=14)
    assert [who for _, who, _, _ in await plans(world)] == ["the clock"]


@ON_SQLITE
async def test_what_keeps_a_plan_from_being_filed_is_told(world: World) -> None:
    """A vendor that is away is waited for; what a guard says, or that all still help, is said."""
    await begun(world)
    world.shelf.down = Unavailable("shelf", "No answer.")
    await world.jump(days=14)
    assert (await newest(world)).runs
    world.shelf.down = None
    world.shelf.boxes = {name: Box(holds="lamp") for name in NAMES}
    await world.jump(minutes=10)
    assert (await newest(world)).said == "Nobody touches the lamp. Nothing was changed."
    await begun(world, after=timedelta(days=15))
    await world.jump(days=1)
    for name in NAMES:
        await answer(world, name)
    await world.jump(days=14)
    assert ((await newest(world)).said, (await newest(world)).number) == ("Everybody still helps", 0)
    assert await plans(world) == []


@ON_SQLITE
async def test_a_job_that_comes_late_does_nothing(world: World) -> None:
    """What is due no more, or of another review, is left alone."""
    review = await begun(world)
    for said in ({"review": review.id, "stage": "close"}, {"review": "review:0", "stage": "ask"}):
        await world.reviews.advance(dict(said))
    async with world.store.read() as tx:
        assert await reviews.due(world.wiring, tx) is None
    assert await kinds(world) == [Kind.BEGUN, Kind.REMINDED]
