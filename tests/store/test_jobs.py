"""How jobs behave, whichever engine runs them: one suite over both."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.core.values import Json
from bot.store import Store, requests
from bot.store.jobs import EmbeddedJobs, Jobs, Later, backoff, jobs_of
from tests.postgres import CUT_OFF
from tests.store.samples import NOW

Handlers = Mapping[str, Callable[[Json], Awaitable[None]]]
FAR = timedelta(hours=1)


def clock() -> datetime:
    """Return a time that goes on, from the samples' day."""
    return NOW + timedelta(seconds=time.monotonic())


class Runner:
    """One process's worth of jobs: its engine, and what it was told of failures."""

    def __init__(self, store: Store, grace: float = 25) -> None:
        self.failures: list[tuple[str, str]] = []
        self.store = store
        self.jobs: Jobs = jobs_of(store, clock, self._failed, grace)

    def _failed(self, key: str, error: Exception) -> None:
        self.failures.append((key, str(error)))

    async def enqueue(
        self, key: str, kind: str = "note", run_at: datetime | None = None, **payload: str
    ) -> None:
        """Ask for a job in a transaction of its own."""
        async with self.store.write() as tx:
            await self.jobs.enqueue(tx, key, kind, {**payload}, run_at or clock())

    @asynccontextmanager
    async def running(self, **handlers: Callable[[Json], Awaitable[None]]) -> AsyncIterator[asyncio.Event]:
        """Run jobs during the block."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.jobs.run(handlers, stop))
        try:
            yield stop
        finally:
            stop.set()
            await task


@pytest.fixture
def runner(store: Store) -> Runner:
    """Give a runner on each kind of database."""
    return Runner(store)


@pytest.fixture
async def peer(store: Store, migrated_url: str) -> AsyncIterator[Runner]:
    """Give a second runner, as another process would have it."""
    other = await Store.open(migrated_url)
    yield Runner(other)
    await other.close()


async def left(store: Store) -> int:
    """Return how many jobs the database holds."""
    table = "jobs" if store.dialect == "sqlite" else "procrastinate_jobs"
    async with store.read() as tx:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def none_left(store: Store) -> None:
    """Return once the database holds no job; fail after ten seconds."""
    end = time.monotonic() + 10
    while await left(store):
        assert time.monotonic() < end, "a job is left over"
        await asyncio.sleep(0.1)


async def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Return once *holds*; fail after *seconds*."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        await asyncio.sleep(0.01)


class Notes:
    """A handler that writes down what it is given."""

    def __init__(self) -> None:
        self.payloads: list[Json] = []

    async def __call__(self, payload: Json) -> None:
        """Note the payload."""
        self.payloads.append(payload)


async def test_a_job_runs_once_its_transaction_commits(runner: Runner) -> None:
    """The handler gets the payload as it was, soon, and nothing is left over."""
    notes = Notes()
    async with runner.running(note=notes):
        await asyncio.sleep(0.5)
        started = time.monotonic()
        await runner.enqueue("k1", name='né "🐍" \u0000')
        await until(lambda: len(notes.payloads) == 1)
        assert time.monotonic() - started < 0.5
    assert notes.payloads == [{"name": 'né "🐍" \u0000'}]
    assert runner.failures == []
    assert await left(runner.store) == 0


async def test_what_is_rolled_back_never_runs(runner: Runner) -> None:
    """A job belongs to the transaction that asks for it."""
    notes = Notes()

    async def change_our_mind() -> None:
        async with runner.store.write() as tx:
            await runner.jobs.enqueue(tx, "k1", "note", {}, clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_our_mind()
    async with runner.running(note=notes):
        await asyncio.sleep(0.3)
    assert notes.payloads == []


async def test_a_waiting_key_is_not_asked_for_twice(runner: Runner) -> None:
    """Asking again does nothing, and the transaction goes on."""
    notes = Notes()
    async with runner.store.write() as tx:
        for n in range(3):
            await runner.jobs.enqueue(tx, "k1", "note", {"n": n}, clock())
        assert await requests.next_number(tx) == 1
    await runner.enqueue("k1", n="3")
    async with runner.running(note=notes):
        await until(lambda: len(notes.payloads) > 0)
        await asyncio.sleep(0.2)
    assert notes.payloads == [{"n": 0}]
    async with runner.store.write() as tx:
        assert await requests.next_number(tx) == 2


async def test_a_key_asked_for_while_it_runs_runs_again_afterwards(runner: Runner) -> None:
    """What is asked during a run is not lost, and no key runs twice at a time."""
    at_once = Counter[str]()
    most, runs = 0, 0

    async def handler(_payload: Json) -> None:
        nonlocal most, runs
        at_once["k1"] += 1
        most, runs = max(most, at_once["k1"]), runs + 1
        if runs < 3:
            await runner.enqueue("k1")
        await asyncio.sleep(0.1)
        at_once["k1"] -= 1

    await runner.enqueue("k1")
    async with runner.running(note=handler):
        await until(lambda: runs == 3)
    assert most == 1
    assert await left(runner.store) == 0


async def test_four_keys_run_at_a_time(runner: Runner) -> None:
    """One slow job does not hold up the next; there are never more than four."""
    now, most, runs = 0, 0, 0

    async def handler(_payload: Json) -> None:
        nonlocal now, most, runs
        now += 1
        most, runs = max(most, now), runs + 1
        await asyncio.sleep(0.1)
        now -= 1

    for n in range(10):
        await runner.enqueue(f"k{n}")
    async with runner.running(note=handler):
        await until(lambda: runs == 10)
    assert most == 4


async def test_a_job_does_not_run_before_its_time(runner: Runner) -> None:
    """A later job waits, and holds up nothing else."""
    notes = Notes()
    started = time.monotonic()
    await runner.enqueue("far", run_at=clock() + FAR, name="far")
    await runner.enqueue("soon", run_at=clock() + timedelta(seconds=1), name="soon")
    await runner.enqueue("now", name="now")
    async with runner.running(note=notes):
        await until(lambda: len(notes.payloads) == 2)
        assert 1 <= time.monotonic() - started < 3.5
    assert notes.payloads == [{"name": "now"}, {"name": "soon"}]
    assert await left(runner.store) == 1


async def test_a_job_may_ask_to_run_later(runner: Runner) -> None:
    """Later is no failure: the job runs again, not before the time it named."""
    times: list[float] = []

    async def handler(_payload: Json) -> None:
        times.append(time.monotonic())
        if len(times) < 3:
            raise Later(clock() + timedelta(seconds=0.5))

    await runner.enqueue("k1")
    async with runner.running(note=handler):
        await until(lambda: len(times) == 3)
    assert all(later - earlier >= 0.5 for earlier, later in itertools.pairwise(times))
    assert runner.failures == []
    assert await left(runner.store) == 0


async def test_what_fails_is_told_and_tried_again_a_second_later(runner: Runner) -> None:
    """The failure is told with its key; other jobs go on."""
    times: list[float] = []
    notes = Notes()

    async def handler(_payload: Json) -> None:
        times.append(time.monotonic())
        if len(times) < 2:
            raise RuntimeError("the vendor is on fire")

    await runner.enqueue("k1", kind="burn")
    await runner.enqueue("k2")
    async with runner.running(burn=handler, note=notes):
        await until(lambda: len(times) == 2 and len(notes.payloads) == 1)
    assert 1 <= times[1] - times[0] < 3.5
    assert runner.failures == [("k1", "the vendor is on fire")]
    assert await left(runner.store) == 0


def test_the_wait_after_a_failure_doubles_up_to_five_minutes() -> None:
    """1 s, 2 s, 4 s … 300 s."""
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 9, 10, 1000)] == [1, 2, 4, 256, 300, 300]


async def test_what_fails_while_it_is_asked_for_again_runs_once_more(runner: Runner) -> None:
    """The retry and the new request become one."""
    runs = 0

    async def handler(_payload: Json) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            await runner.enqueue("k1", run_at=clock() + FAR)
            raise RuntimeError("try again")

    await runner.enqueue("k1")
    async with runner.running(note=handler):
        await until(lambda: runs == 2)
        await asyncio.sleep(0.3)
    assert runs == 2
    assert await left(runner.store) == 0


async def test_unknown_kinds_are_left_for_who_knows_them(runner: Runner) -> None:
    """After a roll-back, jobs of the newer version stay."""
    notes = Notes()
    await runner.enqueue("k1", kind="from_the_future")
    async with runner.running(note=notes):
        await asyncio.sleep(0.5)
    assert await left(runner.store) == 1
    async with runner.running(from_the_future=notes):
        await until(lambda: len(notes.payloads) == 1)
    assert runner.failures == []


async def test_a_stop_lets_running_jobs_finish_and_starts_no_more(runner: Runner) -> None:
    """What runs ends well; what waits stays."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def handler(_payload: Json) -> None:
        begun.set()
        await asyncio.sleep(0.5)
        ended.set()

    await runner.enqueue("k1")
    async with runner.running(note=handler) as stop:
        await begun.wait()
        stop.set()
        await runner.enqueue("k2")
    assert ended.is_set()
    assert await left(runner.store) == 1


