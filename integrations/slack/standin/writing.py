"""What a person types, as Slack passes it on: names and addresses become references, the rest is escaped."""

import re

from .state import Workspace

_PIECE = re.compile(
    r"(?P<url>https?://[^\s<>|]+)"
    r"|(?P<mail>[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,})"
    r"|(?<![\w/])@(?P<user>[\w-]+(?:\.[\w-]+)*)"
    r"|(?<![\w/&])#(?P<channel>[\w-]+)"
    r"|(?<![\w@./-])(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>|]*)?)(?![\w-])",
    re.IGNORECASE,
)


def encoded(workspace: Workspace, typed: str) -> str:
    """Return *typed* with ``@name``, ``#name``, addresses and ``& < >`` as Slack writes them."""
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _PIECE.sub(lambda match: _reference(workspace, match), escaped)


def _reference(workspace: Workspace, match: re.Match[str]) -> str:
    kind, value = match.lastgroup, match[match.lastgroup or 0]
    if kind == "url":
        return f"<{value}>"
    if kind == "mail":
        return f"<mailto:{value}|{value}>"
    if kind == "host":
        return f"<http://{value}|{value}>"
    if kind == "user":
        ids = [user.id for user in workspace.users.values() if user.name == value]
        return f"<@{ids[0]}>" if ids else match[0]
    channels = [c for c in workspace.channels.values() if c.name == value and not c.person]
    return f"<#{channels[0].id}|{'' if channels[0].private else value}>" if channels else match[0]
