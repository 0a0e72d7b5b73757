"""Two processes that answer, two that work, one PostgreSQL: whatever befalls one, the others go on."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import now
from bot.sandbox.world import World
from bot.store import Store, StoreUnavailable, journal
from tests.faults.databases import Databases
from tests.faults.fleet import Fleet, Kind, Member, until
from tests.faults.stories import PUSH, Telling
from tests.postgres import Cluster

LANES = 4  # fleets at a time: each has four processes
TOLD_WITHIN = 300.0  # seconds
LASTS = 14.0  # until what froze or was cut goes on
AFTERWARDS = 3.0  # in which whoever comes back may do harm
HANDED_ON, HANDED_ON_WITH_A_WRITE = 10.0, 25.0
LONDON = ZoneInfo("Europe/London")

PUT = PUSH.writes[0]


@dataclass(frozen=True)
class Moment:
    """When a process says something over one of its wires; *writes*: this is a write to a vendor."""

    words: str
    kind: Kind
    wire: str
    said: bytes
    writes: bool = False


@dataclass(frozen=True)
class Blow:
    """What befalls a process; *lost*: what it just said does not arrive; *parted*: its peers must go on."""

    words: str
    falls: Callable[[Member], None]
    lost: bool = False
    parted: bool = True


LOOKS = Moment("a worker looks at GitHub", "worker", "github", PUT.replace("PUT", "GET").encode())
WRITES = Moment("a worker writes to GitHub", "worker", "github", PUT.encode(), writes=True)
PLANS = Moment("a web process plans", "web", "github", b"/graphql")
DECIDES = Moment("a web process writes a journal line", "web", "database", b"INSERT INTO journal")
TELLS = Moment("a worker speaks to Slack", "worker", "slack", b"/api/chat.", writes=True)
ANSWERS = Moment("a web process speaks to Slack", "web", "slack", b"/api/")
MOMENTS = (
    LOOKS,
    WRITES,
    PLANS,
    DECIDES,
    TELLS,
    ANSWERS,
    Moment("a worker takes a job", "worker", "database", b"procrastinate_fetch_job"),
    Moment("a web process keeps a delivery", "web", "database", b"INSERT INTO inbox"),
)
POSTS = Moment("a worker posts a digest", "worker", "slack", b"digest:attention")

WITHOUT_GITHUB = Blow("cut off GitHub", lambda member: member.wires["github"].cut(), parted=False)
WITHOUT_SLACK = Blow("not heard by Slack", lambda member: member.wires["slack"].hush(), parted=False)
BLOWS = (
    Blow("killed", Member.end),
    Blow("killed, its last words lost", Member.end, lost=True),
    Blow("frozen", lambda member: member.send(signal.SIGSTOP)),
    Blow("cut off the database", lambda member: member.wires["database"].cut()),
    Blow("not heard by the database", lambda member: member.wires["database"].hush()),
)
BOUTS = (
    *product(MOMENTS, BLOWS),
    *((moment, WITHOUT_GITHUB) for moment in (LOOKS, WRITES, PLANS)),
    *((moment, WITHOUT_SLACK) for moment in (DECIDES, TELLS, ANSWERS)),
)


@dataclass
class Bout:
    """A fleet that is told something, and the blow that falls on one of its processes meanwhile."""

    moment: Moment
    blow: Blow
    struck: datetime | None = None
    wrong: list[str] = field(default_factory=list)
    handed_on: float = 0.0  # seconds

    def __str__(self) -> str:
        return f"{self.blow.words} as {self.moment.words}"

    @property
    def within(self) -> float:
        """Return how many seconds its peers may take until they go on."""
        return HANDED_ON_WITH_A_WRITE if self.moment.writes and self.blow.lost else HANDED_ON

    @asynccontextmanager
    async def begun(
        self, databases: Databases, log: Path, lanes: asyncio.Semaphore, changed: dict[str, Any]
    ) -> AsyncIterator[Telling]:
        """Give what is told to a fleet that waits for its moment."""
        async with lanes, AsyncExitStack() as stack:
            world = await stack.enter_async_context(World.start())
            world.clock.set(now())
            url = await stack.enter_async_context(databases())
            store = await Store.open(url)
            stack.push_async_callback(store.close)
            fleet = await stack.enter_async_context(Fleet.started(world, url, log, changed))
            for member in fleet.of(self.moment.kind):
                member.wires[self.moment.wire].overhear(
                    self.moment.said, partial(self._strike, fleet, member)
                )
            yield Telling(world, PUSH, store, monotonic() + TOLD_WITHIN)

    def _strike(self, fleet: Fleet, member: Member) -> None:
        """Let the blow fall on *member*, and on nobody else, and be over after a while."""
        for each in fleet.members:
            each.wires[self.moment.wire].deafen()
        self.struck = now()
        if self.blow.lost:
            member.wires[self.moment.wire].cut()
        self.blow.falls(member)
        asyncio.get_running_loop().call_later(LASTS, member.mend)

    async def told(self, databases: Databases, log: Path, lanes: asyncio.Semaphore) -> None:
        """Tell a story, and note what is wrong at its end, and how long nobody went on with it."""
        async with self.begun(databases, log, lanes, {}) as telling:
            try:
                await _to_its_end(telling)
                await self._over()
                self.wrong = await telling.wrong()
            except TimeoutError:
                self.wrong = [f"stuck: {await telling.where()}"]
            self.handed_on = await self._handed_on(telling.store)

    async def _over(self) -> None:
        """Wait until the blow is over, and whatever came back had its time to do harm."""
        assert self.struck, f"{self}: the moment did not come"
        await asyncio.sleep(max(0.0, LASTS - (now() - self.struck).total_seconds()) + AFTERWARDS)

    async def _handed_on(self, store: Store) -> float:
        """Return how many seconds after the blow somebody wrote the next line about the request."""
        async with store.read() as tx:
            lines = [line.at async for line in journal.everything(tx) if line.subject.startswith("request:")]
        assert self.struck
        return min(((at - self.struck).total_seconds() for at in lines if at > self.struck), default=0.0)

    async def posted(self, databases: Databases, log: Path, lanes: asyncio.Semaphore) -> None:
        """Let a digest come due, and note how often it is there."""
        at = (now() + timedelta(seconds=100)).astimezone(LONDON)
        digest = {"command": "digest attention", "at": f"{at:%H:%M}", "channel": "digests"}
        async with self.begun(databases, log, lanes, {"digests": [digest]}) as telling:
            await until(lambda: self.struck and _digests(telling), TOLD_WITHIN)
            await self._over()
            times = _digests(telling)
            self.wrong = [] if times == 1 else [f"{'doubled' if times else 'lost'}: {times} digests"]


def _digests(telling: Telling) -> int:
    return sum(times for mark, times in telling.marks().items() if mark.startswith("digest:"))


async def _to_its_end(telling: Telling) -> None:
    """Tell a story to its end, also to people whom the database left for a moment."""
    while True:
        with suppress(StoreUnavailable):
            await telling.goes_on()
            return


def _summary(bouts: Iterable[Bout]) -> str:
    """Return how many bouts there were, of which kinds, and what went wrong."""
    wrong = [each for bout in bouts for each in bout.wrong]
    words = [f"{sum(word in each for each in wrong)} {word}" for word in ("lost", "doubled", "stuck")]
    blows = Counter(bout.blow.words for bout in bouts)
    spread = ", ".join(f"{times} {blow}" for blow, times in blows.items())
    return f"{blows.total()} times one of four processes in trouble ({spread}): {', '.join(words)}"


def _wrong(bouts: Iterable[Bout]) -> list[str]:
    return [f"{bout}: {each}" for bout in bouts for each in bout.wrong]


@pytest.mark.faults
@pytest.mark.timeout(1800)
async def test_one_of_several_in_trouble(
    on_server: Databases, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """Whatever befalls one process in the middle of a request, it is done once, and soon by another."""
    bouts = [Bout(moment, blow) for moment, blow in BOUTS]
    lanes = asyncio.Semaphore(LANES)
    await asyncio.gather(*(bout.told(on_server, tmp_path / "log", lanes) for bout in bouts))
    figure(_summary(bouts))
    assert _wrong(bouts) == []
    parted = [bout for bout in bouts if bout.blow.parted]
    for kind, within in (("worker", HANDED_ON), ("worker", HANDED_ON_WITH_A_WRITE), ("web", HANDED_ON)):
        took = [each.handed_on for each in parted if (each.moment.kind, each.within) == (kind, within)]
        went_on = f"others went on within {median(took):.1f} s mostly, {max(took):.1f} s at most"
        figure(f"a {kind} process in trouble: {went_on} (of {within:g})")
        assert median(took) <= within  # a machine that is busy with other tests may delay some


@pytest.mark.faults
@pytest.mark.timeout(900)
async def test_the_database_of_several_restarts(
    own_server: tuple[Cluster, Databases], tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """A restart of the database in the middle of a request ends nothing, in none of the processes."""
    server, databases = own_server

    def restart(_member: Member) -> None:
        server.stop()
        server.start()

    bouts = [Bout(each, Blow("the database restarted", restart)) for each in (LOOKS, WRITES, PLANS, DECIDES)]
    for bout in bouts:
        await bout.told(databases, tmp_path / "log", asyncio.Semaphore(1))
    figure(_summary(bouts))
    assert _wrong(bouts) == []


@pytest.mark.faults
@pytest.mark.timeout(900)
async def test_a_digest_of_several(
    on_server: Databases, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """Whatever befalls the worker that is posting a digest, it is posted once."""
    bouts = [Bout(POSTS, blow) for blow in BLOWS]
    lanes = asyncio.Semaphore(len(bouts))
    await asyncio.gather(*(bout.posted(on_server, tmp_path / "log", lanes) for bout in bouts))
    figure(_summary(bouts))
    assert _wrong(bouts) == []
