"""The stand-in DNSimple answers as the notes on its API say."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from integrations.dnsimple.standin import ROUTES, StandIn
from tests.integrations.dnsimple.wired import NOW, SEED

ZONE = "/v2/1010/zones/pyconuk.org"
RECORDS = f"{ZONE}/records"
Answer = tuple[int, Any]


class Asking:
    """Somebody with a token."""

    def __init__(self, standin: StandIn, session: aiohttp.ClientSession) -> None:
        self.standin = standin
        self.session = session
        self.headers: dict[str, str] = {}

    async def __call__(self, method: str, path: str, body: Any = None) -> Answer:
        """Return status and content; the headers are kept."""
        async with self.session.request(method, path, json=body) as answer:
            self.headers = dict(answer.headers)
            text = await answer.text()
            return answer.status, (await answer.json() if "json" in answer.content_type else text)

    async def add(self, name: str, kind: str, content: str, **more: Any) -> Answer:
        """Add a record."""
        return await self("POST", RECORDS, {"name": name, "type": kind, "content": content, **more})

    async def errors(self, name: str, kind: str, content: str, **more: Any) -> Any:
        """Add a record that is refused; return the errors."""
        status, said = await self.add(name, kind, content, **more)
        assert (status, said["message"]) == (400, "Validation failed")
        return said["errors"]


@pytest.fixture
async def ask() -> AsyncIterator[Asking]:
    """Give the stand-in and somebody with its token."""
    standin = StandIn(SEED, lambda: NOW)
    token = {"Authorization": "Bearer sandbox-token"}
    async with (
        TestServer(standin.app) as server,
        aiohttp.ClientSession(server.make_url("/"), headers=token) as session,
    ):
        yield Asking(standin, session)


async def test_lists_come_in_pages(ask: Asking) -> None:
    """A page has at most 100 items, and says how many there are; filters and order are the caller's."""
    for number in range(110):
        await ask.add(f"n{number:03}", "A", "192.0.2.1")
    _, said = await ask("GET", f"{RECORDS}?per_page=500&page=2&sort=id:desc")
    assert said["pagination"]["per_page"] == 100
    assert said["pagination"]["total_pages"] == 2
    assert len(said["data"]) == said["pagination"]["total_entries"] - 100
    assert said["data"][-1]["type"] == "SOA"
    _, said = await ask("GET", f"{RECORDS}?name=n007&type=A")
    assert [each["name"] for each in said["data"]] == ["n007"]
    _, said = await ask("GET", f"{RECORDS}?name_like=n00&sort=name:desc,id:asc&per_page=2")
    assert [each["name"] for each in said["data"]] == ["n009", "n008"]
    assert (await ask("GET", f"{RECORDS}?sort=colour:asc"))[0] == 400


async def test_a_record_is_added_changed_and_removed(ask: Asking) -> None:
    """A record keeps its number through a change, and its type whatever is said; its TTL is an hour."""
    status, said = await ask.add("New", "CNAME", "Pyconuk.github.io.")
    made = said["data"]
    assert (status, made["name"], made["content"], made["ttl"]) == (201, "new", "Pyconuk.github.io", 3600)
    path = f"{RECORDS}/{made['id']}"
    status, said = await ask("PATCH", path, {"content": "other.example.org", "type": "A", "ttl": 60})
    assert (status, said["data"]["type"], said["data"]["ttl"]) == (200, "CNAME", 60)
    assert (await ask("GET", path))[1]["data"]["content"] == "other.example.org"
    assert await ask("DELETE", path) == (204, "")
    assert await ask("GET", path) == (404, {"message": f"Record `{made['id']}` not found"})
    assert "X-RateLimit-Limit" not in ask.headers


