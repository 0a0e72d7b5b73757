"""From an empty folder to a change at a vendor: `infra init`, then the bot in two processes on PostgreSQL."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest

from bot.app import now
from bot.sandbox.scene import Scene
from bot.sandbox.world import World
from tests.faults.fleet import READY_WITHIN, answers
from tests.first_run.newcomer import Newcomer, Terminal, attend
from tests.ports import free_port
from tests.postgres import Server


@asynccontextmanager
async def at_work(terminal: Terminal, *words: str) -> AsyncIterator[None]:
    """Run a verb until the block ends; it must end well when it is asked to."""
    process = await terminal.start(*words)
    said = asyncio.ensure_future(process.communicate())
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # it ended before
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(READY_WITHIN):
            sys.stderr.write((await said)[0].decode())  # shows when the test fails
    assert process.returncode == 0


@pytest.mark.faults
@pytest.mark.timeout(600)
async def test_from_an_empty_folder_to_a_change(
    postgres: Server, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """What `infra init` wrote is all that `serve` and `worker` need to carry out what an owner approved."""
    folder, person, begun = tmp_path / "empty", Newcomer(), monotonic()
    folder.mkdir()
    async with AsyncExitStack() as stack:
        url = stack.enter_context(postgres.database())
        world = await stack.enter_async_context(World.start())
        world.clock.set(now())
        world.slack.mode = "socket"
        port = free_port()
        terminal = Terminal(world, folder, {"DATABASE_URL": url, "PORT": f"{port}"})
        assert await attend(person, await terminal.init()) == 0, person.seen
        assert await (await terminal.start("migrate")).wait() == 0
        await stack.enter_async_context(at_work(terminal, "serve", "--no-jobs"))
        await stack.enter_async_context(at_work(terminal, "worker"))
        await answers(port)
        scene = Scene(world)
        filed = await scene.ask("George", "grant-push organiser-25 website", "is with the owners")
        number = re.findall(r"#(\d+)", filed)[0]
        await scene.press("Cory", "Approve", f"#{number}")
        await scene.card_says(int(number), "*Applied.*")
        await scene.holds("Team core", "organiser-25")
    figure(f"from an empty folder to a change on GitHub: {monotonic() - begun:.0f} s")
