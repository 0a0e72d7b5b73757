"""The messages about ticket sales: how much is sold, and what is not as it should be."""

from pydantic import BaseModel

from bot.core.reply import Choice, Choices, Notice, Reply
from bot.core.values import Json
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render


class Sold(BaseModel):
    """How much of a kind of ticket is sold; *key* is which kind, and which share."""

    key: str
    text: str

    def told(self) -> Reply:
        """Return the message."""
        return Reply(title=self.text, blocks=(_all_tickets("once"),))


class Silent(BaseModel):
    """What is not as it should be; *key* is the day, or the hour of a launch day."""

    key: str
    texts: tuple[str, ...]
    often: str = "a day"

    def told(self) -> Reply:
        """Return the message."""
        notices = (Notice(level="warning", text=each) for each in self.texts)
        return Reply(title="Look at the ticket sales", blocks=(*notices, _all_tickets(f"once {self.often}")))


def _all_tickets(often: str) -> Choices:
    return Choices(text=f"This is said {often}.", choices=(Choice(label="All tickets", line="tickets"),))


async def tell_sold(payload: Json, posts: Posts, channel: str) -> None:
    """Post how much of a kind of ticket is sold, once."""
    found = Sold.model_validate(payload)
    await posts.tell(f"sold:{found.key}", channel, render(found.told()))


async def tell_silent(payload: Json, posts: Posts, channel: str) -> None:
    """Post what a look at the sales found, once."""
    found = Silent.model_validate(payload)
    await posts.tell(f"silent:{found.key}", channel, render(found.told()))
