"""Filed requests: the frozen body, the present state, and when something is due."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, union_all, update

from bot.core.change import Request
from bot.core.status import State
from bot.store import Transaction
from bot.store.errors import Conflict
from bot.store.tables import NUMBERS, REQUESTS, insert_new

PAGE = 500


async def next_number(tx: Transaction, of: str = "request") -> int:
    """Return a number no other request, or other thing of that name, has; taken back when *tx* is."""
    counted = update(NUMBERS).where(NUMBERS.c.name == of).values(last=NUMBERS.c.last + 1)
    number: int = (await tx.execute(counted.returning(NUMBERS.c.last))).scalar_one()
    return number


async def file(tx: Transaction, request: Request, state: State, due_at: datetime | None) -> None:
    """Keep a new request; Conflict when its id is known already."""
    new = {
        "id": request.id,
        "number": request.number,
        "state": state.value,
        "due_at": due_at,
        "body": request.model_dump_json(),
    }
    if not await insert_new(tx, REQUESTS, new):
        raise Conflict(f"request {request.id} or its number {request.number} is filed already")


async def lock(tx: Transaction, request_id: str) -> Request | None:
    """Return one request and hold its row until *tx* ends: whoever decides comes here first."""
    query = select(REQUESTS.c.body).where(REQUESTS.c.id == request_id).with_for_update()
    return _request(await tx.scalar(query))


async def get(tx: Transaction, request_id: str) -> Request | None:
    """Return one request."""
    return _request(await tx.scalar(select(REQUESTS.c.body).where(REQUESTS.c.id == request_id)))


async def by_number(tx: Transaction, number: int) -> tuple[Request, State] | None:
    """Return one request and its state."""
    query = select(REQUESTS.c.body, REQUESTS.c.state).where(REQUESTS.c.number == number)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else (Request.model_validate_json(row.body), State(row.state))


async def newest(
    tx: Transaction, states: Sequence[State] = (), limit: int = 20
) -> list[tuple[Request, State]]:
    """Return the newest requests in any of *states* (all when empty), newest first."""
    wanted = select(REQUESTS.c.number, REQUESTS.c.state, REQUESTS.c.body)
    wanted = wanted.order_by(REQUESTS.c.number.desc()).limit(limit)
    rows = await tx.execute(_in_states(wanted, states, limit) if states else wanted)
    return [(Request.model_validate_json(row.body), State(row.state)) for row in rows]


async def counted(tx: Transaction) -> dict[State, int]:
    """Return how many requests are in each state that any is in."""
    query = select(REQUESTS.c.state, func.count().label("number")).group_by(REQUESTS.c.state)
    return {State(row.state): row.number for row in await tx.execute(query)}


async def state(tx: Transaction, request_id: str) -> State | None:
    """Return the state of one request."""
    found = await tx.scalar(select(REQUESTS.c.state).where(REQUESTS.c.id == request_id))
    return None if found is None else State(found)


async def set_state(tx: Transaction, request_id: str, state: State, due_at: datetime | None) -> None:
    """Note where a request is now, and when it is to be looked at next."""
    changed = update(REQUESTS).where(REQUESTS.c.id == request_id)
    await tx.execute(changed.values(state=state.value, due_at=due_at))


async def due(tx: Transaction, now: datetime, limit: int = 100) -> list[str]:
    """Return the ids of requests to be looked at by *now*, longest due first."""
    query = select(REQUESTS.c.id).where(REQUESTS.c.due_at <= now).order_by(REQUESTS.c.due_at).limit(limit)
    return list(await tx.scalars(query))


async def everything(tx: Transaction) -> AsyncIterator[tuple[Request, State]]:
    """Give all requests and their states, by number, a page at a time."""
    last = 0
    while True:
        query = select(REQUESTS.c.body, REQUESTS.c.state).where(REQUESTS.c.number > last)
        rows = await tx.execute(query.order_by(REQUESTS.c.number).limit(PAGE))
        page = [(Request.model_validate_json(row.body), State(row.state)) for row in rows]
        for each in page:
            yield each
        if len(page) < PAGE:
            return
        last = page[-1][0].number


def _request(body: str | None) -> Request | None:
    return None if body is None else Request.model_validate_json(body)


def _in_states(
    wanted: Select[tuple[int, str, str]], states: Sequence[State], limit: int
) -> Select[tuple[int, str, str]]:
    """Return the newest of each state, merged: each part walks its own end of the index."""
    parts = (select(wanted.where(REQUESTS.c.state == one.value).subquery()) for one in dict.fromkeys(states))
    merged = union_all(*parts).subquery()
    query: Select[tuple[int, str, str]] = select(merged.c.number, merged.c.state, merged.c.body)
    return query.order_by(merged.c.number.desc()).limit(limit)
