"""kill -9 at every point of a request, then a restart: nothing lost, nothing doubled, nothing stuck."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count, cycle

import pytest

from bot.sandbox.world import World
from tests.faults.databases import Databases
from tests.faults.forkserver import Forks
from tests.faults.stories import STORIES, Story
from tests.faults.trials import Cut, Trial, survey

LANES = 4
SELECTED = {"sqlite": 60, "postgresql": 40}  # kills in `make test`
FULL = 250  # kills of each in `make faults`


@dataclass
class Tally:
    """What became of all trials."""

    wanted: int
    kills: Counter[Cut] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

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
    async with AsyncExitStack() as stack:
        worlds = [await stack.enter_async_context(World.start()) for _ in range(LANES)]
        async with databases() as url:
            dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
            ways = []
        for world, story in zip(cycle(worlds), STORIES, strict=False):
            async with databases() as url:
                ways.append((story, *await survey(world, forks, url, story)))
        tally = Tally(FULL if full else SELECTED[dialect])
        plan = _plan(ways, random.Random(2026))
        await asyncio.gather(*(_lane(world, forks, databases, plan, tally) for world in worlds))
    figure(tally.figure(dialect))
    assert not tally.wrong
    assert "Traceback" not in forks.log


def _plan(
    ways: list[tuple[Story, list[Cut], float]], chance: random.Random
) -> Iterator[tuple[Story, list[Cut], bool]]:
    """Yield stories and their cuts without end: mostly the weighty points, each in turn, then later ones."""
    decks = [
        (story, _deck(cuts, True, chance), _deck(cuts, False, chance), cuts, s) for story, cuts, s in ways
    ]
    for number in count():
        story, weighty, light, cuts, seconds = decks[number % len(decks)]
        turn = number // len(decks) % 5
        moment = Cut("moment", seconds=chance.uniform(0, seconds))
        first = moment if turn == 4 else next(light) if turn == 3 else next(weighty)
        later = cuts[cuts.index(first) + 1 :] if first in cuts else cuts
        again = [cut for cut in later if cut.weighty and cut.point and cut.point.nth == 1]
        chosen = sorted(chance.sample(range(len(again)), min(len(again), chance.randint(0, 2))))
        yield story, [first, *(again[index] for index in chosen)], chance.random() < 0.5


def _deck(cuts: list[Cut], weighty: bool, chance: random.Random) -> Iterator[Cut]:
    """Return the weighty cuts, or the others, in a random order, round and round."""
    chosen = [cut for cut in cuts if cut.weighty is weighty]
    chance.shuffle(chosen)
    return cycle(chosen)


async def _lane(
    world: World,
    forks: Forks,
    databases: Databases,
    plan: Iterator[tuple[Story, list[Cut], bool]],
    tally: Tally,
) -> None:
    """Carry out trials of the plan until there were enough kills."""
    while tally.kills.total() < tally.wanted:
        story, cuts, hasty = next(plan)
        async with databases() as url:
            trial = Trial(world, forks, url, story, cuts, hasty and url.startswith("sqlite"))
            wrong = await trial.run()
        tally.kills.update(trial.killed)
        told = f"{story.line}, killed {'; '.join(map(str, trial.killed))}"
        tally.wrong += [f"{each} ({told})" for each in wrong]