async def test_what_does_not_finish_in_time_is_resumed(store: Store) -> None:
    """After the grace a job is cut off, and the next run begins it again."""
    hasty, notes, begun = Runner(store, grace=0.2), Notes(), asyncio.Event()

    async def handler(_payload: Json) -> None:
        begun.set()
        await asyncio.sleep(60)

    await hasty.enqueue("k1", name="k1")
    started = time.monotonic()
    async with hasty.running(note=handler):
        await begun.wait()
    assert time.monotonic() - started < 5
    async with hasty.running(note=notes):
        await until(lambda: notes.payloads == [{"name": "k1"}])
    assert await left(store) == 0


async def test_what_another_process_asks_for_is_noticed_within_a_second(runner: Runner, peer: Runner) -> None:
    """Rows written by a process that runs no jobs are found."""
    notes = Notes()
    async with runner.running(note=notes):
        await asyncio.sleep(0.5)
        started = time.monotonic()
        await peer.enqueue("k1")
        await until(lambda: len(notes.payloads) == 1)
    assert time.monotonic() - started < 1.5


async def test_two_runners_run_each_job_once(runner: Runner, peer: Runner) -> None:
    """Whether they share the work or one waits for the other, nothing is doubled or lost."""
    runs = Counter[str]()

    async def handler(payload: Json) -> None:
        runs[str(payload["name"])] += 1
        await asyncio.sleep(0.001)

    async with runner.running(note=handler), peer.running(note=handler):
        for n in range(60):
            await (runner, peer)[n % 2].enqueue(f"k{n}", name=f"k{n}")
        await until(lambda: len(runs) == 60, 30)
    assert set(runs.values()) == {1}
    assert await left(runner.store) == 0
    assert runner.failures == peer.failures == []


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_of_two_that_claim_at_once_one_gets_each_job(runner: Runner) -> None:
    """A job that two had would be removed twice, and the second time whichever has its id by then."""
    assert isinstance(runner.jobs, EmbeddedJobs)
    for number in range(20):
        await runner.enqueue(f"note:{number}")
        claims = [runner.jobs._claim({"note"}, ()) for _ in range(2)]
        assert [len(found) for found in await asyncio.gather(*claims)] in ([0, 1], [1, 0])


async def test_who_waits_takes_over_when_the_other_stops(runner: Runner, peer: Runner) -> None:
    """A second runner goes on where the first one left."""
    notes = Notes()
    async with runner.running(note=notes), peer.running(note=notes) as stop_peer:
        async with runner.running(note=notes) as stop:
            stop.set()
        await runner.enqueue("k1")
        await until(lambda: len(notes.payloads) == 1)
        assert not stop_peer.is_set()


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
async def test_a_cut_connection_stops_nothing(runner: Runner, store: Store) -> None:
    """When the server throws everybody out, jobs go on shortly after."""
    notes = Notes()
    async with runner.running(note=notes):
        await runner.enqueue("k1")
        await until(lambda: len(notes.payloads) == 1)
        async with store.write() as tx:
            await tx.execute(text(CUT_OFF))
        await runner.enqueue("k2")
        await until(lambda: len(notes.payloads) == 2)
        await none_left(store)
