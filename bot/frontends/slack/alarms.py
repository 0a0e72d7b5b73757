"""The message in the approvals channel that says what changes the costs, or how much of a budget is spent."""

from datetime import datetime

from pydantic import BaseModel

from bot.core.reply import Choice, Choices, Notice, Reply
from bot.core.values import Json
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render


class Alarms(BaseModel):
    """What people must know of the costs."""

    at: datetime
    texts: tuple[str, ...]

    def told(self) -> Reply:
        """Return the message."""
        all_ = Choices(text="This is said once.", choices=(Choice(label="All costs", line="costs"),))
        notices = (Notice(level="warning", text=each) for each in self.texts)
        return Reply(title="Something to know about our costs", blocks=(*notices, all_))


async def tell(payload: Json, posts: Posts, channel: str) -> None:
    """Post what a look at the costs found, once."""
    found = Alarms.model_validate(payload)
    await posts.tell(f"alarms:{found.at.isoformat()}", channel, render(found.told()))
