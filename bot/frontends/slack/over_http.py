"""Slack over HTTP: one route, whose requests are trusted by their signature before anything reads them."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.frontends.slack.listeners import dispatch

PATH = "/slack/events"
_STAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
log = structlog.get_logger()


def routes(app: AsyncApp, signing_secret: str) -> list[web.RouteDef]:
    """Return the route that takes what Slack delivers."""
    verifier = SignatureVerifier(signing_secret)

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        if _is_probe(request.query_string.encode()) or _is_probe(body):
            return web.Response()
        if request.method != "POST" or not signed(verifier, body, request.headers):
            log.warning("forged or stale delivery", size=len(body))
            return web.json_response({"error": "invalid request"}, status=401)
        delivery = _read(body, request)
        if delivery is None:
            return web.json_response({"error": "unreadable request"}, status=400)
        return await to_aiohttp_response(await dispatch(app, delivery))

    return [web.post(PATH, take), web.get(PATH, take)]


def signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Return whether Slack signed *body* within the last five minutes."""
    stamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
    try:
        text = body.decode()  # what Slack's library does next, without expecting that it cannot
    except UnicodeDecodeError:
        return False
    well_formed = _STAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)
    return bool(well_formed) and verifier.is_valid(text, stamp, signature)


def _is_probe(body: bytes) -> bool:
    """Return whether Slack only looks whether anybody is there (``ssl_check``)."""
    if b"ssl_check=1" not in body or len(body) > 1000:
        return False
    return set(parse_qs(body)) <= {b"ssl_check", b"token"}


def _read(body: bytes, request: web.Request) -> AsyncBoltRequest | None:
    """Return what Slack delivered; None when it is no form and no JSON object."""
    try:
        headers: dict[str, str | Sequence[str]] = dict(request.headers.items())
        return AsyncBoltRequest(body=body.decode(), query=request.query_string, headers=headers)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
