"""The stand-in DNSimple as a process of its own: an empty zone, calls that take as long as it is told."""

import asyncio
import sys
from datetime import UTC, datetime

from aiohttp import web

from bot.sandbox import standins
from bot.sandbox.faults import Faults
from tests.bench.process import serve

ACCOUNT, ZONE, TOKEN = "1010", "pyconuk.org", "bench"
SEED = {"account": ACCOUNT, "zone": ZONE, "token": TOKEN, "nameservers": []}


def _clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 # nothing is handed to a process


async def main(seconds: float) -> None:
    """Serve until the parent closes standard input; ``/calls`` says how often it was called since."""
    standin = standins.load("dnsimple", SEED, _clock)
    getattr(standin, "world").rate_limit = sys.maxsize  # noqa: B009 # loaded by name: no type comes with it
    faults = Faults("dnsimple", _clock)
    faults.switch("slow", seconds=seconds, only="* /v2/*")
    standin.app.middlewares.append(faults.middleware)

    async def calls(_request: web.Request) -> web.Response:
        count = sum(call.path.startswith("/v2/") for call in faults.calls)
        faults.forget()
        return web.json_response(count)

    standin.app.router.add_get("/calls", calls)
    await serve(standin.app)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
