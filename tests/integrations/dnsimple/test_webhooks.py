"""DNSimple's webhooks: unsigned, so the address holds a secret; and what the stand-in sends is read."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.errors import ConfigurationError
from bot.core.vendor import Dropped, Hint, Unsigned
from integrations.dnsimple import DNSIMPLE, DnsimpleSettings
from integrations.dnsimple.client import Edit
from integrations.dnsimple.webhooks import webhooks
from tests.integrations.dnsimple.wired import Wired, wired

SECRET = "a-secret-that-is-long-enough"
SECTION = {"account": "1010", "zone": "pyconuk.org", "token": "t", "webhook_secret": SECRET}
RECORD = {"id": 7, "zone_id": "pyconuk.org", "name": "2026", "type": "CNAME", "content": "elsewhere.example"}
BODY: dict[str, Any] = {
    "data": {"zone_record": RECORD},
    "name": "zone_record.update",
    "actor": {"id": "1120", "entity": "user", "pretty": "hello@example.com"},
    "account": {"id": 1010, "display": "Personal", "identifier": "foobar"},
    "api_version": "v2",
    "request_identifier": "96cc0f56-577d-41bb-beb5-b1a60ceaf049",
}


def read(body: object) -> Hint | Dropped | None:
    """Read a delivery."""
    reader = webhooks(DnsimpleSettings.model_validate(SECTION))
    assert reader is not None
    return reader.read({}, json.dumps(body).encode())


@pytest.mark.parametrize(("name", "full"), [("2026", "2026.pyconuk.org"), ("", "pyconuk.org")])
def test_which_name_it_is_about(name: str, full: str) -> None:
    """The full name, in small letters, stands in the targets of its sets; the number is the vendor's own."""
    hint = read({**BODY, "data": {"zone_record": RECORD | {"name": name}}})
    assert isinstance(hint, Hint)
    assert hint.about == {full}
    assert (hint.key, hint.event, hint.by) == (
        BODY["request_identifier"],
        "zone_record.update",
        "hello@example.com",
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({**BODY, "account": {"id": 2020}}, "another account"),
        ({**BODY, "data": {"zone_record": RECORD | {"zone_id": "example.org"}}}, "another zone"),
        ({**BODY, "name": "domain.renew", "data": {"domain": {"id": 1}}}, "nothing follows from it"),
        ({**BODY, "request_identifier": "../" * 9}, "does not read"),
        ({**BODY, "data": {"zone_record": {"name": 7}}}, "does not read"),
        ([], "does not read"),
    ],
)
def test_what_nothing_follows_from(body: object, why: str) -> None:
    """Foreign, unknown or odd deliveries are dropped, each with its reason."""
    dropped = read(body)
    assert isinstance(dropped, Dropped)
    assert why in dropped.why


@pytest.mark.parametrize("secret", ["short", "has a space in it, and more", "../../../../../../../../x"])
def test_the_secret_must_be_hard_to_guess(secret: str) -> None:
    """It stands in an address: long enough, of few signs; without one there are no webhooks."""
    with pytest.raises(ConfigurationError, match="could be guessed") as caught:
        webhooks(DnsimpleSettings.model_validate(SECTION | {"webhook_secret": secret}))
    assert secret not in f"{caught.value.message} {caught.value.hint}"
    assert webhooks(DnsimpleSettings.model_validate(SECTION | {"webhook_secret": None})) is None


async def test_what_the_stand_in_sends_is_read() -> None:
    """A change by hand, and one through the API, each reach the address, which ends with the secret."""
    taken: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        taken.put_nowait((request.path, await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    async with wired(webhook_secret=SECRET) as dnsimple, TestServer(app) as server:
        zone, hooks = dnsimple.standin.world.zone, dnsimple.standin.hooks
        hooks.point(str(server.make_url("/webhooks/dnsimple")), SECRET)
        assert DNSIMPLE.webhooks is not None
        reader = DNSIMPLE.webhooks(dnsimple.client.settings)
        assert isinstance(reader, Unsigned)
        zone.change(zone.at("2014")[0], {"content": "192.0.2.9"})
        path, body = await asyncio.wait_for(taken.get(), 10)
        assert path == f"/webhooks/dnsimple/{reader.secret}"
        hint = reader.read({}, body)
        assert isinstance(hint, Hint)
        assert (sorted(hint.about), hint.by) == (["2014.pyconuk.org"], "charlie@example.org")
        await dnsimple.client.edit(Edit("deletes", {"id": zone.at("2025")[0].id}))
        hint = reader.read({}, (await asyncio.wait_for(taken.get(), 10))[1])
        assert isinstance(hint, Hint)
        assert (hint.event, hint.by) == ("zone_record.delete", "infra@example.org")


async def said(dnsimple: Wired) -> tuple[str, str]:
    """Return what the check says of webhooks."""
    assert DNSIMPLE.check is not None
    *_, found, _certificates = await DNSIMPLE.check(dnsimple.client)
    assert SECRET not in found.text + found.hint
    return found.level, found.text


async def test_the_check_says_whether_they_are_set_up() -> None:
    """Off, on, not known to DNSimple, given up, not to be seen: each is said, and never the secret."""
    async with wired() as dnsimple:
        assert await said(dnsimple) == ("good", "Webhooks are off, which is fine: the bot looks by itself.")
    async with wired(webhook_secret=SECRET) as dnsimple:
        hooks = dnsimple.standin.hooks
        hooks.registered.append(
            {"id": 1, "url": "https://another.test/webhooks/dnsimple", "suppressed_at": None}
        )
        assert "DNSimple does not send there" in (await said(dnsimple))[1]
        hooks.point("https://infra.test/webhooks/dnsimple", SECRET)
        assert (await said(dnsimple))[0] == "good"
        hooks.registered[0]["suppressed_at"] = "2026-06-15T08:00:00Z"
        assert "gave up" in (await said(dnsimple))[1]
        dnsimple.standin.world.scopes = frozenset()
        level, text = await said(dnsimple)
        assert level == "good"
        assert "our token may not see" in text
