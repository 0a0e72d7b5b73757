"""The message in the approvals channel that says what a vendor does not let the bot do any more."""

from datetime import datetime

import structlog
from pydantic import BaseModel

from bot.core.reply import Notice, Reply, Text
from bot.core.values import Json
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.frontends.slack.render import render

log = structlog.get_logger()


class Lacks(BaseModel):
    """What is in the bot's way at a vendor; nothing when all is well again."""

    vendor: str
    at: datetime
    lacks: tuple[str, ...]

    def told(self) -> Reply:
        """Return the message."""
        if not self.lacks:
            return Reply(title=f"{self.vendor} lets the bot do all that it must again.")
        then = "Until then a request that needs it stops there and says so; ask again afterwards."
        return Reply(
            title=f"{self.vendor}: the bot cannot do all that it must",
            blocks=(*(Notice(level="bad", text=each) for each in self.lacks), Text(text=then)),
        )


async def tell(payload: Json, outgoing: Outgoing, channel: str) -> None:
    """Post what a look at our rights found, once."""
    found = Lacks.model_validate(payload)
    key = f"lacks:{found.vendor}:{found.at.isoformat()}"
    try:
        if await outgoing.find(channel, key, found.at) is None:
            await outgoing.post(channel, render(found.told()), key=key)
    except SlackRefused as refused:
        log.warning("cannot tell of missing rights", why=refused.code)
