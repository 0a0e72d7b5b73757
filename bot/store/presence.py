"""When the bot was last there: as a whole, and its workers."""

from datetime import datetime

from sqlalchemy import select, update

from bot.store import Transaction
from bot.store.tables import PRESENCE, insert_new

BOT = 1
WORKER = 2


async def seen(tx: Transaction, now: datetime, who: int = BOT) -> datetime | None:
    """Note that somebody is there at *now*; return when they were there before, None the first time.

    The row is held until *tx* ends: of two processes that come back at once, one learns of the gap.
    """
    if await insert_new(tx, PRESENCE, {"id": who, "at": now}):
        return None
    row = PRESENCE.c.id == who
    last: datetime = (await tx.execute(select(PRESENCE.c.at).where(row).with_for_update())).scalar_one()
    await tx.execute(update(PRESENCE).where(row).values(at=now))
    return last


async def last(tx: Transaction, who: int) -> datetime | None:
    """Return when somebody was last there; None if never."""
    at: datetime | None = await tx.scalar(select(PRESENCE.c.at).where(PRESENCE.c.id == who))
    return at
