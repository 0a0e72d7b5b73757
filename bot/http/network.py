"""The session that all vendors share, and the deadline that no write outlives."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any, TypeAlias

import aiohttp

from bot.http.answers import Answer

_UPTIME = getattr(time, "CLOCK_BOOTTIME", None)  # counts the hours a laptop slept; Linux only
_UNTIL: ContextVar[float] = ContextVar("deadline", default=inf)


def uptime() -> float:
    """Return seconds that never jump, those asleep included where the system counts them."""
    return time.monotonic() if _UPTIME is None else time.clock_gettime(_UPTIME)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Let no write leave later than *seconds* from now: a frozen process that thaws sends nothing."""
    token = _UNTIL.set(min(_UNTIL.get(), uptime() + seconds))
    try:
        yield
    finally:
        _UNTIL.reset(token)


def latest() -> float:
    """Return the `uptime` at which the deadline around us ends."""
    return _UNTIL.get()


class TooLateError(Exception):
    """Stops a write on its way out."""


@dataclass
class Sending:
    """One write on its way out: it leaves once, and not after *until* (in `uptime`)."""

    until: float
    left: bool = False

    def leave(self) -> None:
        """Say that the write leaves now, unless it did before: aiohttp repeats PUT and DELETE by itself."""
        if self.left:
            raise TooLateError
        self.check()
        self.left = True

    def check(self) -> None:
        """Stop the write when it is too late."""
        if uptime() >= self.until:
            self.left = False
            raise TooLateError


Heard: TypeAlias = Callable[[str, Answer | None, float], None]
"""Told of each call: the vendor, its answer or None, and the seconds that took."""


def unheard(_vendor: str, _answer: Answer | None, _seconds: float) -> None:
    """Hear of a call, and do nothing with it."""


@dataclass(frozen=True)
class Network:
    """What vendors' clients are handed: the shared keep-alive session, the clock, who hears of calls."""

    session: aiohttp.ClientSession
    clock: Callable[[], datetime]
    heard: Heard = unheard


@asynccontextmanager
async def network(
    clock: Callable[[], datetime], heard: Heard = unheard, user_agent: str = "conference-infra-bot"
) -> AsyncIterator[Network]:
    """Open the network; each write passes `Sending` twice, last just before its bytes go to the socket."""
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_headers_leave)
    trace.on_request_chunk_sent.append(_body_leaves)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit_per_host=20),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent},
        trace_configs=[trace],
    ) as session:
        yield Network(session, clock, heard)


async def _headers_leave(_session: Any, context: Any, _params: Any) -> None:
    if isinstance(context.trace_request_ctx, Sending):
        context.trace_request_ctx.leave()


async def _body_leaves(_session: Any, context: Any, _params: Any) -> None:
    if isinstance(context.trace_request_ctx, Sending):
        context.trace_request_ctx.check()
