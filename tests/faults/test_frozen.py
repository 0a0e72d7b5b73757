"""A worker that freezes while it carries a request out, and thaws when another has taken over."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import monotonic

import pytest

from bot.sandbox.world import World
from bot.store import Store
from tests.faults.databases import Databases
from tests.faults.forks import Forks, Life
from tests.faults.points import Point, signal_at
from tests.faults.stories import PUSH, Telling

PUT = PUSH.writes[0]
SWEEP = 2.0
LANES = 8  # at a time: each has two bots and a dozen connections
AFTERWARDS = 3.0  # seconds in which a thawed worker may do harm
TOLD_WITHIN = 120.0


@dataclass(frozen=True)
class Freeze:
    """Where a worker freezes, or after how many seconds.

    It thaws some seconds later, as its peer writes (0), or at the end (None).
    """

    at: Point | float
    thaws: float | None

    def __str__(self) -> str:
        where = self.at if isinstance(self.at, Point) else f"{self.at:.2f} s after the approval"
        when = {0.0: "as its peer writes", None: "after the end"}.get(self.thaws, f"after {self.thaws} s")
        return f"frozen {where}, thawed {when}"


STARTED = Point("commit of started", 1, "after")
STARTING = Point("commit of started", 1, "before")
APPLYING = Point("commit of applying", 1, "after")
ANSWERED = Point("commit of outcome", 1, "before")
CALLED = Point(PUT, 1, "before")
SELECTED = (
    ("postgresql", Freeze(STARTED, 0.0)),
    ("postgresql", Freeze(CALLED, None)),
    ("sqlite", Freeze(STARTED, 16.0)),
)
FULL = (
    *(("postgresql", Freeze(STARTED, moment)) for moment in (0.0, None, 4.0, 14.8, 15.2, 19.9, 20.3)),
    *(("postgresql", Freeze(STARTING, moment)) for moment in (0.0, None, 4.0)),
    *(("postgresql", Freeze(APPLYING, moment)) for moment in (0.0, None)),
    *(("postgresql", Freeze(ANSWERED, moment)) for moment in (None, 4.0)),
    *(("postgresql", Freeze(CALLED, moment)) for moment in (None, 4.0, 20.3)),
    *(("postgresql", Freeze(tenth / 20, None)) for tenth in range(12)),
    *(("sqlite", Freeze(STARTED, moment)) for moment in (4.0, 14.8, 15.2, 20.3)),
    ("sqlite", Freeze(CALLED, 20.3)),
)


@pytest.mark.timeout(900)
async def test_thawed_too_late(
    on_files: Databases, on_server: Databases, forks: Forks, full: bool, figure: Callable[[str], None]
) -> None:
    """What a frozen worker was about to send is sent once, by whoever may; it never sends too late."""
    databases = {"sqlite": on_files, "postgresql": on_server}
    freezes = FULL if full else SELECTED
    lanes = asyncio.Semaphore(LANES)
    results = await asyncio.gather(*(_frozen(freeze, databases[on], forks, lanes) for on, freeze in freezes))
    wrong = [
        f"{on}, {freeze}: {each}"
        for (on, freeze), found in zip(freezes, results, strict=True)
        for each in found
    ]
    words = [f"{sum(word in each for each in wrong)} {word}" for word in ("lost", "doubled", "stuck")]
    many = sum(on == "postgresql" for on, _ in freezes)
    figure(
        f"{len(freezes)} workers frozen and thawed ({many} while a peer took over on PostgreSQL): "
        f"{', '.join(words)}"
    )
    assert not wrong


async def _frozen(freeze: Freeze, databases: Databases, forks: Forks, lanes: asyncio.Semaphore) -> list[str]:
    """Let one bot freeze in the middle of a story, another one take over, and the first thaw."""
    async with lanes, AsyncExitStack() as stack:
        world = await stack.enter_async_context(World.start())
        url = await stack.enter_async_context(databases())
        store = await Store.open(url)
        stack.push_async_callback(store.close)
        telling = Telling(world, PUSH, store, monotonic() + TOLD_WITHIN)
        first = await _bot(world, url, forks, freeze.at)
        stack.push_async_callback(first.end)
        try:
            await _until_frozen(telling, freeze.at, first)
            thaws = asyncio.create_task(_thaw(telling, freeze, first))
            if store.dialect == "postgresql":
                second = await _bot(world, url, forks)
                stack.push_async_callback(second.end)
            await telling.goes_on()
        except TimeoutError:
            return [f"stuck: {await telling.where()}"]
        if freeze.thaws is None:
            first.send(signal.SIGCONT)
        await thaws
        await asyncio.sleep(AFTERWARDS)
        return await telling.wrong()


async def _bot(world: World, url: str, forks: Forks, freezes: Point | float | None = None) -> Life:
    """Start a bot, to which Slack turns from now on."""
    life = await forks.life(
        "tests.faults.lives:serve",
        environ=world.environ({"database_url": url}),
        clock=str(world.clock.file),
        vendors=PUSH.vendors,
        sweep=SWEEP,
        cut=asdict(freezes) if isinstance(freezes, Point) and freezes.what != PUT else None,
        signal=signal.SIGSTOP,
    )
    ready = await life.until("port")
    assert ready
    world.slack.request_url = f"http://127.0.0.1:{ready['port']}/slack/events"
    return life


async def _until_frozen(telling: Telling, at: Point | float, life: Life) -> None:
    """Tell the story until the bot freezes."""
    if isinstance(at, Point):
        ambush, reached = signal_at(telling.world.faults["github"], at, life, signal.SIGSTOP), asdict(at)
        await telling.goes_on(lambda: ambush.seen or any(s.get("point") == reached for s in life.said))
        return
    await telling.goes_on(lambda: "Approved by" in str([card.blocks for card in telling.cards()]))
    await asyncio.sleep(at)
    life.send(signal.SIGSTOP)


async def _thaw(telling: Telling, freeze: Freeze, life: Life) -> None:
    """Let the bot go on when it is time."""
    telling.world.faults["github"].clear()
    if freeze.thaws == 0:
        signal_at(telling.world.faults["github"], CALLED, life, signal.SIGCONT)
    elif freeze.thaws is not None:
        await asyncio.sleep(freeze.thaws)
        life.send(signal.SIGCONT)
        if telling.store.dialect == "sqlite":
            telling.haste = timedelta(seconds=1)
