"""Which day each appointment is at: moved on by compare-and-set, so that a day's digest begins once."""

from datetime import date

from sqlalchemy import select, update

from bot.core.values import Value
from bot.store import Transaction
from bot.store.tables import APPOINTMENTS, insert_new


class Day(Value):
    """The newest day of an appointment, and whether its digest is still looked after."""

    day: date
    going: bool


async def last(tx: Transaction, key: str) -> Day | None:
    """Return where an appointment is; None when nobody saw it yet."""
    query = select(APPOINTMENTS.c.day, APPOINTMENTS.c.going).where(APPOINTMENTS.c.key == key)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else Day(day=date.fromisoformat(row.day), going=row.going)


async def replace(tx: Transaction, key: str, known: Day | None, new: Day) -> bool:
    """Move an appointment on from where it was *known* to be; return False when it is there no longer."""
    values = {"day": f"{new.day}", "going": new.going}
    if known is None:
        return await insert_new(tx, APPOINTMENTS, {"key": key, **values})
    query = update(APPOINTMENTS).where(APPOINTMENTS.c.key == key, APPOINTMENTS.c.day == f"{known.day}")
    return (await tx.execute(query.where(APPOINTMENTS.c.going == known.going).values(values))).rowcount == 1
