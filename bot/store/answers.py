"""Answers that can be shared, kept for a day as they were shown."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.core.reply import Reply
from bot.core.values import Value
from bot.store import Transaction
from bot.store.tables import ANSWERS, insert_new

REMEMBERED = timedelta(days=1)


class Answer(Value):
    """What somebody was shown, when, and in which conversation they had asked."""

    reply: Reply
    at: datetime
    channel: str
    thread: str | None = None


async def keep(tx: Transaction, key: str, answer: Answer) -> None:
    """Keep the first answer to the delivery *key*."""
    await insert_new(tx, ANSWERS, {"key": key, "at": answer.at, "body": answer.model_dump_json()})


async def get(tx: Transaction, key: str) -> Answer | None:
    """Return the answer to a delivery while it is kept."""
    body = await tx.scalar(select(ANSWERS.c.body).where(ANSWERS.c.key == key))
    return None if body is None else Answer.model_validate_json(body)


async def prune(tx: Transaction, now: datetime) -> None:
    """Forget what nobody shares any more."""
    await tx.execute(delete(ANSWERS).where(ANSWERS.c.at < now - REMEMBERED))
