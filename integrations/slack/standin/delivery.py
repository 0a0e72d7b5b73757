"""What Slack sends to the app: signed over HTTP or framed over Socket Mode, to be acknowledged in 3 s."""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from .links import Links, NoLinkError
from .state import Json, Workspace

Kind = Literal["command", "interactive", "options", "event"]

TIMEOUT, UNREACHABLE, REFUSED = "http_timeout", "connection_failed", "http_error"
_FRAME_TYPES = {
    "command": "slash_commands",
    "interactive": "interactive",
    "options": "interactive",
    "event": "events_api",
}


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return Slack's signature of *body* at *stamp*."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()


@dataclass
class Delivery:
    """One thing sent to the app, the exact *body* and *headers*, and what came back.

    Over Socket Mode *body* is the frame. *answer* is parsed JSON, text or None; *error* is None, or Slack's
    word for what went wrong: http_timeout, connection_failed or http_error.
    """

    kind: Kind
    payload: Json
    body: bytes
    headers: dict[str, str]
    mode: Literal["http", "socket"]
    attempt: int = 0
    status: int | None = None
    answer: Any = None
    answer_headers: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    seconds: float = 0.0
    done: bool = False

    @property
    def ok(self) -> bool:
        """Return whether the app acknowledged in time."""
        return self.done and self.error is None

    @property
    def shown_error(self) -> str:
        """Return the word with which Slack tells a person that the app did not answer well."""
        return "operation_timeout" if self.error == TIMEOUT else "dispatch_failed"


class Courier:
    """Deliver to the app, keep what was delivered, and send events again that were not acknowledged."""

    def __init__(self, workspace: Workspace, links: Links) -> None:
        self._workspace = workspace
        self._links = links
        self._session: aiohttp.ClientSession | None = None
        self._retries: set[asyncio.Task[None]] = set()
        self.deliveries: list[Delivery] = []

    async def deliver(self, kind: Kind, payload: Json) -> Delivery:
        """Send *payload* and wait for the answer; only events are sent again, in the background."""
        delivery = await self._send(self._prepared(kind, payload))
        if kind == "event" and not delivery.ok:
            self._in_background(self._retry(delivery))
        return delivery

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the bytes and headers of *delivery*, altered or not, and return the new record."""
        return await self._send(
            replace(
                delivery, status=None, answer=None, answer_headers={}, error=None, seconds=0.0, done=False
            )
        )

    def signed(self, body: bytes, stamp: int | None = None) -> dict[str, str]:
        """Return the headers that make *body* Slack's, now or at *stamp*."""
        now = time.time()  # noqa: TID251 - signatures are dated by real time, the workspace's clock may be moved
        written = str(int(now) if stamp is None else stamp)
        secret = self._workspace.signing_secret
        return {"X-Slack-Request-Timestamp": written, "X-Slack-Signature": signature(secret, written, body)}

    def reset(self) -> None:
        """Forget deliveries and give up on retries."""
        self.deliveries.clear()
        for task in self._retries:
            task.cancel()

    async def close(self) -> None:
        """Stop retries and close connections."""
        tasks = list(self._retries)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def _prepared(self, kind: Kind, payload: Json, attempt: int = 0, reason: str | None = None) -> Delivery:
        if self._workspace.mode == "socket":
            frame: Json = {
                "envelope_id": str(uuid.uuid4()),
                "type": _FRAME_TYPES[kind],
                "payload": payload,
                "accepts_response_payload": kind != "event",
            }
            if kind == "event":
                word = "timeout" if reason == TIMEOUT else reason or ""
                frame |= {"retry_attempt": attempt, "retry_reason": word}
            return Delivery(kind, payload, json.dumps(frame).encode(), {}, "socket", attempt)
        if kind == "event":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            fields = payload if kind == "command" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **self.signed(body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason or "unknown_error"}
        return Delivery(kind, payload, body, headers, "http", attempt)

    async def _send(self, delivery: Delivery) -> Delivery:
        self.deliveries.append(delivery)
        started = time.monotonic()
        try:
            await (self._send_frame(delivery) if delivery.mode == "socket" else self._post(delivery))
        except TimeoutError:
            delivery.error = TIMEOUT
        except (NoLinkError, aiohttp.ClientError):
            delivery.error = UNREACHABLE
        delivery.seconds = time.monotonic() - started
        delivery.done = True
        self._workspace.touch()
        return delivery

    async def _send_frame(self, delivery: Delivery) -> None:
        answer = await self._links.exchange(delivery.body, self._workspace.ack_seconds)
        delivery.status, delivery.answer = 200, answer or None

    async def _post(self, delivery: Delivery) -> None:
        if self._workspace.request_url is None:
            raise NoLinkError
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
            self._session = aiohttp.ClientSession(connector=connector)
        async with self._session.post(
            self._workspace.request_url,
            data=delivery.body,
            headers=delivery.headers,
            timeout=aiohttp.ClientTimeout(total=self._workspace.ack_seconds),
            allow_redirects=False,
        ) as response:
            text = await response.text(errors="replace")
            delivery.status = response.status
            delivery.answer_headers = {name.lower(): value for name, value in response.headers.items()}
            delivery.answer = _parsed(text, response.content_type)
            if not 200 <= response.status < 300:
                delivery.error = REFUSED

    async def _retry(self, failed: Delivery) -> None:
        for attempt, delay in enumerate(self._workspace.retry_delays, start=1):
            if failed.ok or failed.answer_headers.get("x-slack-no-retry") == "1":
                return
            await asyncio.sleep(delay)
            failed = await self._send(self._prepared(failed.kind, failed.payload, attempt, failed.error))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._retries.add(task)
        task.add_done_callback(self._retries.discard)


def _parsed(text: str, content_type: str) -> Any:
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text or None
