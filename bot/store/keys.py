"""What people proved by logging in at vendors themselves, who can open which vault, how old secrets are."""

from datetime import date

from sqlalchemy import Table, delete, select

from bot.core.keys import Proof, Vault
from bot.core.secret import Made
from bot.core.values import Value
from bot.store import Transaction
from bot.store.tables import PROOFS, SECRETS, VAULTS, insert


async def proofs(tx: Transaction) -> tuple[Proof, ...]:
    """Return all proofs: of one person at one vendor the last."""
    rows = await tx.execute(select(PROOFS.c.vendor, PROOFS.c.person, PROOFS.c.day))
    return tuple(Proof(vendor=row.vendor, person=row.person, on=date.fromisoformat(row.day)) for row in rows)


async def put(tx: Transaction, proof: Proof) -> None:
    """Keep a proof, in the place of an earlier one."""
    row = {"vendor": proof.vendor, "person": proof.person, "day": f"{proof.on}"}
    new = insert(tx, PROOFS).values(row)
    await tx.execute(new.on_conflict_do_update(index_elements=["vendor", "person"], set_=row))


async def remove(tx: Transaction, vendor: str, person: str) -> None:
    """Forget what somebody proved at a vendor."""
    await tx.execute(delete(PROOFS).where((PROOFS.c.vendor == vendor) & (PROOFS.c.person == person)))


async def vaults(tx: Transaction) -> dict[str, Vault]:
    """Return who can open each vault, by its name."""
    rows = await tx.execute(select(VAULTS.c.name, VAULTS.c.body).order_by(VAULTS.c.name))
    return {row.name: Vault.model_validate_json(row.body) for row in rows}


async def put_vault(tx: Transaction, name: str, vault: Vault | None) -> None:
    """Keep who can open a vault, in the place of what was kept of it; None: forget it."""
    await _put(tx, VAULTS, name, vault)


async def made(tx: Transaction) -> dict[str, Made]:
    """Return when each secret was made of which somebody said it, by its key in the settings."""
    rows = await tx.execute(select(SECRETS.c.name, SECRETS.c.body))
    return {row.name: Made.model_validate_json(row.body) for row in rows}


async def put_made(tx: Transaction, key: str, made: Made | None) -> None:
    """Keep when a secret was made, in the place of what was kept of it; None: forget it."""
    await _put(tx, SECRETS, key, made)


async def _put(tx: Transaction, table: Table, name: str, value: Value | None) -> None:
    if value is None:
        await tx.execute(delete(table).where(table.c.name == name))
        return
    body = value.model_dump_json()
    new = insert(tx, table).values(name=name, body=body)
    await tx.execute(new.on_conflict_do_update(index_elements=["name"], set_={"body": body}))
