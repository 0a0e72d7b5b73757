"""Reading ti.to's deliveries: only what the event's secret signed, and no more than that there is news."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.core.vendor import Dropped, Hint
from integrations.tito import TitoSettings
from integrations.tito.webhooks import signed, webhooks
from tests.integrations.tito.wired import Wired

SECRET = "example-security-token"
TICKET = {
    "_type": "ticket",
    "id": 7,
    "slug": "ti_7",
    "name": "Canary",
    "test_mode": False,
    "updated_at": "2026-06-15 08:00:00 UTC",
    "event": {"slug": "2026", "account_slug": "pyconuk"},
}


def read(body: object, name: str = "ticket.created", secret: str = SECRET, **given: str) -> Any:
    """Read a delivery that *secret* signed."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    section = {"account": "pyconuk", "event": "2026", "token": "t", "webhook_secret": SECRET, **given}
    reader = webhooks(TitoSettings.model_validate(section))
    assert reader is not None
    seal = base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
    return reader({"X-Webhook-Name": name, "Tito-Signature": seal}, content)


def test_the_signature_is_that_of_our_own_vector() -> None:
    """The known example is accepted, and nothing near it."""
    secret, body = b"example-security-token", b'{"_type":"ticket","id":1}'
    right = "VtTE0ptWO+9d0zBQD3LjwlyhFUilp+5wBWqED9RK5j0="
    assert signed(secret, right, body)
    assert not any(signed(secret, each, body) for each in ("", right[:-1], f"{right}\n", "é", "\udc80"))
    assert not signed(secret, right, body + b" ")
    empty = base64.b64encode(hmac.new(b"", body, hashlib.sha256).digest()).decode()
    assert not signed(b"", empty, body)


def test_a_delivery_says_that_something_changed_and_nothing_else() -> None:
    """No name, no mail and no figure is taken from it; repeated it has the same key."""
    hint = read(TICKET)
    assert isinstance(hint, Hint)
    assert hint == read({**TICKET, "name": "Another"})
    assert (hint.event, hint.about) == ("ticket.created", frozenset({"2026"}))
    assert "canary" not in hint.model_dump_json().casefold()
    keys = {hint.key, read(TICKET, "ticket.updated").key, read({**TICKET, "id": 8}).key}
    later = read({**TICKET, "updated_at": "2026-06-15 09:00:00 UTC"}).key
    bare = {read({**TICKET, "updated_at": odd}).key for odd in ("", "\x00" * 99)}
    assert len({*keys, later, *bare}) == 6


@pytest.mark.parametrize(
    ("body", "name", "why"),
    [
        ({**TICKET, "test_mode": True}, "ticket.created", "other mode"),
        ({**TICKET, "_type": "checkin"}, "checkin.created", "nothing follows"),
        ({**TICKET, "event": {"slug": "2025"}}, "ticket.created", "another event"),
        (TICKET, "ticket", "headers are not"),
        (TICKET, "a" * 40 + ".b", "headers are not"),
        (b"{", "ticket.created", "does not read"),
        ({"id": "x"}, "ticket.created", "does not read"),
    ],
)
def test_what_nothing_follows_from_is_dropped(body: object, name: str, why: str) -> None:
    """Test tickets, other events, unknown triggers and broken bodies are answered and left."""
    dropped = read(body, name)
    assert isinstance(dropped, Dropped)
    assert why in dropped.why


def test_another_events_secret_signs_nothing_for_us() -> None:
    """Each event has its own secret; without one webhooks are off."""
    assert read(TICKET, secret="last year's") is None
    off = TitoSettings.model_validate({"account": "pyconuk", "event": "2026", "token": "t"})
    assert webhooks(off) is None


async def test_the_stand_in_signs_what_we_take(tito: Wired) -> None:
    """An order of two raises one delivery for itself and one for each ticket, and void ones theirs."""
    taken, all_there = list[Any](), asyncio.Event()
    reader = webhooks(tito.client.settings.model_copy(update={"webhook_secret": SecretStr(SECRET)}))
    assert reader is not None

    async def take(request: web.Request) -> web.Response:
        taken.append(reader(request.headers, await request.read()))
        if len(taken) == 5:
            all_there.set()
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/tito", take)
    async with TestServer(app) as server:
        tito.standin.hooks.point(str(server.make_url("/webhooks/tito")), SECRET)
        order = tito.standin.sell("2026", "regular", 2)
        tito.standin.refund("2026", order)
        await all_there.wait()
        delivery = tito.standin.hooks.deliveries[0]
        assert await tito.standin.hooks.redeliver(delivery) == 200
    assert all(isinstance(each, Hint) for each in taken)
    assert [each.event for each in taken[:3]] == ["registration.finished", "ticket.created", "ticket.created"]
    assert taken[-1] == taken[0]
