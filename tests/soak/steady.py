"""Minutes in which one process answers many commands, and what it holds at their end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import func, select

from bot.sandbox.world import World
from bot.store import Store
from bot.store.tables import INBOX
from tests import forked
from tests.faults.fleet import answers
from tests.faults.stories import ASKER, CHANNEL
from tests.faults.wires import HOST
from tests.ports import free_port
from tests.soak.promises import CALM_SECONDS, Promise, real_world

SAMPLE_SECONDS = 2.0
GROWTH = 1.10  # of memory; a leak of three kilobytes a command would show in ten minutes
CONNECTIONS = 50  # to vendors, more or fewer of which are kept open at a time
THREADS = 5
LINES = (
    *("help", "access website", "requests", "dns", "audit"),
    *("people", "costs", "teams", "owners", "tickets", "dns add soak A 192.0.2.1"),
)


@dataclass(frozen=True)
class Sample:
    """What a process holds at some moment."""

    megabytes: float
    files: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> "Sample":
        """Return what a process holds now."""
        status = Path(f"/proc/{pid}/status").read_text()
        kilobytes, threads = (int(status.split(f"{name}:")[1].split()[0]) for name in ("VmRSS", "Threads"))
        return cls(kilobytes / 1024, len([*Path(f"/proc/{pid}/fd").iterdir()]), threads)

    def __str__(self) -> str:
        return f"{self.megabytes:.1f} MB, {self.files} files, {self.threads} threads"


async def steady(minutes: float, rate: float, url: str, log: Path) -> list[Promise]:
    """Let one process answer *rate* commands a minute for some *minutes*; return what held."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(real_world())
        store = await Store.open(url)
        stack.push_async_callback(store.close)
        pid = await stack.enter_async_context(_served(world, url, log))
        hand, samples = world.slack.as_(world.person(ASKER)), list[Sample]()
        saying = set[asyncio.Task[Any]]()
        began = monotonic()
        for number, line in enumerate(cycle(LINES)):
            await asyncio.sleep(max(0.0, began + number * 60 / rate - monotonic()))
            if monotonic() > began + minutes * 60:
                break
            saying.add(asyncio.create_task(hand.say(CHANNEL, f"/infra {line}")))
            saying -= {task for task in saying if task.done()}
            if monotonic() > began + len(samples) * SAMPLE_SECONDS:
                samples.append(Sample.of(pid))
        took = monotonic() - began
        await asyncio.gather(*saying)
        for _ in range(int(CALM_SECONDS)):
            if not (left := await _left(store)):
                break
            await asyncio.sleep(1)
        return _stood(world, samples, took, left)


async def _left(store: Store) -> int:
    """Return how many deliveries are not worked on yet."""
    async with store.read() as tx:
        return await tx.scalar(select(func.count()).where(INBOX.c.state != "done")) or 0


def _stood(world: World, samples: list[Sample], took: float, left: int) -> list[Promise]:
    said = [each for each in world.slack.deliveries if each.kind == "command"]
    acked, p99 = sum(each.ok for each in said), sorted(each.seconds for each in said)[len(said) * 99 // 100]
    tenth = max(1, len(samples) // 10)
    early, end = _median(samples[tenth : 2 * tenth]), _median(samples[-tenth:])
    grown = end.megabytes / early.megabytes
    few = end.files <= early.files + CONNECTIONS and end.threads <= early.threads + THREADS
    return [
        Promise(
            f"{took / 60:.1f} minutes of commands, {len(said) / took * 60:.0f} a minute", f"{len(said)}", True
        ),
        Promise("each is acknowledged", f"{acked}, 99 % within {p99:.2f} s", acked == len(said)),
        Promise("each is worked on", f"{left} left over", not left),
        Promise(
            "what the process holds stays the same, from the second tenth of the time to the last",
            f"{early}; {end}; memory {grown - 1:+.1%}",
            grown <= GROWTH and few,
        ),
    ]


def _median(samples: list[Sample]) -> Sample:
    return sorted(samples, key=lambda each: each.megabytes)[len(samples) // 2]


@asynccontextmanager
async def _served(world: World, url: str, log: Path) -> AsyncIterator[int]:
    """Give the pid of an ``infra serve`` that is started from nothing, and ready."""
    port = free_port()
    environ = world.environ({"server": {"host": HOST, "port": port}, "database_url": url})
    process = forked.bot(["serve"], environ, (forked.NOTHING, log, log), anew=True)
    try:
        await answers(port)
        world.listens(f"http://{HOST}:{port}")
        assert process.pid
        yield process.pid
    finally:
        process.kill()
        process.join()
