"""Ticket sales as we keep them: each year's, a snapshot of every day, and which event they are of."""

from datetime import date

from sqlalchemy import delete, select

from bot.core.tickets import Sales, Season
from bot.store import Transaction
from bot.store.tables import FOLLOWED, SEASONS, SNAPSHOTS, insert


async def seasons(tx: Transaction) -> tuple[Season, ...]:
    """Return the years, oldest first."""
    bodies = await tx.scalars(select(SEASONS.c.body).order_by(SEASONS.c.year))
    return tuple(Season.model_validate_json(body) for body in bodies)


async def season(tx: Transaction, year: int) -> Season | None:
    """Return one year."""
    body = await tx.scalar(select(SEASONS.c.body).where(SEASONS.c.year == year))
    return None if body is None else Season.model_validate_json(body)


async def put(tx: Transaction, changed: Season) -> None:
    """Keep a year, in the place of what was kept of it."""
    row = {"year": changed.year, "body": changed.model_dump_json()}
    new = insert(tx, SEASONS).values(row)
    await tx.execute(new.on_conflict_do_update(index_elements=["year"], set_=row))


async def remove(tx: Transaction, year: int) -> None:
    """Forget a year."""
    await tx.execute(delete(SEASONS).where(SEASONS.c.year == year))


async def snap(tx: Transaction, day: date, sales: Sales) -> None:
    """Keep the sums of a day of ours; the day's last ones stand. Its curve is kept with the year."""
    body = sales.model_copy(update={"days": ()}).model_dump_json()
    row = {"conference": sales.conference.name, "day": f"{day}", "at": sales.at, "body": body}
    new = insert(tx, SNAPSHOTS).values(row)
    await tx.execute(new.on_conflict_do_update(index_elements=["conference", "day"], set_=row))


async def newest(tx: Transaction) -> Sales | None:
    """Return the newest snapshot of any conference."""
    body = await tx.scalar(select(SNAPSHOTS.c.body).order_by(SNAPSHOTS.c.at.desc()).limit(1))
    return None if body is None else Sales.model_validate_json(body)


async def snapshots(tx: Transaction, conference: str, since: date) -> tuple[Sales, ...]:
    """Return the snapshots of a conference from a day on, oldest first."""
    ours = (SNAPSHOTS.c.conference == conference) & (SNAPSHOTS.c.day >= f"{since}")
    bodies = await tx.scalars(select(SNAPSHOTS.c.body).where(ours).order_by(SNAPSHOTS.c.day))
    return tuple(Sales.model_validate_json(body) for body in bodies)


async def followed(tx: Transaction, seller: str) -> str | None:
    """Return the event that figures of a *seller* are of; None while nobody said."""
    event: str | None = await tx.scalar(select(FOLLOWED.c.event).where(FOLLOWED.c.seller == seller))
    return event


async def follow(tx: Transaction, seller: str, event: str | None) -> None:
    """Keep which event figures of a *seller* are of; None forgets it."""
    await tx.execute(delete(FOLLOWED).where(FOLLOWED.c.seller == seller))
    if event is not None:
        await tx.execute(insert(tx, FOLLOWED).values(seller=seller, event=event))
