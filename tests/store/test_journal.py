"""The journal stays one chain, whoever writes."""

import asyncio
from datetime import timedelta, timezone

import pytest

from bot.core.event import GENESIS, Event, Kind, flaw
from bot.core.people import CLOCK
from bot.core.values import Json
from bot.store import Conflict, Store, journal
from tests.store.samples import ASKER, NOW


async def note(store: Store, subject: str, seq: int | None = None, **payload: str) -> Event:
    """Append one line in a transaction of its own."""
    said: Json = {**payload}
    async with store.write() as tx:
        return await journal.append(
            tx, subject=subject, kind=Kind.NOTED, at=NOW, actor=ASKER, payload=said, seq=seq
        )


async def everything(store: Store) -> list[Event]:
    """Return all lines."""
    async with store.read() as tx:
        return [event async for event in journal.everything(tx)]


async def test_an_empty_journal_begins_at_genesis(store: Store) -> None:
    """No line means count 0 and the agreed first hash."""
    async with store.read() as tx:
        assert await journal.head(tx) == (0, GENESIS)
    assert await everything(store) == []


async def test_lines_come_back_as_they_were_written(store: Store) -> None:
    """What is read equals what append returned, to the microsecond and to the emoji."""
    at = (NOW + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=1)))
    payload: Json = {"step": "do:0", "detail": 'né "🐍" \u0000', "names": ["a", None, 1.5, True]}
    async with store.write() as tx:
        written = await journal.append(
            tx, subject="r1", kind=Kind.STARTED, at=at, actor=ASKER, payload=payload
        )
    assert await everything(store) == [written]
    assert flaw(await everything(store)) is None
    async with store.read() as tx:
        assert await journal.of(tx, "r1") == [written]
        assert await journal.head(tx) == (1, written.hash)


async def test_each_subject_counts_its_own_lines(store: Store) -> None:
    """n counts all lines, seq those of a subject."""
    written = [await note(store, subject) for subject in ("r1", "r2", "r1")]
    assert [(event.n, event.seq) for event in written] == [(1, 1), (2, 1), (3, 2)]
    async with store.read() as tx:
        assert await journal.of(tx, "r1") == [written[0], written[2]]


@pytest.mark.parametrize("seq", [1, 2, 4])
async def test_a_seq_that_is_not_the_next_conflicts_and_spoils_nothing(store: Store, seq: int) -> None:
    """Who decided from old lines is told; the transaction still works afterwards."""
    await note(store, "r1")
    await note(store, "r1")
    async with store.write() as tx:
        with pytest.raises(Conflict):
            await journal.append(tx, subject="r1", kind=Kind.NOTED, at=NOW, actor=CLOCK, payload={}, seq=seq)
        await journal.append(tx, subject="r1", kind=Kind.NOTED, at=NOW, actor=CLOCK, payload={}, seq=3)
    assert len(await everything(store)) == 3


async def test_many_writers_keep_one_chain(store: Store, migrated_url: str) -> None:
    """Lines from two processes' worth of tasks follow each other without a gap."""
    other = await Store.open(migrated_url)
    await asyncio.gather(*(note(one, f"r{n % 5}") for n in range(40) for one in (store, other)))
    await other.close()
    events = await everything(store)
    assert len(events) == 80
    assert flaw(events) is None


async def test_of_many_writers_of_one_line_one_wins(store: Store, migrated_url: str) -> None:
    """The same seq is taken once, every other writer is told."""
    other = await Store.open(migrated_url)
    outcomes = await asyncio.gather(
        *(note(one, "r1", seq=1, by=str(n)) for n in range(10) for one in (store, other)),
        return_exceptions=True,
    )
    await other.close()
    assert sum(isinstance(outcome, Event) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    assert len(await everything(store)) == 1


async def test_a_transaction_may_write_several_lines(store: Store) -> None:
    """Lines of one transaction follow each other; all or none are kept."""

    async def write(fail: bool) -> None:
        async with store.write() as tx:
            for subject in ("r1", "r1", "r2"):
                await journal.append(tx, subject=subject, kind=Kind.NOTED, at=NOW, actor=ASKER, payload={})
            if fail:
                raise RuntimeError

    await write(fail=False)
    with pytest.raises(RuntimeError):
        await write(fail=True)
    events = await everything(store)
    assert len(events) == 3
    assert flaw(events) is None


async def test_pages_join_without_loss(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """More lines than a page holds are all given, in order."""
    monkeypatch.setattr(journal, "PAGE", 2)
    for n in range(4):
        await note(store, f"r{n}")
    assert [event.n for event in await everything(store)] == [1, 2, 3, 4]


async def test_the_newest_matching_lines_are_found(store: Store) -> None:
    """Subject, person in any case, time and number narrow the lines; they come oldest first."""
    for n in range(6):
        async with store.write() as tx:
            await journal.append(
                tx,
                subject=f"r{n % 2}",
                kind=Kind.NOTED,
                at=NOW + timedelta(minutes=n),
                actor=ASKER if n % 3 else CLOCK,
                payload={},
            )

    async def found(**match: object) -> list[int]:
        async with store.read() as tx:
            return [event.n for event in await journal.lines(tx, **match)]  # type: ignore[arg-type] # any mix

    assert await found() == [1, 2, 3, 4, 5, 6]
    assert await found(limit=2) == [5, 6]
    assert await found(subject="r1") == [2, 4, 6]
    assert await found(subject="r1", limit=1) == [6]
    assert await found(who="Organiser-1") == [2, 3, 5, 6]
    assert await found(who="the clock", subject="r0") == [1]
    assert await found(since=NOW + timedelta(minutes=4)) == [5, 6]
    assert await found(since=NOW + timedelta(minutes=4), who="organiser-1", limit=1) == [6]
    assert await found(until=NOW + timedelta(minutes=4), limit=2) == [3, 4]
    assert await found(who="nobody") == []
