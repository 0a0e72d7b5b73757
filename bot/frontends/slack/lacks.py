"""The message in the approvals channel that says what a vendor does not let the bot do any more."""

from datetime import datetime

from pydantic import BaseModel

from bot.core.reply import Notice, Reply, Text
from bot.core.values import Json
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render


class Lacks(BaseModel):
    """What is in the bot's way at a vendor; nothing when all is well again.

    *then* says what follows from it, *well* that it is over.
    """

    vendor: str
    at: datetime
    lacks: tuple[str, ...]
    then: str = "Until then a request that needs it stops there and says so; ask again afterwards."
    well: str = ""

    def told(self) -> Reply:
        """Return the message."""
        if not self.lacks:
            return Reply(title=self.well or f"{self.vendor} lets the bot do all that it must again.")
        return Reply(
            title=f"{self.vendor}: the bot cannot do all that it must",
            blocks=(*(Notice(level="bad", text=each) for each in self.lacks), Text(text=self.then)),
        )


async def tell(payload: Json, posts: Posts, channel: str) -> None:
    """Post what a look at our rights found, once."""
    found = Lacks.model_validate(payload)
    await posts.tell(f"lacks:{found.vendor}:{found.at.isoformat()}", channel, render(found.told()))
