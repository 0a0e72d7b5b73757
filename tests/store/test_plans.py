"""Lists stay as quick with a million lines as with a thousand: each query walks an index."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.core.status import State
from bot.store import Store, Transaction, grants, inbox, journal, requests
from tests.store.samples import NOW

Query = Callable[[Transaction], Awaitable[object]]

QUERIES: dict[str, Query] = {
    "newest requests": requests.newest,
    "one request": lambda tx: requests.by_number(tx, 1),
    "due requests": lambda tx: requests.due(tx, NOW),
    "due grants": lambda tx: grants.due(tx, NOW),
    "running grants": grants.running,
    "newest lines": journal.lines,
    "lines of a person": lambda tx: journal.lines(tx, who="cory", since=NOW),
    "lines since": lambda tx: journal.lines(tx, since=NOW),
    "lines of a subject": lambda tx: journal.lines(tx, subject="r1", who="cory", since=NOW),
    "all lines of a subject": lambda tx: journal.of(tx, "r1"),
    "waiting deliveries": lambda tx: inbox.waiting(tx, NOW + timedelta(hours=1)),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_a_list_walks_an_index(store: Store, query: Query) -> None:
    """No table is read or sorted as a whole."""
    async with store.read() as tx:
        plan = await explain(tx, query)
    assert plan
    assert all("INDEX" in step or "PRIMARY KEY" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_requests_in_several_states_are_merged_from_their_newest(store: Store) -> None:
    """Each state gives its newest from an index; only those few are sorted."""
    async with store.read() as tx:
        plan = await explain(tx, lambda tx: requests.newest(tx, [State.PENDING, State.APPLIED]))
    searches = [step for step in plan if "requests" in step]
    assert len(searches) == 2
    assert all("USING INDEX ix_requests_state_number (state=?)" in step for step in searches)


async def explain(tx: Transaction, query: Query) -> list[str]:
    """Return the steps of SQLite's plan for the statement that *query* executes."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(tx.sync_connection, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        asked.append((statement, values))

    await query(tx)
    event.remove(tx.sync_connection, "before_cursor_execute", _note)
    ((statement, values),) = asked
    rows = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return [row.detail for row in rows]
