"""Processes of the bot on one PostgreSQL: two that answer, two that work, each with wires of its own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import psycopg

from bot.sandbox.world import World
from tests import forked
from tests.faults.wires import HOST, Wire
from tests.ports import free_port

READY_WITHIN = 180.0  # seconds
WORDS = {"web": ("serve", "--no-jobs"), "worker": ("worker",)}
AT_WORK = "SELECT count(*) FROM procrastinate_workers"

Kind: TypeAlias = Literal["web", "worker"]
FLEET: tuple[Kind, ...] = ("web", "web", "worker", "worker")


@dataclass
class Member:
    """One process, and its wires: to the ``database``, and to each vendor by name."""

    kind: Kind
    environ: Mapping[str, str]
    wires: Mapping[str, Wire]
    log: Path
    port: int = 0
    _process: BaseProcess | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin to run."""
        streams = (forked.NOTHING, self.log, self.log)
        self._process = forked.bot(WORDS[self.kind], self.environ, streams)

    @property
    def lives(self) -> bool:
        """Return whether it runs, be it frozen."""
        return self._process is not None and self._process.exitcode is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process and self._process.pid and self.lives:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def end(self) -> None:
        """Kill it, and wait until it is gone."""
        if self._process:
            self._process.kill()
            self._process.join()
            self._process = None

    def mend(self) -> None:
        """Let it run, and its wires be whole."""
        for wire in self.wires.values():
            wire.mend()
        self.send(signal.SIGCONT)


@dataclass(frozen=True)
class Fleet:
    """The processes; what people say in Slack reaches the web processes in turn."""

    url: str
    members: tuple[Member, ...]

    @classmethod
    @asynccontextmanager
    async def started(
        cls, world: World, url: str, log: Path, changed: Mapping[str, Any] | None = None
    ) -> "AsyncIterator[Fleet]":
        """Give processes that are ready; *changed* sections of the settings win."""
        async with AsyncExitStack() as stack:
            members = []
            for kind in FLEET:
                members.append(await _member(kind, world, url, log, changed or {}, stack))
                stack.callback(members[-1].end)
            router = await stack.enter_async_context(
                Wire.to(*(each.port for each in members if each.kind == "web"))
            )
            world.listens(f"http://{HOST}:{router.port}")
            fleet = cls(url, tuple(members))
            for member in members:
                member.start()
            await fleet.ready()
            yield fleet

    def of(self, kind: Kind) -> list[Member]:
        """Return the processes of a kind."""
        return [each for each in self.members if each.kind == kind]

    async def ready(self) -> None:
        """Wait until every process does its work."""
        await asyncio.gather(*(answers(each.port) for each in self.of("web")))
        assert await until(self._work, READY_WITHIN)

    def _work(self) -> bool:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(AT_WORK).fetchone()
        return row is not None and row[0] >= len(self.of("worker"))


async def until(true: Callable[[], object], within: float, glance: float = 0.1) -> bool:
    """Wait at most so many seconds until something is *true*, which nobody tells; return whether it is."""
    late = monotonic() + within
    while not true():
        if monotonic() > late:
            return False
        await asyncio.sleep(glance)
    return True


async def answers(port: int) -> None:
    """Wait until the bot is ready that listens on *port*."""
    async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://{HOST}:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)


async def _member(
    kind: Kind, world: World, url: str, log: Path, changed: Mapping[str, Any], stack: AsyncExitStack
) -> Member:
    """Return a process whose every call to the database, Slack and GitHub goes over a wire of its own."""
    far = {"database": url, "slack": world.urls["slack"], "github": world.urls["github"]}
    port = free_port()
    environ = world.environ({"server": {"host": HOST, "port": port}, "database_url": url, **changed})
    wires = {}
    for name, address in far.items():
        ends_at = urlsplit(address).port or 0
        wires[name] = await stack.enter_async_context(Wire.to(ends_at))
        written = environ["INFRA_CONFIG_YAML"]
        environ["INFRA_CONFIG_YAML"] = written.replace(f"127.0.0.1:{ends_at}", f"{HOST}:{wires[name].port}")
    return Member(kind, environ, wires, log, port)
