"""Charges that people recorded, by vendor, and the bill of every day."""

from datetime import date

from sqlalchemy import delete, select

from bot.core.costs import Bill, Charge
from bot.store import Transaction
from bot.store.tables import BILLS, CHARGES, insert


async def everything(tx: Transaction) -> dict[str, Charge]:
    """Return what was recorded of each vendor."""
    rows = await tx.execute(select(CHARGES.c.vendor, CHARGES.c.body))
    return {vendor: Charge.model_validate_json(body) for vendor, body in rows}


async def put(tx: Transaction, vendor: str, charge: Charge) -> None:
    """Keep what a vendor charges, in the place of what was recorded of it."""
    row = {"vendor": vendor, "body": charge.model_dump_json()}
    new = insert(tx, CHARGES).values(row)
    await tx.execute(new.on_conflict_do_update(index_elements=["vendor"], set_=row))


async def remove(tx: Transaction, vendor: str) -> None:
    """Forget what was recorded of a vendor."""
    await tx.execute(delete(CHARGES).where(CHARGES.c.vendor == vendor))


async def keep(tx: Transaction, bill: Bill) -> None:
    """Keep the bill of a day; the day's last one stands."""
    row = {"day": f"{bill.today}", "body": bill.model_dump_json()}
    new = insert(tx, BILLS).values(row)
    await tx.execute(new.on_conflict_do_update(index_elements=["day"], set_=row))


async def kept(tx: Transaction, until: date) -> Bill | None:
    """Return the bill of a day, or the last one before; None when there is none."""
    query = select(BILLS.c.body).where(BILLS.c.day <= f"{until}").order_by(BILLS.c.day.desc()).limit(1)
    body = await tx.scalar(query)
    return None if body is None else Bill.model_validate_json(body)
