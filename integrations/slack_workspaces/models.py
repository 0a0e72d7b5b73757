"""Slack's answers, in its own words; unknown fields are ignored, and so e-mail addresses are dropped."""

from typing import Any

from pydantic import Field

from bot.http.shape import Shape


class Said(Shape):
    """Whether a call was good; else what was wrong, and for a missing scope which one is *needed*."""

    ok: bool
    error: str = ""
    needed: str = ""


class Cursor(Shape):
    """Where the next page of a list begins; empty at its end."""

    next_cursor: str = ""


class Page(Shape):
    """One page of a list, whose items stand under a name of their own."""

    items: tuple[Any, ...]
    response_metadata: Cursor = Cursor()


class Auth(Shape):
    """Who our token is, and where."""

    url: str
    team: str
    user_id: str
    scopes: frozenset[str] = frozenset()


class User(Shape):
    """Somebody in a workspace; a flag that is left out is false, but *has_2fa* then is not known."""

    id: str
    name: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    has_2fa: bool | None = None


class Channel(Shape):
    """A channel."""

    name: str
    is_member: bool = False
    is_archived: bool = False
    is_private: bool = False


class Metadata(Shape):
    """What a message carries that nobody sees."""

    event_payload: dict[str, Any] = Field(default_factory=dict)


class Message(Shape):
    """A message of a channel."""

    ts: str
    user: str = ""
    text: str = ""
    metadata: Metadata = Metadata()

    @property
    def key(self) -> str:
        """Return the mark that it carries; empty without one."""
        return str(self.metadata.event_payload.get("key", ""))
