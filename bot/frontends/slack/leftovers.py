"""The message in the approvals channel that says what ended grants left over."""

from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.core.leftover import Left, told
from bot.core.values import Json
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render

_LEFTS = TypeAdapter(tuple[Left, ...])


async def tell(payload: Json, posts: Posts, channel: str, zone: ZoneInfo) -> None:
    """Post what a night's look found, once, with a button that asks for its removal."""
    lefts = _LEFTS.validate_python(payload["left"])
    await posts.tell(f"leftovers:{payload['at']}", channel, render(told(lefts, zone)))
