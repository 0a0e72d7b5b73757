"""What the ``infra`` command does in the sandbox; each verb returns the exit code."""

import asyncio
from collections.abc import Coroutine

from bot.app import asked, core
from bot.sandbox.demo import demo
from bot.sandbox.journeys import walk
from bot.sandbox.process import NotReadyError
from bot.sandbox.scene import DidNotHappenError
from bot.sandbox.transcript import complain, say
from bot.sandbox.world import World


def run(port: int = 0) -> int:
    """Run the main job and print it, then serve the page; return the exit code."""
    return _told(demo(port))


def tour() -> int:
    """Go through the main journeys and print them; return 0 only if each step happened."""
    return _told(walk())


def ask(line: str, as_person: str | None = None) -> int:
    """Answer *line* in a sandbox of its own; return the exit code."""
    return _told(_answered(line, as_person))


async def _answered(line: str, as_person: str | None) -> None:
    async with World.start() as world, core(world.settings(), world.clock) as opened:
        say(await asked(opened, line, as_person))


def _told(doing: Coroutine[None, None, None]) -> int:
    try:
        asyncio.run(doing)
    except (DidNotHappenError, NotReadyError) as failure:
        complain(f"✗ {failure}")
        return 1
    return 0
