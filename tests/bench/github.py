"""The stand-in GitHub as a process of its own; told on standard input what it holds."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from aiohttp import web

from bot.sandbox import standins
from tests.bench.process import serve

REAL = b"https://api.github.com"
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 # nothing is handed to a process


async def main(seconds: float) -> None:
    """Serve until the parent closes standard input; ``/calls`` says how often it was called since."""
    calls = 0

    @web.middleware
    async def slowly(request: web.Request, handler: Answering) -> web.StreamResponse:
        nonlocal calls
        if request.path == "/calls":
            counted, calls = calls, 0
            return web.json_response(counted)
        calls += 1
        await asyncio.sleep(seconds)
        answer = await handler(request)
        here = str(request.url.origin()).encode()  # PyGithub follows addresses, which must not lead elsewhere
        if isinstance(answer, web.Response) and isinstance(answer.body, bytes):
            answer.body = answer.body.replace(REAL, here)
        if "Link" in answer.headers:
            answer.headers["Link"] = answer.headers["Link"].replace(REAL.decode(), here.decode())
        return answer

    standin = standins.load("github", json.loads(sys.stdin.readline()), _clock)
    standin.app.middlewares.append(slowly)
    await serve(standin.app)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
