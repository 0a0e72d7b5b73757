"""Bad answers of every vendor: ``infra check`` says what is wrong and what to do, with no token in it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

import aiohttp
import pytest
import stamina
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.errors import VendorError
from bot.core.vendor import Finding, Vendor
from bot.http import Network, network
from bot.sandbox.world import World
from config.settings import Settings
from integrations import VENDORS


@dataclass(frozen=True)
class Bad:
    """A bad answer, where *kind* is one of an answer, none ("cut") or one that comes too late ("slow").

    ``TOKEN`` in what is *said* is what the caller sent as such. *words* stand in what people are told.
    """

    words: str
    status: int = 200
    said: str = ""
    kind: str = "answer"
    headers: dict[str, str] = field(default_factory=dict)


REFUSED = '{"message": "Bad credentials: TOKEN", "detail": "TOKEN", "error_message": "TOKEN"}'
BAD = {
    "wrong token": Bad("does not accept our token", 401, REFUSED),
    "missing scope": Bad("does not let our token do this", 403, REFUSED),
    "wrong project": Bad("knows nothing at", 404, '{"message": "Not found"}'),
    "gone": Bad("no longer offers", 410, '{"message": "Gone"}'),
    "too many calls": Bad("asks us to wait", 429),
    "trouble": Bad("has trouble", 503, "<h1>Service Unavailable</h1>"),
    "slow": Bad("does not answer", kind="slow"),
    "lost answer": Bad("does not answer", kind="cut"),
    "HTML": Bad("does not fit what it documents", 200, "<!DOCTYPE html><p>Sign in</p>"),
    "broken JSON": Bad("does not fit what it documents", 200, '{"ok": tr'),
    "fields missing": Bad("does not fit what it documents", 200, "{}"),
}

OWN = {  # where a vendor says it in its own way, or our words are more exact
    ("github", "missing scope"): Bad(
        "lacks the scope `admin:org`",
        403,
        REFUSED,
        headers={"X-OAuth-Scopes": "repo", "X-Accepted-OAuth-Scopes": "admin:org"},
    ),
    ("dnsimple", "missing scope"): Bad(
        "lacks the scope `zones:*:read`",
        403,
        '{"message": "Permission Denied. Required Scope: zones:*:read"}',
    ),
    ("heroku", "missing scope"): Bad("lacks the scope `read`", 403, REFUSED),
    ("error_tracking", "missing scope"): Bad("lacks the scope `event:read`", 403, REFUSED),
    ("error_tracking", "wrong project"): Bad("no project pyconuk/voting", 404),
    ("slack_workspaces", "wrong token"): Bad(
        "does not accept our token", said='{"ok": false, "error": "invalid_auth"}'
    ),
    ("slack_workspaces", "missing scope"): Bad(
        "lacks the scope `users:read`", said='{"ok": false, "error": "missing_scope", "needed": "users:read"}'
    ),
    ("onepassword", "fields missing"): Bad("no list of vaults", said="{}"),
}
OPEN = {"registrar", "exchange_rates"}  # ask for no token


def faults(vendor: str) -> dict[str, Bad]:
    """Return the bad answers that a vendor can give."""
    none = {"wrong token", "missing scope"} if vendor in OPEN else set()
    return {name: OWN.get((vendor, name), bad) for name, bad in BAD.items() if name not in none}


@pytest.fixture
def once() -> Iterator[None]:
    """Let nothing be tried a second time: how often, and when, is told in the tests of `bot.http`."""
    stamina.set_testing(True, attempts=1)
    yield
    stamina.set_testing(False)


@pytest.mark.usefixtures("once")
async def test_each_bad_answer_is_told_clearly() -> None:
    """What is wrong is named, with whose answer it was and the next step; our token is nowhere in it."""
    async with answering() as (settings, net, given, tokens):
        for vendor in VENDORS:
            section = settings.integrations[vendor.name]
            for name, bad in faults(vendor.name).items():
                given.append(bad)
                found = await looked(vendor, vendor.connect(section, net))
                said = [each for each in found if bad.words in each.text]
                assert said, (vendor.name, name, found)
                assert all(each.level != "good" and each.hint for each in said), (vendor.name, name)
                told = " ".join(each.text + each.hint for each in found)
                assert not [token for token in tokens if token in told], (vendor.name, name)


async def looked(vendor: Vendor[Any, Any, Any], client: Any) -> tuple[Finding, ...]:
    """Return what ``infra check`` finds out about a vendor."""
    assert vendor.check
    try:
        return await vendor.check(client)
    except VendorError as error:
        return (Finding.bad(error.message, error.hint),)


@asynccontextmanager
async def answering() -> AsyncIterator[tuple[Settings, Network, list[Bad], set[str]]]:
    """Give settings where all vendors are one server, which gives the last answer; and the tokens it got."""
    given: list[Bad] = []
    tokens: set[str] = set()

    async def answer(request: web.Request) -> web.Response:
        bad = given[-1]
        if bad.kind == "cut" and request.transport:
            request.transport.abort()
        if bad.kind == "slow":
            await asyncio.sleep(1)
        token = re.split("[ =]", request.headers.get("Authorization", ""))[-1]
        tokens.update(filter(None, [token]))
        return web.Response(text=bad.said.replace("TOKEN", token), status=bad.status, headers=bad.headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with World.start() as world, TestServer(app) as server, network(world.clock) as net:
        urls = dict.fromkeys(world.urls, str(server.make_url("")))
        session = cast("aiohttp.ClientSession", Hasty(net.session, given))  # of which it has what is used
        yield replace(world, urls=urls).settings(), replace(net, session=session), given, tokens


@dataclass(frozen=True)
class Hasty:
    """A session that waits a moment only for an answer that is *given* slowly."""

    session: aiohttp.ClientSession
    given: list[Bad]

    def request(self, *args: Any, timeout: aiohttp.ClientTimeout, **more: Any) -> Any:
        """Ask."""
        patience = aiohttp.ClientTimeout(total=0.05) if self.given[-1].kind == "slow" else timeout
        return self.session.request(*args, timeout=patience, **more)
