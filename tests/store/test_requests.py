"""Requests: kept as they were filed, found again, decided one at a time."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.status import State
from bot.store import Conflict, Store, requests
from tests.store.samples import NOW, request


async def file(store: Store, number: int, state: State = State.PENDING) -> None:
    """File a request of that number."""
    async with store.write() as tx:
        await requests.file(tx, request(number), state, NOW)


async def test_a_request_comes_back_as_it_was_filed(store: Store) -> None:
    """Every way to read it gives an equal request with the same digest."""
    await file(store, 7)
    async with store.read() as tx:
        read = await requests.get(tx, "r7")
        assert read is not None
        assert (read, read.digest) == (request(7), request(7).digest)
        assert await requests.by_number(tx, 7) == (request(7), State.PENDING)
        assert await requests.state(tx, "r7") is State.PENDING
    async with store.write() as tx:
        assert await requests.lock(tx, "r7") == request(7)


async def test_an_unknown_request_is_none(store: Store) -> None:
    """Each way to read says None for what was never filed."""
    async with store.write() as tx:
        assert await requests.get(tx, "r1") is None
        assert await requests.lock(tx, "r1") is None
        assert await requests.by_number(tx, 1) is None
        assert await requests.state(tx, "r1") is None


async def test_an_id_is_filed_once_and_spoils_nothing(store: Store) -> None:
    """Who files the same id again is told; the transaction still works."""
    await file(store, 1)
    async with store.write() as tx:
        with pytest.raises(Conflict):
            await requests.file(tx, request(2, key="r1"), State.PENDING, None)
        await requests.file(tx, request(2), State.PENDING, None)
    async with store.read() as tx:
        assert await requests.get(tx, "r1") == request(1)
        assert await requests.get(tx, "r2") == request(2)


async def test_numbers_are_unique_among_many_askers(store: Store, migrated_url: str) -> None:
    """Two processes that count at once never give the same number."""
    other = await Store.open(migrated_url)

    async def count(one: Store) -> int:
        async with one.write() as tx:
            return await requests.next_number(tx)

    numbers = await asyncio.gather(*(count(one) for _ in range(20) for one in (store, other)))
    await other.close()
    assert sorted(numbers) == list(range(1, 41))


async def test_the_newest_are_listed_by_state(store: Store) -> None:
    """States narrow the list; the newest come first; no more than asked."""
    states = [State.PENDING, State.APPLIED, State.DENIED]
    for number in range(1, 10):
        await file(store, number, states[number % 3])

    async def listed(*wanted: State, limit: int = 20) -> list[int]:
        async with store.read() as tx:
            return [one.number for one, _ in await requests.newest(tx, wanted, limit)]

    assert await listed() == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert await listed(limit=2) == [9, 8]
    assert await listed(State.PENDING) == [9, 6, 3]
    assert await listed(State.PENDING, State.DENIED, limit=3) == [9, 8, 6]
    assert await listed(State.PENDING, State.PENDING) == [9, 6, 3]
    assert await listed(State.EXPIRED) == []


async def test_the_newest_carry_their_state(store: Store) -> None:
    """A listed request says where it is."""
    await file(store, 1, State.WAITING)
    async with store.read() as tx:
        assert await requests.newest(tx) == [(request(1), State.WAITING)]


async def test_what_is_due_is_listed_longest_due_first(store: Store) -> None:
    """Only what has a time that came is due."""
    for number in (1, 2, 3, 4):
        await file(store, number)
    async with store.write() as tx:
        await requests.set_state(tx, "r1", State.APPLIED, None)
        await requests.set_state(tx, "r2", State.APPROVED, NOW)
        await requests.set_state(tx, "r3", State.WAITING, NOW - timedelta(microseconds=1))
        await requests.set_state(tx, "r4", State.PENDING, NOW + timedelta(microseconds=1))
    async with store.read() as tx:
        assert await requests.due(tx, NOW) == ["r3", "r2"]
        assert await requests.due(tx, NOW, limit=1) == ["r3"]
        assert await requests.state(tx, "r3") is State.WAITING


async def test_who_locks_a_request_decides_before_the_next_may_look(store: Store, migrated_url: str) -> None:
    """Of two who lock the same request, the second sees what the first wrote."""
    await file(store, 1)
    other = await Store.open(migrated_url)
    order: list[str] = []
    locked = asyncio.Event()

    async def first() -> None:
        async with store.write() as tx:
            await requests.lock(tx, "r1")
            locked.set()
            await asyncio.sleep(0.2)
            await requests.set_state(tx, "r1", State.APPROVED, None)
            order.append("first")

    async def second() -> State | None:
        await locked.wait()
        async with other.write() as tx:
            await requests.lock(tx, "r1")
            order.append("second")
            return await requests.state(tx, "r1")

    _, seen = await asyncio.gather(first(), second())
    await other.close()
    assert order == ["first", "second"]
    assert seen is State.APPROVED


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
async def test_a_lock_holds_one_request_alone(store: Store, migrated_url: str) -> None:
    """While one request is decided, another can be."""
    await file(store, 1)
    await file(store, 2)
    other = await Store.open(migrated_url)
    async with store.write() as tx, asyncio.timeout(5):
        await requests.lock(tx, "r1")
        async with other.write() as tx2:
            assert await requests.lock(tx2, "r2") == request(2)
    await other.close()
