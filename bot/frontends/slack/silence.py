"""The message that says that tickets are not bought, or not sold, as they should be."""

from pydantic import BaseModel

from bot.core.reply import Choice, Choices, Notice, Reply
from bot.core.values import Json
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render


class Silent(BaseModel):
    """What is not as it should be; *key* is the day, or the hour of a launch day."""

    key: str
    texts: tuple[str, ...]

    def told(self) -> Reply:
        """Return the message."""
        notices = (Notice(level="warning", text=each) for each in self.texts)
        ways = Choices(
            text="This is said once a day.", choices=(Choice(label="All tickets", line="tickets"),)
        )
        return Reply(title="Look at the ticket sales", blocks=(*notices, ways))


async def tell(payload: Json, posts: Posts, channel: str) -> None:
    """Post what a look at the sales found, once."""
    found = Silent.model_validate(payload)
    await posts.tell(f"silent:{found.key}", channel, render(found.told()))
