"""What was promised, what came of it, and the world in which that is tried."""

from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app import now
from bot.sandbox.world import World

CALM_SECONDS = 180.0  # in which all that is under way must end


@dataclass(frozen=True)
class Promise:
    """A line of the table."""

    words: str
    figure: str
    kept: bool

    def __str__(self) -> str:
        return f"| {self.words} | {self.figure} | {'yes' if self.kept else 'NO'} |"


def none(words: str, wrong: Sequence[str], beside: str = "") -> Promise:
    """Return the promise that there is nothing *wrong*; what is, is named."""
    named = ", ".join([f"{len(wrong)}", *wrong[:3]])
    return Promise(words, f"{beside}; {named}" if beside else named, not wrong)


def table(promises: list[Promise]) -> str:
    """Return the promises as a Markdown table."""
    return "\n".join(["| promise | figure | kept |", "|---|---|---|", *map(str, promises)])


@asynccontextmanager
async def real_world() -> AsyncIterator[World]:
    """Give a world at the real time, whose vendors remember every call."""
    async with World.start() as world:
        world.clock.set(now())
        for faults in world.faults.values():
            faults.calls = deque()
        world.slack.rate_limits = False
        yield world
