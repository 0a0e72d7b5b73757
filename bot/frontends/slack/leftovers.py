"""The message in the approvals channel that says what ended grants left over."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from pydantic import TypeAdapter

from bot.core.leftover import Left, told
from bot.core.values import Json
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.frontends.slack.render import render

_LEFTS = TypeAdapter(tuple[Left, ...])
log = structlog.get_logger()


async def tell(payload: Json, outgoing: Outgoing, channel: str, zone: ZoneInfo) -> None:
    """Post what a night's look found, once, with a button that asks for its removal."""
    at, lefts = datetime.fromisoformat(str(payload["at"])), _LEFTS.validate_python(payload["left"])
    key = f"leftovers:{at.isoformat()}"
    try:
        if await outgoing.find(channel, key, at) is None:
            await outgoing.post(channel, render(told(lefts, zone)), key=key)
    except SlackRefused as refused:
        log.warning("cannot tell of leftovers", why=refused.code)
