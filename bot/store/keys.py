"""What people proved by logging in at vendors themselves, and who can open which vault."""

from datetime import date

from sqlalchemy import delete, select

from bot.core.keys import Proof, Vault
from bot.store import Transaction
from bot.store.tables import PROOFS, VAULTS, insert


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
    if vault is None:
        await tx.execute(delete(VAULTS).where(VAULTS.c.name == name))
        return
    body = vault.model_dump_json()
    new = insert(tx, VAULTS).values(name=name, body=body)
    await tx.execute(new.on_conflict_do_update(index_elements=["name"], set_={"body": body}))
