"""Time-bound grants: what runs, and when it ends."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from bot.core.command import Grant
from bot.store import Transaction
from bot.store.errors import Conflict
from bot.store.tables import GRANTS, insert_new


class GrantState(StrEnum):
    """Where a grant is; *asked*: its target drifted, so its end waits for a decision."""

    RUNNING = "running"
    ENDED = "ended"
    SUPERSEDED = "superseded"
    ASKED = "asked"


async def start(tx: Transaction, grant: Grant, due_at: datetime | None) -> None:
    """Keep a grant that runs from now on; Conflict when its request has one already."""
    new = {
        "request_id": grant.request,
        "number": grant.number,
        "ends_at": grant.ends_at,
        "due_at": due_at,
        "state": GrantState.RUNNING.value,
        "body": grant.model_dump_json(),
    }
    if not await insert_new(tx, GRANTS, new):
        raise Conflict(f"the grant of request {grant.request} is kept already")


async def get(tx: Transaction, request_id: str) -> tuple[Grant, GrantState] | None:
    """Return the grant of one request, and where it is."""
    query = select(GRANTS.c.body, GRANTS.c.state).where(GRANTS.c.request_id == request_id)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else (Grant.model_validate_json(row.body), GrantState(row.state))


async def running(tx: Transaction) -> list[Grant]:
    """Return the grants that run, first to end first."""
    query = select(GRANTS.c.body).where(GRANTS.c.state == GrantState.RUNNING.value)
    rows = await tx.scalars(query.order_by(GRANTS.c.ends_at, GRANTS.c.number))
    return [Grant.model_validate_json(body) for body in rows]


async def set_state(tx: Transaction, request_id: str, state: GrantState, due_at: datetime | None) -> None:
    """Note where a grant is now, and when it is to be looked at next."""
    changed = update(GRANTS).where(GRANTS.c.request_id == request_id)
    await tx.execute(changed.values(state=state.value, due_at=due_at))


async def due(tx: Transaction, now: datetime, limit: int = 100) -> list[str]:
    """Return the requests whose grants are to be looked at by *now*, longest due first."""
    query = select(GRANTS.c.request_id).where(GRANTS.c.due_at <= now).order_by(GRANTS.c.due_at).limit(limit)
    return list(await tx.scalars(query))


async def between(tx: Transaction, since: datetime, until: datetime) -> list[tuple[Grant, GrantState]]:
    """Return the grants whose ends came after *since* and until *until*, first to end first."""
    query = select(GRANTS.c.body, GRANTS.c.state).where(GRANTS.c.ends_at > since, GRANTS.c.ends_at <= until)
    rows = await tx.execute(query.order_by(GRANTS.c.ends_at, GRANTS.c.number))
    return [(Grant.model_validate_json(row.body), GrantState(row.state)) for row in rows]


async def over(tx: Transaction, until: datetime, limit: int | None = None) -> list[tuple[Grant, GrantState]]:
    """Return the grants whose ends came until *until*, wherever they are now, first to end first."""
    query = select(GRANTS.c.body, GRANTS.c.state).where(GRANTS.c.ends_at <= until)
    rows = await tx.execute(query.order_by(GRANTS.c.ends_at, GRANTS.c.number).limit(limit))
    return [(Grant.model_validate_json(row.body), GrantState(row.state)) for row in rows]


async def end_at(tx: Transaction, request_id: str, ends_at: datetime) -> None:
    """Move the end of a running grant."""
    found = await get(tx, request_id)
    assert found is not None
    body = found[0].model_copy(update={"ends_at": ends_at}).model_dump_json()
    moved = update(GRANTS).where(GRANTS.c.request_id == request_id)
    await tx.execute(moved.values(ends_at=ends_at, due_at=ends_at, body=body))
