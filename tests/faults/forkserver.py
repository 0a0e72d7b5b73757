"""Processes by the hundred: a server that has imported everything forks one for each life of the bot.

The test starts the server and asks it for lives; each connects back over a Unix socket, speaks in JSON lines,
and its connection ends when it does, however it does.
"""

import asyncio
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Program: TypeAlias = Callable[["Line", Json], Awaitable[None]]

ROOT = Path(__file__).parents[2]
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
    """The test's end of the server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: asyncio.subprocess.Process | None = None
        self._awaited: dict[str, asyncio.Future[Life]] = {}

    @classmethod
    @asynccontextmanager
    async def start(cls) -> "AsyncIterator[Forks]":
        """Start the server; at its end all lives end with it."""
        with TemporaryDirectory(prefix="infra-forks-") as folder:
            forks = cls(Path(folder))
            listening = await asyncio.start_unix_server(forks._answer, forks._address)
            with (Path(folder) / "log").open("wb") as log:
                forks._server = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", __name__, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stderr=log
                )
            try:
                yield forks
            finally:
                listening.close()
                assert forks._server.stdin is not None
                forks._server.stdin.close()
                await forks._server.wait()

    @property
    def _address(self) -> str:
        return str(self._folder / "line")

    @property
    def log(self) -> str:
        """Return what all lives wrote to their standard error."""
        return (self._folder / "log").read_text(errors="replace")

    async def life(self, program: str, **task: Any) -> Life:
        """Begin a life that runs *program*, ``module:function``, with *task*."""
        assert self._server is not None
        assert self._server.stdin is not None
        name = f"{len(self._awaited)}"
        self._awaited[name] = asyncio.get_running_loop().create_future()
        wanted = {"address": self._address, "name": name, "program": program, "task": task}
        self._server.stdin.write(json.dumps(wanted).encode() + b"\n")
        async with asyncio.timeout(PATIENCE):
            return await self._awaited[name]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = json.loads(await reader.readline())
        life = Life(hello["pid"], reader, writer)
        self._awaited[hello["name"]].set_result(life)
        await life.listen()


def serve() -> None:
    """Fork a process for each line of standard input, until it ends; then end them all."""
    asyncio.run(importlib.import_module("tests.faults.lives").warm())
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    os.setpgrp()
    for line in sys.stdin.buffer:
        wanted = json.loads(line)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _live(wanted)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)


def _live(wanted: Json) -> None:
    """Be one life, and never return."""
    status = 1
    try:
        os.close(sys.stdin.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        module, _, name = wanted["program"].partition(":")
        program: Program = getattr(importlib.import_module(module), name)
        asyncio.run(program(Line(wanted["address"], wanted["name"]), wanted["task"]))  # type: ignore[arg-type] # programs are coroutine functions
        status = 0
    except BaseException:  # noqa: BLE001 # a forked process must not go on as its parent
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
