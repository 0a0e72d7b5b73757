"""Signs of life: the moment we were last there, kept for our return, and a ping for whoever watches."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import structlog

from bot.core.errors import BotError
from bot.http.network import uptime
from bot.workflow import absence
from bot.workflow.wiring import Wiring

SEEN_SECONDS = 60.0
BEAT_SECONDS = 300.0
PING_TIMEOUT = aiohttp.ClientTimeout(total=10)

log = structlog.get_logger()


@asynccontextmanager
async def alive(wiring: Wiring, heartbeat_url: str | None) -> AsyncIterator[None]:
    """Notice that we are back, and show that we live until the block ends."""
    await absence.back(wiring)
    tasks = [asyncio.create_task(present(wiring), name="presence")]
    if heartbeat_url is not None:
        tasks.append(asyncio.create_task(heartbeat(heartbeat_url), name="heartbeat"))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def present(wiring: Wiring, every: float = SEEN_SECONDS, uptime: Callable[[], float] = uptime) -> None:
    """Note every minute that we are there; a machine that slept, or had no database, was away."""
    last = uptime()
    while True:
        await asyncio.sleep(every)
        now = uptime()
        gone = now - last >= absence.A_WHILE.total_seconds()
        try:
            await (absence.back if gone else absence.seen)(wiring)
        except BotError as away:
            log.warning("not noted that we are there", why=away.message)
        else:
            last = now


async def heartbeat(url: str, every: float = BEAT_SECONDS) -> None:
    """Ping *url*, which may be a secret, every five minutes; the first failure of a row is logged."""
    well = True
    async with aiohttp.ClientSession(timeout=PING_TIMEOUT) as session:
        while True:
            why = await _pinged(session, url)
            if why and well:
                log.warning("heartbeat fails", why=why)
            if not why and not well:
                log.info("heartbeat arrives again")
            well = why is None
            await asyncio.sleep(every)


async def _pinged(session: aiohttp.ClientSession, url: str) -> str | None:
    """Return why a ping failed, if it did."""
    try:
        async with session.get(url) as answer:
            return None if answer.ok else f"answered {answer.status}"
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return type(error).__name__
