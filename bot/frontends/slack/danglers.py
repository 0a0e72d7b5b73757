"""The message in the approvals channel that says which of our names anybody could take."""

from pydantic import TypeAdapter

from bot.core.takeover import Held, told
from bot.core.values import Json
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render

_HELD = TypeAdapter(tuple[Held, ...])


async def tell(payload: Json, posts: Posts, channel: str) -> None:
    """Post what a look found, once, with buttons that ask for the records' removal."""
    danglers = _HELD.validate_python(payload["danglers"])
    await posts.tell(f"danglers:{payload['at']}", channel, render(told(danglers)))
