"""Where each request's card and notes are, and what each person's home shows."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from bot.core.values import Value
from bot.store import Transaction
from bot.store.tables import MESSAGES, insert, insert_new


class Message(Value):
    """A message that was sent; *fingerprint* says what it showed, so that nothing is edited in vain."""

    channel: str
    ts: str
    fingerprint: str


async def get(tx: Transaction, request_id: str, place: str) -> Message | None:
    """Return the message of a request at a place such as ``card``."""
    query = select(MESSAGES.c.channel, MESSAGES.c.ts, MESSAGES.c.fingerprint)
    query = query.where(MESSAGES.c.request_id == request_id, MESSAGES.c.place == place)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else Message(channel=row.channel, ts=row.ts, fingerprint=row.fingerprint)


async def at(tx: Transaction, place: str, ids: Iterable[str]) -> dict[str, Message]:
    """Return the messages at one place, such as ``home``, of those of *ids* that have one."""
    query = select(MESSAGES.c.request_id, MESSAGES.c.channel, MESSAGES.c.ts, MESSAGES.c.fingerprint)
    rows = await tx.execute(query.where(MESSAGES.c.request_id.in_([*ids]), MESSAGES.c.place == place))
    return {id_: Message(channel=channel, ts=ts, fingerprint=shown) for id_, channel, ts, shown in rows}


async def put(tx: Transaction, request_id: str, place: str, message: Message) -> None:
    """Keep where a message is and what it shows."""
    new = insert(tx, MESSAGES).values(request_id=request_id, place=place, **message.model_dump())
    await tx.execute(
        new.on_conflict_do_update(index_elements=["request_id", "place"], set_=message.model_dump())
    )


async def replace(
    tx: Transaction, request_id: str, place: str, known: Message | None, message: Message
) -> bool:
    """Keep *message* in place of what was *known* to be there; return False when that is so no longer."""
    if known is None:
        return await insert_new(
            tx, MESSAGES, {"request_id": request_id, "place": place, **message.model_dump()}
        )
    query = update(MESSAGES).where(MESSAGES.c.request_id == request_id, MESSAGES.c.place == place)
    query = query.where(*(MESSAGES.c[name] == value for name, value in known.model_dump().items()))
    return (await tx.execute(query.values(message.model_dump()))).rowcount == 1


async def forget(tx: Transaction, request_id: str, place: str) -> None:
    """Forget a message that was not sent after all."""
    await tx.execute(delete(MESSAGES).where(MESSAGES.c.request_id == request_id, MESSAGES.c.place == place))
