"""Processes by the hundred: one, forked, for each life of the bot.

Each connects back to the test over a Unix socket, speaks in JSON lines, and its connection ends when it does,
however it does.
"""

import asyncio
import importlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from tests import forked

Json: TypeAlias = dict[str, Any]
Program: TypeAlias = Callable[["Line", Json], Awaitable[None]]

PATIENCE = 60.0  # seconds that a life may say nothing


class Line:
    """A life's end of the line to the test."""

    def __init__(self, address: str, name: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(address)
        self._heard = b""
        self.say(name=name, pid=os.getpid())

    def say(self, **said: Any) -> None:
        """Tell the test, at once: whoever is killed next has said it."""
        self._socket.sendall(json.dumps(said).encode() + b"\n")

    async def hear(self) -> Json:
        """Return what the test says next."""
        return await asyncio.to_thread(self.wait)

    def wait(self) -> Json:
        """Wait for what the test says next."""
        while b"\n" not in self._heard:
            more = self._socket.recv(65536)
            if not more:
                os._exit(0)  # the test is gone
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        heard: Json = json.loads(line)
        return heard


class Life:
    """One process of the bot as the test sees it: *said* is all it said, *gone* that it is dead."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.said: list[Json] = []
        self.gone = asyncio.Event()
        self._heard = 0
        self._news = asyncio.Condition()
        self._reader, self._writer = reader, writer

    async def listen(self) -> None:
        """Take down what it says until it is dead."""
        with suppress(ConnectionResetError):
            while (line := await self._reader.readline()).endswith(b"\n"):
                self.said.append(json.loads(line))
                await self._tell_news()
        self._writer.close()
        self.gone.set()
        await self._tell_news()

    async def until(self, key: str) -> Json | None:
        """Return the next thing it says that has *key*; None when it died before."""
        async with asyncio.timeout(PATIENCE), self._news:
            while True:
                while self._heard < len(self.said):
                    self._heard += 1
                    if key in self.said[self._heard - 1]:
                        return self.said[self._heard - 1]
                if self.gone.is_set():
                    return None
                await self._news.wait()

    def tell(self, **said: Any) -> None:
        """Tell it something."""
        if not self._writer.is_closing():
            self._writer.write(json.dumps(said).encode() + b"\n")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless it is gone."""
        if not self.gone.is_set():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def end(self) -> None:
        """Kill it if it lives, and wait until it is gone."""
        self.send(signal.SIGKILL)
        await self.gone.wait()

    async def _tell_news(self) -> None:
        async with self._news:
            self._news.notify_all()


class Forks:
    """The test's end of all lines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lives: list[Life] = []
        self._awaited: dict[str, asyncio.Future[Life]] = {}

    @classmethod
    @asynccontextmanager
    async def start(cls) -> "AsyncIterator[Forks]":
        """Wait for lives; at the end they all end."""
        with TemporaryDirectory(prefix="infra-forks-") as folder:
            forks = cls(Path(folder))
            listening = await asyncio.start_unix_server(forks._answer, forks._address)
            try:
                yield forks
            finally:
                listening.close()
                for life in forks._lives:
                    await life.end()

    @property
    def _address(self) -> str:
        return str(self._folder / "line")

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    @property
    def log(self) -> str:
        """Return what all lives wrote to their standard error."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    async def life(self, program: str, **task: Any) -> Life:
        """Begin a life that runs *program*, ``module:function``, with *task*."""
        name = f"{len(self._awaited)}"
        self._awaited[name] = asyncio.get_running_loop().create_future()
        forked.start(
            _live, self._address, name, program, task, streams=(forked.NOTHING, self._log, self._log)
        )
        async with asyncio.timeout(PATIENCE):
            return await self._awaited[name]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = json.loads(await reader.readline())
        life = Life(hello["pid"], reader, writer)
        self._lives.append(life)
        self._awaited[hello["name"]].set_result(life)
        await life.listen()


def _live(address: str, name: str, program: str, task: Json) -> None:
    """Be one life."""
    module, _, function = program.partition(":")
    run: Program = getattr(importlib.import_module(module), function)
    asyncio.run(run(Line(address, name), task))  # type: ignore[arg-type] # programs are coroutine functions