async def test_errors_are_texts_by_field(ask: Asking) -> None:
    """What cannot be a record is refused under the field's internal name, and nothing is kept."""
    before = ask.standin.pane()
    assert await ask.errors("x", "NOPE", "y") == {"record_type": ["unsupported"]}
    assert await ask.errors("x", "A", "host.example.org") == {"content": ["is not a valid IPv4 address"]}
    assert await ask.errors("x", "AAAA", "192.0.2.1") == {"content": ["is not a valid IPv6 address"]}
    assert await ask.errors("x", "CNAME", "not a host") == {"content": ["is not a valid host name"]}
    assert await ask.errors("x", "URL", "example.org") == {"content": ["must be a URL with its scheme"]}
    assert await ask.errors("x", "TXT", "") == {"content": ["can't be blank"]}
    assert await ask.errors("a..b", "A", "192.0.2.1") == {"name": ["is invalid"]}
    assert await ask.errors("a.*", "A", "192.0.2.1") == {"name": ["is invalid"]}
    assert "ttl" in await ask.errors("x", "A", "192.0.2.1", ttl=-1)
    assert "priority" in await ask.errors("x", "MX", "mx.example.org", priority="high")
    assert ask.standin.pane() == before


async def test_the_rules_of_names(ask: Asking) -> None:
    """No CNAME stands at the apex or beside anything, and no record stands there twice."""
    assert "name" in await ask.errors("", "CNAME", "pyconuk.github.io")
    alone = {"base": ["a CNAME record must be the only record of its name"]}
    assert await ask.errors("2014", "CNAME", "pyconuk.github.io") == alone
    assert await ask.errors("2026", "CNAME", "other.example.org") == alone
    assert await ask.errors("2026", "TXT", "text") == alone
    assert await ask.errors("2014", "A", "192.0.2.7") == {"base": ["Zone record already exists"]}
    assert (await ask.add("2014", "A", "192.0.2.8"))[0] == 201
    assert (await ask.add("*", "A", "192.0.2.8"))[0] == 201
    assert (await ask.add("_x._tcp", "SRV", "5 80 host.example.org", priority=1))[0] == 201


async def test_texts_are_stored_in_quotes(ask: Asking) -> None:
    """A text is quoted, escaped and cut at 255 characters; one in quotes stays; 1000 are the end."""
    _, said = await ask.add("t", "TXT", 'say "hi"')
    assert said["data"]["content"] == r'"say \"hi\""'
    _, said = await ask.add("t", "TXT", '"as it is"')
    assert said["data"]["content"] == '"as it is"'
    _, said = await ask.add("t", "TXT", "x" * 300)
    assert said["data"]["content"] == f'"{"x" * 255}" "{"x" * 45}"'
    assert "content" in await ask.errors("t", "TXT", "x" * 995)


async def test_an_alias_brings_a_text_that_follows_it(ask: Asking) -> None:
    """The text beside an ALIAS has it as parent, changes with it, goes with it, and is nobody else's."""
    alias, text = (await ask("GET", f"{RECORDS}?name=alias"))[1]["data"]
    assert (text["parent_id"], text["content"]) == (alias["id"], '"ALIAS for pyconuk.github.io"')
    assert (await ask("PATCH", f"{RECORDS}/{text['id']}", {"ttl": 60}))[0] == 400
    await ask("PATCH", f"{RECORDS}/{alias['id']}", {"content": "mail.example.org"})
    assert (await ask("GET", f"{RECORDS}/{text['id']}"))[1]["data"][
        "content"
    ] == '"ALIAS for mail.example.org"'
    await ask("DELETE", f"{RECORDS}/{alias['id']}")
    assert (await ask("GET", f"{RECORDS}/{text['id']}"))[0] == 404


async def test_what_dnsimple_keeps_itself(ask: Asking) -> None:
    """SOA and the zone's own name servers are shown, and neither changed nor removed."""
    soa = (await ask("GET", f"{RECORDS}?type=SOA"))[1]["data"][0]
    assert soa["system_record"]
    assert (await ask("PATCH", f"{RECORDS}/{soa['id']}", {"ttl": 60}))[0] == 400
    assert (await ask("DELETE", f"{RECORDS}/{soa['id']}"))[0] == 400


async def test_what_the_plan_lacks_is_refused_with_412(ask: Asking) -> None:
    """Batches are for one plan, regions not for the smallest."""
    assert (await ask("POST", f"{ZONE}/batch", {"deletes": [{"id": 7}]}))[0] == 412
    assert (await ask.add("x", "A", "192.0.2.1", regions=["SV1"]))[0] == 412


