"""Writes: sent once or not at all, never after their deadline, and honest about a lost answer."""

import asyncio
import os
import signal
import sys
from time import monotonic, sleep
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.core.errors import Denied, OutcomeUnknown, Rejected, Unavailable
from bot.http import deadline
from tests.http.scripted import Answering, Scripted, answer, cut, raw


async def slow(_: web.Request) -> web.StreamResponse:
    """Never answer in time."""
    await asyncio.sleep(5)
    return web.Response()


async def test_a_write_is_sent_with_its_content(vendor: Scripted) -> None:
    """Method, path and JSON arrive; the answer comes back."""
    http = vendor.http(answer({"state": "pending"}))
    sent = await http.write("PUT", "/members/a", {"role": "member"})
    assert sent.content == {"state": "pending"}
    assert [(asked.method, asked.path, asked.body) for asked in vendor.asked] == [
        ("PUT", "/members/a", '{"role": "member"}')
    ]


async def test_a_write_without_content_says_so(vendor: Scripted) -> None:
    """A PUT without a body has length 0, and 204 is no content."""
    http = vendor.http(answer(status=204))
    await http.write("PUT", "/x")
    assert vendor.asked[0].headers["Content-Length"] == "0"


@pytest.mark.parametrize("trouble", [answer(status=500), answer(status=503), raw("{"), cut])
async def test_a_write_whose_answer_is_lost_is_unknown_and_not_repeated(
    vendor: Scripted, trouble: Answering
) -> None:
    """It may have happened: say so, look, and never send again by ourselves."""
    http = vendor.http(answer({}), trouble)
    await http.get("/")  # so that the write goes over a kept connection, which aiohttp would try anew
    with pytest.raises(OutcomeUnknown, match="its answer is lost") as caught:
        await http.write("PUT", "/x", {})
    assert "look before trying again" in caught.value.hint
    await asyncio.sleep(0.05)
    assert [asked.method for asked in vendor.asked] == ["GET", "PUT"]


async def test_a_refused_connection_changed_nothing(vendor: Scripted) -> None:
    """Nobody listened, so nothing was sent."""
    http = vendor.http(answer())
    await vendor.server.close()
    with pytest.raises(Unavailable, match="Nothing was changed"):
        await http.write("DELETE", "/x")


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Denied), (403, Denied), (404, Rejected), (409, Rejected), (422, Rejected)]
)
async def test_a_refused_write_is_refused(vendor: Scripted, status: int, kind: type[Exception]) -> None:
    """The vendor's no is a no, with its reason."""
    http = vendor.http(answer({"message": "because"}, status))
    with pytest.raises(kind, match=r"because|knows nothing"):
        await http.write("PUT", "/x", {})


async def test_a_redirected_write_is_not_followed(vendor: Scripted) -> None:
    """A write goes where it was planned to go, or nowhere."""
    http = vendor.http(answer(status=307, Location="/new"))
    with pytest.raises(Rejected):
        await http.write("PUT", "/old", {})
    assert len(vendor.asked) == 1


async def test_an_answer_after_the_deadline_is_lost(vendor: Scripted) -> None:
    """A write's time ends at the deadline around it."""
    http = vendor.http(slow)
    begun = monotonic()
    with deadline(0.3), pytest.raises(OutcomeUnknown):
        await http.write("PUT", "/x", {})
    assert monotonic() - begun < 1


async def test_nothing_is_sent_after_the_deadline(vendor: Scripted) -> None:
    """Too late is said, and the vendor hears nothing."""
    http = vendor.http(answer())
    with deadline(0.1):
        sleep(0.15)  # noqa: ASYNC251 - a frozen process
        with pytest.raises(Unavailable, match=r"Not sent .* too late"):
            await http.write("PUT", "/x", {})
    assert vendor.asked == []


