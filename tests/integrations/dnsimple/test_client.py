"""What goes wrong between us and DNSimple is told in words; each call has the documented shape."""

import re
from typing import Any

import pytest
from aiohttp import web

from bot.core.errors import Denied, Malformed, Rejected, Unavailable
from integrations.dnsimple.client import Edit
from integrations.dnsimple.records import Record
from tests.integrations.dnsimple.wired import PAGES, Wired

RECORDS = "GET /1010/zones/pyconuk.org/records"
FIELDS = {"name": str, "type": str, "content": str, "ttl": int, "priority": int}
CHANGED = {key: FIELDS[key] for key in FIELDS if key != "type"}
PARTS = {"creates": [FIELDS], "updates": [CHANGED | {"id": int}], "deletes": [{"id": int}]}
PAGED = ("page", "per_page", "sort")
DOCUMENTED = (  # method, path, the keys of the query, what a body may have, and what it must
    ("GET", r"/whoami", (), None, ()),
    ("GET", r"/\d+/zones/[\w.]+", (), None, ()),
    ("GET", r"/\d+/zones/[\w.]+/distribution", (), None, ()),
    ("GET", r"/\d+/zones/[\w.]+/records", (*PAGED, "name", "type"), None, ()),
    ("GET", r"/\d+/billing/charges", PAGED, None, ()),
    ("GET", r"/\d+/webhooks", (), None, ()),
    ("GET", r"/\d+/zones", PAGED, None, ()),
    ("POST", r"/\d+/zones/[\w.]+/records", (), FIELDS, ("name", "type", "content")),
    ("PATCH", r"/\d+/zones/[\w.]+/records/\d+", (), CHANGED, ()),
    ("DELETE", r"/\d+/zones/[\w.]+/records/\d+", (), None, ()),
    ("POST", r"/\d+/zones/[\w.]+/batch", (), PARTS, ()),
)


def documented(call: str) -> tuple[str, str, tuple[str, ...], Any, tuple[str, ...]]:
    """Return what the documentation says of a call."""
    method, _, path = call.partition(" ")
    (found,) = (each for each in DOCUMENTED if each[0] == method and re.fullmatch(each[1], path))
    return found


def fits(said: Any, shape: Any) -> bool:
    """Return whether a body has nothing but what *shape* has, each value of its type."""
    if isinstance(shape, list):
        return isinstance(said, list) and all(fits(each, shape[0]) for each in said)
    if isinstance(shape, dict):
        return said.keys() <= shape.keys() and all(fits(value, shape[key]) for key, value in said.items())
    return type(said) is shape


async def test_each_request_is_as_documented(dnsimple: Wired) -> None:
    """Method, path, query, headers and body of everything we send are in the vendor's documentation."""
    assert await dnsimple.client.email() == "infra@example.org"
    await dnsimple.client.zone()
    await dnsimple.client.webhooks()
    await dnsimple.client.records("2026")
    await dnsimple.reads.plan()
    await dnsimple.reads.charges()
    await dnsimple.reads.zones()
    await dnsimple.reads.distributed()
    for record in (
        Record(content="mx.example.org", priority=1),
        Record(content="mx.example.org", priority=2),
    ):
        await dnsimple.make(await dnsimple.change("new.pyconuk.org/MX", record))
    await dnsimple.make(await dnsimple.change("new.pyconuk.org/MX"))
    dnsimple.client.batches = True
    new = {"name": "2024", "type": "CNAME", "content": PAGES, "ttl": 60}
    parts = Edit("creates", new), Edit("updates", {"id": 2, "ttl": 60}), Edit("deletes", {"id": 1})
    await dnsimple.client.batch(parts)
    bodies = {call for call, _ in dnsimple.sent}
    for call, query, headers in zip(dnsimple.calls, dnsimple.queries, dnsimple.headers, strict=True):
        assert {*query} <= {*documented(call)[2]}, call
        assert headers.get("Content-Type") == ("application/json" if call in bodies else None), call
        assert (headers["Authorization"], headers["Accept"]) == ("Bearer sandbox-token", "application/json")
        assert headers["User-Agent"] == "conference-infra-bot"
    for call, body in dnsimple.sent:
        _, _, _, allowed, needed = documented(call)
        assert fits(body, allowed), (call, body)
        assert {*needed} <= {*body}, (call, body)
    assert {documented(call)[:2] for call in dnsimple.calls} == {each[:2] for each in DOCUMENTED}


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, {"message": "Authentication failed"}, Denied, "does not accept our token"),
        (403, {"message": "Permission Denied. Required Scope: zones:*:read"}, Denied, "`zones:*:read`"),
        (402, {"message": "Unpaid invoices"}, Rejected, "Unpaid invoices"),
        (412, {"message": "Not in your plan"}, Rejected, "Not in your plan"),
        (429, {"message": "quota exceeded"}, Unavailable, "asks us to wait"),
        (200, {"data": [{"id": "x"}], "pagination": {"total_pages": 1}}, Malformed, "does not fit"),
        (200, {"data": []}, Malformed, "pagination"),
    ],
)
async def test_refusals(
    dnsimple: Wired, status: int, body: object, error: type[Exception], words: str
) -> None:
    """Each refusal says what happened, and which scope the token lacks."""
    dnsimple.answers[RECORDS] = web.json_response(body, status=status)
    with pytest.raises(error) as refused:
        await dnsimple.client.records()
    assert words in str(refused.value)


async def test_html_and_empty_answers(dnsimple: Wired) -> None:
    """A page in place of JSON, and a verb that is not there, are understood for what they are."""
    dnsimple.answers[RECORDS] = web.Response(text="<html>", content_type="text/html")
    with pytest.raises(Malformed, match="not JSON"):
        await dnsimple.client.records()
    with pytest.raises(Rejected, match="status 405"):
        await dnsimple.client.http.write("PUT", "/1010/zones/pyconuk.org/records", {})


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "30"}, 30), ({"X-RateLimit-Remaining": "0"}, 60), ({}, 60)]
)
async def test_too_many_calls(dnsimple: Wired, headers: dict[str, str], seconds: int) -> None:
    """We wait as long as DNSimple says, a minute when it does not say, and ask nothing meanwhile."""
    dnsimple.answers[RECORDS] = web.json_response({"message": "quota exceeded"}, status=429, headers=headers)
    for _ in range(2):
        with pytest.raises(Unavailable) as refused:
            await dnsimple.client.records()
        assert seconds - 2 < refused.value.seconds <= seconds  # type: ignore[attr-defined]  # a Wait says how long
    assert len(dnsimple.calls) == 1


async def test_a_users_token_is_refused(dnsimple: Wired) -> None:
    """Only an account's token is bound to what the bot looks after."""
    dnsimple.standin.world.user_token = True
    with pytest.raises(Rejected, match="is a user's"):
        await dnsimple.client.account()


async def test_no_burst_is_slowed_down(dnsimple: Wired) -> None:
    """DNSimple asks for no pause between writes: ten of them go as quickly as they are answered."""
    for number in range(10):
        content = {"name": f"n{number}", "type": "CNAME", "content": PAGES}
        await dnsimple.client.edit(Edit("creates", content))
    assert len(dnsimple.writes) == 10