async def test_a_batch_is_done_in_whole_or_not_at_all(ask: Asking) -> None:
    """Deletes come before creates, so that a name can change its type; one error leaves all as it was."""
    ask.standin.world.plan = "enterprise-v1-monthly"
    cname = (await ask("GET", f"{RECORDS}?name=2026"))[1]["data"][0]["id"]
    other = (await ask("GET", f"{RECORDS}?name=2025"))[1]["data"][0]["id"]
    create = {"name": "2026", "type": "A", "content": "192.0.2.9"}
    wrong = {"deletes": [{"id": cname}], "updates": [{"id": other, "ttl": 60}], "creates": [create, create]}
    before = ask.standin.pane()
    status, said = await ask("POST", f"{ZONE}/batch", wrong)
    assert (status, said["errors"]["creates"][0]["index"]) == (400, 1)
    assert ask.standin.pane() == before
    status, said = await ask("POST", f"{ZONE}/batch", {"deletes": [{"id": 99999}]})
    assert said["errors"]["deletes"] == [{"index": 0, "message": "Record not found ID=99999"}]
    status, said = await ask("POST", f"{ZONE}/batch", wrong | {"creates": [create]})
    assert (status, said["data"]["deletes"], said["data"]["creates"][0]["type"]) == (
        200,
        [{"id": cname}],
        "A",
    )


async def test_the_rate_is_counted_and_limited(ask: Asking) -> None:
    """Each answer says what is left; beyond it everything is refused until the hour is over."""
    await ask("GET", "/v2/whoami")
    assert ask.headers["X-RateLimit-Remaining"] == "2399"
    ask.standin.world.rate_limit = 1
    assert await ask("GET", "/v2/whoami") == (429, {"message": "quota exceeded"})
    assert ask.headers["X-RateLimit-Remaining"] == "0"
    assert "Retry-After" not in ask.headers


async def test_who_calls_and_where(ask: Asking) -> None:
    """Wrong tokens, accounts, zones, addresses and verbs each have their own answer."""
    assert (await ask("GET", "/v2/1010/zones/example.org"))[0] == 404
    assert (await ask("GET", "/v2/1011/zones/pyconuk.org"))[0] == 404
    assert (await ask("GET", "/v2/nothing"))[0] == 404
    assert await ask("PUT", RECORDS) == (405, "")
    assert ask.headers["Allow"] == "GET, POST"
    ask.standin.world.scopes = frozenset()
    status, said = await ask("GET", "/v2/1010/billing/charges")
    assert (status, said["message"]) == (403, "Permission Denied. Required Scope: billing:*:read")
    ask.standin.world.token = "another"
    assert await ask("GET", "/v2/whoami") == (401, {"message": "Authentication failed"})
    ask.standin.world.gateway = True
    status, said = await ask("GET", "/v2/whoami")
    assert (status, said[:6]) == (502, "<html>")


async def test_the_zone_the_distribution_and_the_charges(ask: Asking) -> None:
    """The rest of what is read has its documented shape; a check that fails itself is a 504."""
    assert (await ask("GET", ZONE))[1]["data"]["active"] is True
    assert (await ask("GET", f"{ZONE}/distribution"))[1] == {"data": {"distributed": True}}
    ask.standin.world.distributed = None
    assert (await ask("GET", f"{ZONE}/distribution"))[0] == 504
    assert (await ask("GET", "/v2/1010/billing/charges"))[1]["data"][0]["total_amount"] == "50.00"
    assert (await ask("GET", "/v2/1010/webhooks"))[1] == {"data": []}
    ask.standin.world.others.append("another.example")
    zones = (await ask("GET", "/v2/1010/zones"))[1]["data"]
    assert [zone["name"] for zone in zones] == ["another.example", "pyconuk.org"]
    ask.standin.world.user_token = True
    assert (await ask("GET", "/v2/whoami"))[1]["data"]["account"] is None


def test_a_seed_with_an_unknown_key_is_refused() -> None:
    """A misspelt key of the seed is no surprise later."""
    with pytest.raises(ValueError, match="unknown keys: recrods"):
        StandIn(SEED | {"recrods": []}, lambda: NOW)


def test_the_routes_are_those_tested_here() -> None:
    """No route of the stand-in goes unused: a new one needs a test."""
    assert len(ROUTES) == 12
