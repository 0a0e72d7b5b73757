"""A vendor says that something changed: it is not believed, it makes the bot look."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog
from aiohttp import web

from bot.core.vendor import Dropped, Hint, Reader, Unsigned
from bot.store import StoreUnavailable
from bot.store.inbox import Inbox, Kept
from bot.workflow.timers import WEBHOOK

PATH = "/webhooks/{vendor}"
WITH_SECRET = f"{PATH}/{{secret}}"
RETRY_AFTER = "60"
log = structlog.get_logger()


class Webhooks:
    """One route for all vendors: a delivery is verified, kept once, answered, and only then looked into.

    Whoever signs nothing has a secret at the end of the address; it is compared in
    constant time and never logged. *readers* are those of the vendors whose secret is set; *look* is what a
    kept delivery leads to. What is kept and not looked into is left to the
    sweep of the timers.
    """

    def __init__(
        self,
        readers: Mapping[str, Reader | Unsigned],
        inbox: Inbox,
        look: Callable[[Kept], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._readers = readers
        self._inbox = inbox
        self._look = look
        self._clock = clock
        self._looking: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> list[web.RouteDef]:
        """Return the routes to serve."""
        return [web.post(PATH, self._take), web.post(WITH_SECRET, self._take)]

    async def close(self) -> None:
        """Let what is looked into finish."""
        await asyncio.gather(*self._looking)

    async def _take(self, request: web.Request) -> web.Response:
        vendor = request.match_info["vendor"]
        read = self._readers.get(vendor)
        if read is None:
            return _answer(404, "no webhooks here")
        body = await request.read()  # aiohttp answers 413 when it is too large
        match _read(read, request.match_info.get("secret", ""), request.headers, body):
            case None:
                log.warning("forged webhook", vendor=vendor, size=len(body))
                return _answer(401, "not the vendor's")
            case Dropped(why=why, broken=broken):
                log.info("webhook dropped", vendor=vendor, why=why)
                return _answer(400 if broken else 200, why)  # to some vendors all but 200 is a failure
            case Hint() as hint:
                return await self._kept(hint)

    async def _kept(self, hint: Hint) -> web.Response:
        """Keep a hint and have it looked into; a vendor may call again when it cannot be kept."""
        key, body, at = f"{WEBHOOK}:{hint.vendor}:{hint.key}", hint.model_dump_json().encode(), self._clock()
        try:
            new = await self._inbox.keep(key, WEBHOOK, body, at)
        except (TimeoutError, StoreUnavailable) as error:
            log.warning("webhook not kept", delivery=key, why=type(error).__name__)
            return _answer(503, "not kept", {"Retry-After": RETRY_AFTER})
        if new:
            kept = Kept(key=key, kind=WEBHOOK, body=body, at=at, attempts=0)
            task = asyncio.create_task(self._looked(kept))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)
        return _answer(200, "kept" if new else "known")

    async def _looked(self, kept: Kept) -> None:
        try:
            await self._look(kept)
        except Exception as error:  # noqa: BLE001 - the one broad catch here: the sweep looks again
            log.warning("not looked yet, tried again", delivery=kept.key, error=repr(error))


def _read(
    reader: Reader | Unsigned, secret: str, headers: Mapping[str, str], body: bytes
) -> Hint | Dropped | None:
    """Return what a delivery says; None when it is not the vendor's."""
    due, read = (reader.secret, reader.read) if isinstance(reader, Unsigned) else ("", reader)
    genuine = hmac.compare_digest(secret.encode(), due.encode())
    return read(headers, body) if genuine else None


def _answer(status: int, said: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response({"said": said}, status=status, headers=headers)
