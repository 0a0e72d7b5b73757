"""Answers sent to a ``response_url``: five within thirty minutes, private unless they say otherwise."""

import json

from aiohttp import web

from . import chat
from .state import RESPONSE_USES, Json, ResponseUrl, SlackError, Workspace


async def respond(workspace: Workspace, request: web.Request) -> web.Response:
    """Take one answer."""
    body = await request.read()
    try:
        answer = json.loads(body)
    except ValueError:
        return _refusal("invalid_payload", 400)
    if not isinstance(answer, dict):
        return _refusal("invalid_payload", 400)
    url = workspace.responses.get(request.match_info["id"])
    if url is None:
        return _refusal("no_active_hooks", 404)
    if workspace.monotonic() > url.expires:
        return _refusal("expired_url", 404)
    if url.uses >= RESPONSE_USES:
        return _refusal("used_url", 404)
    try:
        _apply(workspace, url, answer)
    except SlackError as error:
        return _refusal(error.code, 400)
    url.uses += 1
    return web.Response(text="ok")


def answer_with(workspace: Workspace, url: ResponseUrl, answer: Json) -> None:
    """Post an answer: a new message, to everybody only with ``in_channel``."""
    posted = workspace.post(
        url.channel,
        workspace.bot_user_id,
        **chat.content(answer),
        bot_id=workspace.bot_id,
        thread_ts=answer.get("thread_ts") or (url.original.thread_ts if url.original else None),
        ephemeral_to=None if answer.get("response_type") == "in_channel" else url.user,
    )
    if url.original is None:
        url.original = posted


def _apply(workspace: Workspace, url: ResponseUrl, answer: Json) -> None:
    original = url.original
    there = original is not None and original in workspace.channels[url.channel].messages
    if answer.get("delete_original") in (True, "true"):
        if original is not None and there:
            workspace.remove(original)
    elif answer.get("replace_original") in (True, "true") and original is not None and there:
        replacement = chat.content(answer)
        original.text, original.blocks = replacement["text"], replacement["blocks"]
        if original.ephemeral_to is None:
            original.edited = {"user": workspace.bot_user_id, "ts": workspace.mint_ts()}
        workspace.touch()
    else:
        answer_with(workspace, url, answer)


def _refusal(error: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)
