"""The bot's process: started, watched, stopped, killed."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path

import aiohttp

from bot.sandbox.world import HOST, World

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30.0
STOP_SECONDS = 10.0
WATCHING = {"watch_seconds": 15}  # what others change shows while somebody looks on


class NotReadyError(Exception):
    """The bot did not become ready; the message has its last words."""


class State(StrEnum):
    """How the bot is."""

    STARTING = "starting"
    READY = "ready"
    STOPPED = "stopped"


class Bot:
    """The bot of a world, as a child process; each start tells Slack where it now listens."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.state = State.STOPPED
        self.starts = 0

    @classmethod
    @asynccontextmanager
    async def started(cls, world: World) -> "AsyncIterator[Bot]":
        """Give a bot that is ready, and stop it at the end."""
        bot = cls(world)
        try:
            await bot.start()
            yield bot
        finally:
            await bot.stop()

    @property
    def database(self) -> Path:
        """Return the file of its database."""
        return self._world.folder / "infra.db"

    @property
    def log(self) -> Path:
        """Return the file of what it logs."""
        return self._world.folder / "bot.log"

    @property
    def pid(self) -> int | None:
        """Return the number of its process."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start it and wait until it is ready; NotReadyError when it does not become so."""
        if self._process:
            return
        self._is(State.STARTING)
        self.starts += 1
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.sandbox.child"), cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=log
            )
        told = {"environ": self._world.environ(WATCHING), "clock": str(self._world.clock.file), "host": HOST}
        if self._process.stdin:
            self._process.stdin.write(json.dumps(told).encode() + b"\n")
        self._watch = asyncio.create_task(self._watched(self._process))
        await self._ready(self._process)

    async def stop(self) -> None:
        """Let it finish what it does, then end."""
        await self._end(kill=False)

    async def kill(self) -> None:
        """End it at once, as ``kill -9`` does."""
        await self._end(kill=True)

    async def forget(self) -> None:
        """End it and throw its database away."""
        await self.kill()
        for file in self._world.folder.glob("infra.db*"):
            file.unlink()

    async def _end(self, *, kill: bool) -> None:
        process, watch = self._process, self._watch
        if process is None or watch is None:
            return
        with suppress(ProcessLookupError):
            process.kill() if kill else process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.shield(watch)
        except TimeoutError:
            process.kill()
            await watch

    async def _watched(self, process: Process) -> None:
        await process.wait()
        self._process = None
        self._is(State.STOPPED)

    async def _ready(self, process: Process) -> None:
        """Wait until *process* says where it listens, and that it is ready there."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                said = await process.stdout.readline() if process.stdout else b""
                address = f"http://{HOST}:{int(said)}"
                async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as answer:
                    answer.raise_for_status()
        except (TimeoutError, ValueError, aiohttp.ClientError):
            last = self.log.read_text(errors="replace").splitlines()[-20:]
            words = "\n".join(["The bot did not become ready. Its last words:", *last])
            raise NotReadyError(words) from None
        self._world.listens(address)
        self._is(State.READY)

    def _is(self, state: State) -> None:
        self.state = state
        self._world.changes.touch()
