"""Signed slash commands, one after the other or many at once, and how long their acks take."""

import asyncio
import hashlib
import hmac
import itertools
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp

_serial = itertools.count()


def signed(secret: str, form: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """Return a command's body and headers, as Slack signs them; each is unlike every other."""
    body = urlencode({**form, "trigger_id": f"{next(_serial)}.{time.time_ns()}"}).encode()
    stamp = str(time.time_ns() // 10**9)
    mac = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac}",
    }


async def acks(
    url: str, secret: str, form: Mapping[str, str], clients: int, count: int
) -> tuple[list[float], float]:
    """Return the seconds of each ack, and the acks a second, of *count* commands by *clients* at once."""
    times: list[float] = []
    ready = iter([signed(secret, form) for _ in range(count)])

    async def client(session: aiohttp.ClientSession) -> None:
        for body, headers in ready:
            began = time.perf_counter()
            async with session.post(url, data=body, headers=headers) as answer:
                text = await answer.text()
                assert answer.status == 200, answer.status
                assert not text, text
            times.append(time.perf_counter() - began)

    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        await asyncio.gather(*(client(session) for _ in range(clients)))
        return times, count / (time.perf_counter() - began)
