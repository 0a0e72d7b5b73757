"""kill -9 at every point of a request, then a restart: nothing lost, nothing doubled, nothing stuck."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest

from bot.core.people import listed
from bot.sandbox.world import World
from tests.faults.databases import Databases
from tests.faults.forks import Forks
from tests.faults.points import Point
from tests.faults.stories import STORIES, Story
from tests.faults.trials import Cut, Trial, Way

HASTY = 0.2  # how often the bot is started again at once


@dataclass(frozen=True)
class Run:
    """How many kills, of which stories, each time after the first one *again* at least and at most."""

    kills: int
    stories: tuple[str, ...]
    again: tuple[int, int]


SELECTED = {  # `make test`: quick stories, each of them once
    "sqlite": Run(65, ("push", "accepted", "dns", "restart"), (3, 6)),
    "postgresql": Run(35, ("for a while", "two owners"), (3, 6)),
}
FULL = Run(250, tuple(STORIES), (0, 2))  # `make faults`: on each database
EVERY_POINT = {  # kills of these, on each database
    ("new year", "dns"): 110,  # several steps
    ("website", "docs", "app", "restart"): 90,  # started once, and found again
}
IN_A_ROW = 9  # kills of one telling
AT_ONCE = 3  # tellings, so that they leave a bit of the machine to tests of how long things take


@dataclass
class Tally:
    """What became of all trials, until there were as many kills as *wanted*."""

    wanted: int
    planned: int = 0
    kills: Counter[Cut] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def figure(self, dialect: str) -> str:
        """Return the line to print."""
        kinds = ("lost", "doubled", "stuck")
        bad = [f"{sum(kind in each for each in self.wrong)} {kind}" for kind in kinds]
        points = len([cut for cut in self.kills if cut.point])
        stages = Counter(cut.stage for cut in self.kills.elements())
        spread = ", ".join(f"{number} {stage}" for stage, number in stages.most_common())
        return f"{self.kills.total()} kills on {dialect}: {', '.join(bad)} ({points} points: {spread})"


@pytest.mark.timeout(900)
async def test_killed_at_any_point(
    databases: Databases, forks: Forks, full: bool, figure: Callable[[str], None]
) -> None:
    """Whatever moment the bot dies at, after a restart each request is done once and shown."""
    run = FULL if full else SELECTED[databases.dialect]
    tally = Tally(run.kills)
    async with _surveyed(run.stories, forks, databases) as (worlds, ways):
        plan = _plan(ways, run.again, Random(2026))
        await asyncio.gather(*(_lane(world, forks, databases, plan, tally) for world in worlds))
    figure(tally.figure(databases.dialect))
    assert not tally.wrong
    assert "Traceback" not in forks.log


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("stories", EVERY_POINT, ids=["steps", "runs"])
async def test_killed_at_every_point(
    stories: tuple[str, ...], databases: Databases, forks: Forks, figure: Callable[[str], None]
) -> None:
    """What takes several steps goes on, a run is started once: killed at each point that weighs."""
    tally = Tally(EVERY_POINT[stories])
    async with _surveyed(stories, forks, databases) as (worlds, ways):
        plan = (
            (way.story, cuts, False) for more in count() for way in ways for cuts in way.each(more, IN_A_ROW)
        )
        await asyncio.gather(*(_lane(world, forks, databases, plan, tally) for world in worlds))
    lines = listed([STORIES[name].line for name in stories], "and")
    went_on = "" if tally.wrong else ", always went on"
    figure(f"at every point of {lines}: {tally.figure(databases.dialect)}{went_on}")
    assert not tally.wrong
    assert "Traceback" not in forks.log


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_new_year_killed_after_each_thing_it_made(databases: Databases, forks: Forks) -> None:
    """What a vendor made and could not answer, the next life finds there, and goes on to the end."""
    story = STORIES["new year"]
    cuts = [
        Cut("dnsimple" if "/zones/" in call else "github", Point(call, 1, "after"))
        for call in story.writes
        if call.startswith("POST")
    ]
    async with World.start() as world, databases() as url:
        trial = Trial(world, forks, url, story, cuts)
        assert await trial.run() == []
        assert trial.killed == cuts


@asynccontextmanager
async def _surveyed(
    names: Sequence[str], forks: Forks, databases: Databases
) -> AsyncIterator[tuple[list[World], list[Way]]]:
    """Give a world for each story, and the ways that these take."""
    async with AsyncExitStack() as stack:
        worlds = [await stack.enter_async_context(World.start()) for _ in names]
        stories = [STORIES[name] for name in names]
        surveys = (_survey(*each, forks, databases) for each in zip(worlds, stories, strict=True))
        yield worlds, await asyncio.gather(*surveys)


async def _survey(world: World, story: Story, forks: Forks, databases: Databases) -> Way:
    async with databases() as url:
        return await Way.survey(world, forks, url, story)


def _plan(
    ways: Sequence[Way], again: tuple[int, int], chance: Random
) -> Iterator[tuple[Story, list[Cut], bool]]:
    """Yield stories and their cuts without end: mostly a weighty point, each in turn, then *again* some."""
    decks = [(way, way.deck(chance, weighty=True), way.deck(chance, weighty=False)) for way in ways]
    for number in count():
        way, weighty, light = decks[number % len(decks)]
        turn = number // len(decks) % 5
        moment = Cut("moment", seconds=chance.uniform(0, way.seconds))
        first = moment if turn == 4 else next(light) if turn == 3 else next(weighty)
        later = way.later(first, chance.randint(*again), chance)
        yield way.story, [first, *later], chance.random() < HASTY


async def _lane(
    world: World,
    forks: Forks,
    databases: Databases,
    plan: Iterator[tuple[Story, list[Cut], bool]],
    tally: Tally,
) -> None:
    """Carry out trials of the plan until there were enough kills."""
    for story, cuts, hasty in plan:  # which the lanes share
        tally.planned += len(cuts)
        async with tally.room, databases() as url:
            trial = Trial(world, forks, url, story, cuts, hasty and databases.dialect == "sqlite")
            wrong = await trial.run()
        tally.planned -= len(cuts)
        tally.kills.update(trial.killed)
        told = f"{story.line}, killed {'; '.join(map(str, trial.killed))}"
        tally.wrong += [f"{each} ({told})" for each in wrong]
        if tally.kills.total() + tally.planned >= tally.wanted:
            return
