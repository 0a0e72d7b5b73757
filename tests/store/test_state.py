"""The rows that are state: every table has its place, and what is read comes back as it was."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Integer, insert, select

from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.values import Json
from bot.store import Store, journal, requests, state
from bot.store.tables import NUMBERS, PEOPLE, PEOPLE_SLACK, REQUESTS, Canonical, Instant, metadata

AT = datetime(2026, 6, 15, 8, 0, 0, 7, tzinfo=UTC)


def test_each_table_has_its_place() -> None:
    """A table is exported, or apart, derived or fleeting: whoever adds one says which."""
    places = [*state.STATE, *state.APART, *state.DERIVED, *state.FLEETING]
    assert sorted(table.name for table in places) == sorted(metadata.tables)


def sample(column: Column[Any], n: int) -> Any:
    """Return the *n*-th value of a column."""
    if isinstance(column.type, Instant):
        return AT if n else None if column.nullable else AT
    if isinstance(column.type, Canonical):
        return {"holds": "Käse", "n": n} if n else None
    if isinstance(column.type, Boolean):
        return bool(n)
    if isinstance(column.type, Integer):
        return n
    if column.name == "body":
        return f'{{"name":"Zoë {n}","slack":["U{n}","W{n}"],"on":null}}'
    return f"r{n}" if column.foreign_keys else f"{'aB'[n]} {n}"


async def test_rows_come_back_as_they_were(store: Store) -> None:
    """All kinds of values are the same to the letter in either database, in the same order."""
    async with store.write() as tx:
        for n in (0, 1):
            filed = {"id": f"r{n}", "number": n, "state": "applied", "due_at": None, "body": "{}"}
            await tx.execute(insert(REQUESTS).values(filed))
        for table in state.STATE:
            said = [{c.name: sample(c, n) for c in table.columns} for n in (1, 0)]
            await tx.execute(table.delete())
            await tx.execute(insert(table), said)
        before = {table.name: await state.rows(tx, table) for table in state.STATE}
        for table in state.STATE:
            await state.bring(tx, table, before[table.name])
        assert {table.name: await state.rows(tx, table) for table in state.STATE} == before
        accounts = list(await tx.scalars(select(PEOPLE_SLACK.c.slack).order_by(PEOPLE_SLACK.c.slack)))
    assert accounts == ["U0", "U1", "W0", "W1"]
    assert before["people"][0] == {
        "key": "B 1",
        "body": {"name": "Zoë 1", "slack": ["U1", "W1"], "on": None},
    }
    assert before["baseline"][0]["touched_at"] == "2026-06-15T08:00:00.000007+00:00"


async def test_a_database_is_empty_until_something_is_kept(store: Store) -> None:
    """What migrations made is nothing; a person is something, or a line; wiped, it is empty again."""
    async with store.write() as tx:
        assert await state.is_empty(tx)
        await tx.execute(insert(PEOPLE).values(key="cory", body="{}"))
        assert not await state.is_empty(tx)
        numbers = await state.rows(tx, NUMBERS)
        said: Json = {"text": "Zoë"}
        line = await journal.append(tx, subject="s", kind=Kind.NOTED, at=AT, actor=CLOCK, payload=said)
        await requests.next_number(tx)
        await state.wipe(tx)
        assert await state.is_empty(tx)
        assert await state.rows(tx, NUMBERS) == numbers
        await journal.bring(tx, [line])
        assert await journal.of(tx, "s") == [line]
        assert await journal.head(tx) == (1, line.hash)
        assert not await state.is_empty(tx)
