"""When the bot was last there."""

from datetime import datetime

from sqlalchemy import select, update

from bot.store import Transaction
from bot.store.tables import PRESENCE, insert_new

ONE = 1


async def seen(tx: Transaction, now: datetime) -> datetime | None:
    """Note that the bot is there at *now*; return when it was there before, None the first time.

    The row is held until *tx* ends: of two processes that come back at once, one learns of the gap.
    """
    if await insert_new(tx, PRESENCE, {"id": ONE, "at": now}):
        return None
    last: datetime = (await tx.execute(select(PRESENCE.c.at).with_for_update())).scalar_one()
    await tx.execute(update(PRESENCE).values(at=now))
    return last
