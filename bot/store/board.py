"""How each vendor did and does, and which services the owners decided on."""

from datetime import datetime

from sqlalchemy import delete, func, select, tuple_

from bot.core.board import Seen
from bot.store import Transaction
from bot.store.tables import BOARD, DECISIONS, insert


async def latest(tx: Transaction) -> dict[str, Seen]:
    """Return each vendor as it was looked at last."""
    newest = select(BOARD.c.vendor, func.max(BOARD.c.since)).group_by(BOARD.c.vendor)
    rows = await tx.scalars(select(BOARD.c.body).where(tuple_(BOARD.c.vendor, BOARD.c.since).in_(newest)))
    found = map(Seen.model_validate_json, rows)
    return {each.vendor: each for each in found}


async def last(tx: Transaction, vendor: str) -> Seen | None:
    """Return a vendor as it was looked at last, and hold its row until *tx* ends."""
    query = select(BOARD.c.body).where(BOARD.c.vendor == vendor).order_by(BOARD.c.since.desc()).limit(1)
    body = await tx.scalar(query.with_for_update())
    return None if body is None else Seen.model_validate_json(body)


async def past(tx: Transaction, vendor: str, limit: int) -> tuple[Seen, ...]:
    """Return how a vendor did each time that it began to do otherwise, the newest first."""
    query = select(BOARD.c.body).where(BOARD.c.vendor == vendor).order_by(BOARD.c.since.desc()).limit(limit)
    return tuple(map(Seen.model_validate_json, await tx.scalars(query)))


async def put(tx: Transaction, seen: Seen) -> None:
    """Keep how a vendor does: in the place of what was looked at since it does so."""
    kept = {"looked_at": seen.looked_at, "body": seen.model_dump_json()}
    new = insert(tx, BOARD).values(vendor=seen.vendor, since=seen.since, **kept)
    await tx.execute(new.on_conflict_do_update(index_elements=["vendor", "since"], set_=kept))


async def prune(tx: Transaction, before: datetime) -> None:
    """Forget how vendors did that were otherwise already *before* a time."""
    await tx.execute(delete(BOARD).where(BOARD.c.looked_at < before))


async def decisions(tx: Transaction, year: int) -> dict[str, bool]:
    """Return of each service that was decided on for a year whether it is needed."""
    rows = await tx.execute(select(DECISIONS.c.service, DECISIONS.c.needed).where(DECISIONS.c.year == year))
    return {row.service: row.needed for row in rows}


async def decide(tx: Transaction, service: str, year: int, needed: bool | None) -> None:
    """Keep whether a service is needed in a year; None: that this is open again."""
    if needed is None:
        mine = (DECISIONS.c.service == service) & (DECISIONS.c.year == year)
        await tx.execute(delete(DECISIONS).where(mine))
        return
    new = insert(tx, DECISIONS).values(service=service, year=year, needed=needed)
    kept = {"needed": needed}
    await tx.execute(new.on_conflict_do_update(index_elements=["service", "year"], set_=kept))
