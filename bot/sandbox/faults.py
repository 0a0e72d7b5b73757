"""Faults a vendor may have, as switches around its stand-in, and the record of the calls it got."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.core.values import Json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

KEPT_CALLS = 10_000
WRITES = ("PUT *", "PATCH *", "DELETE *", "POST */records", "POST */releases", "POST */chat.postMessage")


class Kind(StrEnum):
    """What goes wrong."""

    SLOW = "slow"
    ERROR = "500"
    LIMITED = "429"
    CUT = "cut"
    LOST = "lost answer"
    MALFORMED = "malformed"

    @property
    def words(self) -> str:
        """Return what happens to a call."""
        return _WORDS[self]


_WORDS = {
    Kind.SLOW: "The answer comes late",
    Kind.ERROR: "Refused with a server error; nothing is done",
    Kind.LIMITED: "Refused as too many calls; nothing is done",
    Kind.CUT: "The connection breaks before anything is done",
    Kind.LOST: "It is done, and the answer is lost on its way",
    Kind.MALFORMED: "It is not done, and the answer is broken JSON",
}


@dataclass
class Fault:
    """One switch that is on: *seconds* is how slow, or what ``Retry-After`` says; *times* counts down.

    It holds for calls whose "METHOD /path" matches one of the globs in *only*.
    """

    kind: Kind
    seconds: float = 5.0
    only: tuple[str, ...] = ("*",)
    times: int | None = None

    def holds(self, called: str) -> bool:
        """Return whether this call goes wrong."""
        return self.times != 0 and any(fnmatchcase(called, pattern) for pattern in self.only)


@dataclass
class Call:
    """One call a vendor got; *resource* is its route, *started* and *finished* are of the monotonic clock."""

    vendor: str
    method: str
    path: str
    resource: str
    at: datetime
    started: float
    finished: float | None = None
    status: int | None = None
    fault: Kind | None = None

    @property
    def done(self) -> bool:
        """Return whether the vendor did what was asked, even if its answer was lost."""
        good = self.status is not None and self.status < 300
        return self.fault is Kind.LOST or (good and self.fault is not Kind.MALFORMED)

    @property
    def seconds(self) -> float | None:
        """Return how long it took; None while it runs."""
        return None if self.finished is None else self.finished - self.started


@dataclass
class Faults:
    """The switches of one vendor, and the calls it got; *told* hears of each change."""

    vendor: str
    clock: Callable[[], datetime]
    told: Callable[[], None] = lambda: None
    active: list[Fault] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))

    def switch(
        self,
        kind: Kind | str,
        seconds: float = 5.0,
        only: str | tuple[str, ...] = "*",
        times: int | None = None,
    ) -> Fault:
        """Switch a fault on, in the place of one of the same kind."""
        patterns = (only,) if isinstance(only, str) else only
        fault = Fault(Kind(kind), seconds, patterns, times)
        self.active = [*(each for each in self.active if each.kind is not fault.kind), fault]
        self.told()
        return fault

    def clear(self) -> None:
        """Switch all faults off."""
        self.active.clear()
        self.told()

    def forget(self) -> None:
        """Forget the calls so far."""
        self.calls.clear()
        self.told()

    @property
    def middleware(self) -> Middleware:
        """Return what stands around the stand-in's handlers."""

        @web.middleware
        async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
            route = request.match_info.route.resource
            call = Call(
                vendor=self.vendor,
                method=request.method,
                path=request.path_qs,
                resource=route.canonical if route else request.path,
                at=self.clock(),
                started=time.monotonic(),
            )
            self.calls.append(call)
            try:
                response = await self._answer(call, request, handler)
                call.status = None if call.fault in {Kind.CUT, Kind.LOST} else response.status
            finally:
                call.finished = time.monotonic()
                self.told()
            return response

        return around

    async def _answer(self, call: Call, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = self._take(f"{request.method} {request.path}")
        if fault is None:
            return await handler(request)
        call.fault = fault.kind
        match fault.kind:
            case Kind.SLOW:
                await request.read()  # so that it is done even for a caller who has given up by then
                await asyncio.sleep(fault.seconds)
                return await handler(request)
            case Kind.ERROR:
                return web.json_response(_ERROR, status=500)
            case Kind.LIMITED:
                return web.json_response(
                    _LIMITED, status=429, headers={"Retry-After": str(max(1, round(fault.seconds)))}
                )
            case Kind.CUT:
                return _cut(request)
            case Kind.LOST:
                await handler(request)
                return _cut(request)
            case Kind.MALFORMED:
                return web.Response(text='{"ok": tr', content_type="application/json")

    def _take(self, called: str) -> Fault | None:
        fault = next((each for each in self.active if each.holds(called)), None)
        if fault and fault.times is not None:
            fault.times -= 1
            self.active = [each for each in self.active if each.times != 0]
        return fault


# Bodies that say it in each vendor's own key.
_ERROR: Json = {"ok": False, "error": "internal_error", "message": "Server Error"}
_LIMITED: Json = {
    "ok": False,
    "error": "ratelimited",
    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
}


def _cut(request: web.Request) -> web.Response:
    """Close the connection; the response that is returned never leaves."""
    if request.transport:
        request.transport.abort()
    return web.Response()