async def test_the_nearer_of_two_deadlines_holds(vendor: Scripted) -> None:
    """A deadline inside another can only shorten it, and ends with its block."""
    http = vendor.http(answer())
    with deadline(0.1), deadline(60):
        sleep(0.15)  # noqa: ASYNC251 - a frozen process
        with pytest.raises(Unavailable):
            await http.write("PUT", "/x")
    await http.write("PUT", "/x")
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("content", [None, {"role": "member"}])
async def test_a_process_frozen_while_connecting_sends_nothing(vendor: Scripted, content: Any) -> None:
    """The deadline is checked when the connection is there, just before the bytes go."""

    async def freeze(*_: Any) -> None:
        sleep(0.3)  # noqa: ASYNC251 - a frozen process

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(freeze)
    trace.freeze()
    vendor.network.session.trace_configs.append(trace)
    http = vendor.http(answer())
    with deadline(0.2), pytest.raises(Unavailable, match="Not sent"):
        await http.write("PUT", "/x", content)
    await asyncio.sleep(0.05)
    assert vendor.asked == []


FROZEN = """
import asyncio, sys
from datetime import datetime, UTC
from bot.core.errors import BotError
from bot.http import Http, deadline, network

async def main():
    async with network(lambda: datetime.now(UTC)) as net:
        http = Http(net, "Vendor", sys.argv[1])
        await http.get("/")
        with deadline(0.5):
            print("started", flush=True)
            for _ in range(200_000):
                pass  # stopped somewhere here
            await asyncio.sleep(0.2)
            try:
                await http.write("PUT", "/x", {"role": "member"})
            except BotError as error:
                print(type(error).__name__, flush=True)

asyncio.run(main())
"""


async def test_a_stopped_process_that_goes_on_sends_nothing(vendor: Scripted) -> None:
    """SIGSTOP before the write, SIGCONT after its deadline: the vendor hears nothing."""
    vendor.http(answer({}))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FROZEN, vendor.base, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"started\n"
    os.kill(child.pid, signal.SIGSTOP)
    await asyncio.sleep(0.7)
    os.kill(child.pid, signal.SIGCONT)
    assert await child.stdout.readline() == b"Unavailable\n"
    assert await child.wait() == 0
    assert [asked.method for asked in vendor.asked] == ["GET"]


class Numbered:
    """Gives tokens that count up, each good until it is refused."""

    def __init__(self) -> None:
        self.count = 1

    async def current(self) -> str:
        """Return the token of now."""
        return f"token-{self.count}"

    def refused(self, token: str) -> None:
        """Go on to the next."""
        assert token == f"token-{self.count}"
        self.count += 1


async def test_a_write_whose_token_was_refused_is_sent_with_the_next(vendor: Scripted) -> None:
    """A 401 did nothing, so the write goes once more; a second one is told, without the token."""
    http = vendor.http(answer(status=401), answer({}), tokens=Numbered())
    await http.write("PUT", "/x", {"a": 1})
    assert [asked.headers["Authorization"] for asked in vendor.asked] == ["Bearer token-1", "Bearer token-2"]
    vendor.script = [answer({"message": "not token-3"}, 401)]
    with pytest.raises(Denied, match=r"\(not \[secret\]\)"):
        await http.write("PUT", "/x", {"a": 1})
    assert len(vendor.asked) == 4


async def test_a_lost_answer_with_a_new_token_is_still_unknown(vendor: Scripted) -> None:
    """The second try left: what came of it must be looked at."""
    http = vendor.http(answer(status=401), cut, tokens=Numbered())
    with pytest.raises(OutcomeUnknown):
        await http.write("PUT", "/x")


async def test_a_token_that_does_not_come_sends_nothing(vendor: Scripted) -> None:
    """Without a token the write does not leave: nothing was changed."""

    class Away(Numbered):
        async def current(self) -> str:
            raise Unavailable("Vendor", "Vendor does not answer. Nothing was changed.")

    with pytest.raises(Unavailable):
        await vendor.http(answer({}), tokens=Away()).write("PUT", "/x")
    assert vendor.asked == []
