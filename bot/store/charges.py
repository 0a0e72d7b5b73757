"""Charges that people recorded, by vendor."""

from sqlalchemy import delete, select

from bot.core.costs import Charge
from bot.store import Transaction
from bot.store.tables import CHARGES, insert


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
