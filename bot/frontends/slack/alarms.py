"""The message in the approvals channel that says what changes the costs, or how much of a budget is spent."""

from datetime import datetime

import structlog
from pydantic import BaseModel

from bot.core.reply import Choice, Choices, Notice, Reply
from bot.core.values import Json
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.frontends.slack.render import render

log = structlog.get_logger()


class Alarms(BaseModel):
    """What people must know of the costs."""

    at: datetime
    texts: tuple[str, ...]

    def told(self) -> Reply:
        """Return the message."""
        all_ = Choices(text="This is said once.", choices=(Choice(label="All costs", line="costs"),))
        notices = (Notice(level="warning", text=each) for each in self.texts)
        return Reply(title="Something to know about our costs", blocks=(*notices, all_))


async def tell(payload: Json, outgoing: Outgoing, channel: str) -> None:
    """Post what a look at the costs found, once."""
    found = Alarms.model_validate(payload)
    key = f"alarms:{found.at.isoformat()}"
    try:
        if await outgoing.find(channel, key, found.at) is None:
            await outgoing.post(channel, render(found.told()), key=key)
    except SlackRefused as refused:
        log.warning("cannot tell of costs", why=refused.code)
