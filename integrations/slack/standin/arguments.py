"""The arguments of a Web API call: query, form or JSON, read alike."""

import json
from typing import Any

from aiohttp import web

from .state import Json, SlackError

_JSON_FIELDS = ("blocks", "attachments", "metadata", "view", "files")


async def read(request: web.Request) -> Json:
    """Return the arguments of *request*; structures that came as text are parsed."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        args |= body
    else:
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for field in _JSON_FIELDS:
        if isinstance(args.get(field), str):
            args[field] = _parsed(field, args[field])
    return args


def need(args: Json, name: str) -> str:
    """Return an argument that must be there."""
    value = args.get(name)
    if not isinstance(value, str) or not value:
        messages = [f"[ERROR] missing required field: {name}"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    return value


def flag(args: Json, name: str) -> bool:
    """Return an argument that is true or false."""
    return args.get(name) in (True, 1, "1", "true", "True")


def paging(args: Json, usual: int, most: int) -> tuple[int, int]:
    """Return where the page that is asked for starts, and how many it holds."""
    cursor = str(args.get("cursor") or "offset:0")
    number = cursor.removeprefix("offset:")
    if not number.isdigit() or number == cursor:
        raise SlackError("invalid_cursor")
    limit = str(args.get("limit") or usual)
    if not limit.isdigit() or int(limit) > most:
        raise SlackError("invalid_limit")
    return int(number), int(limit)


def words(args: Json, name: str, usual: str = "") -> list[str]:
    """Return an argument that is a list, or text with commas."""
    value: Any = args.get(name) or usual
    parts = value if isinstance(value, list) else str(value).split(",")
    return [part.strip() for part in parts if part.strip()]


def _parsed(field: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        code = "invalid_blocks_format" if field == "blocks" else "invalid_arguments"
        raise SlackError(code) from None
