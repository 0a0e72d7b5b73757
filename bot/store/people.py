"""Our people; names are one whatever their case, and a Slack account is one person's."""

from sqlalchemy import delete, insert, select, text

from bot.core.people import Person
from bot.store import Transaction
from bot.store.errors import Conflict
from bot.store.tables import PEOPLE, PEOPLE_SLACK


async def everyone(tx: Transaction) -> tuple[Person, ...]:
    """Return all people, by name."""
    bodies = await tx.scalars(select(PEOPLE.c.body).order_by(PEOPLE.c.key))
    return tuple(Person.model_validate_json(body) for body in bodies)


async def by_name(tx: Transaction, name: str) -> Person | None:
    """Return one person, the name in any case."""
    body = await tx.scalar(select(PEOPLE.c.body).where(PEOPLE.c.key == name.casefold()))
    return None if body is None else Person.model_validate_json(body)


async def put(tx: Transaction, person: Person, was: str | None = None) -> None:
    """Keep *person*, in place of who bears the name or, when renamed, bore the name *was*.

    Conflict when the new name or a Slack account is another person's.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(text("LOCK TABLE people IN SHARE ROW EXCLUSIVE MODE"))  # one writer, readers go on
    key, old = person.name.casefold(), (was or person.name).casefold()
    if key != old and await by_name(tx, key):
        raise Conflict(f"there is somebody called {person.name} already")
    taken = PEOPLE_SLACK.c.slack.in_(person.slack) & (PEOPLE_SLACK.c.key != old)
    if account := await tx.scalar(select(PEOPLE_SLACK.c.slack).where(taken)):
        raise Conflict(f"the Slack account {account} is another person's")
    await remove(tx, old)
    await tx.execute(insert(PEOPLE).values(key=key, body=person.model_dump_json()))
    if accounts := dict.fromkeys(person.slack):
        rows = [{"slack": account, "key": key} for account in accounts]
        await tx.execute(insert(PEOPLE_SLACK), rows)


async def remove(tx: Transaction, name: str) -> None:
    """Forget one person."""
    await tx.execute(delete(PEOPLE).where(PEOPLE.c.key == name.casefold()))
