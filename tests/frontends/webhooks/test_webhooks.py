"""The route of webhooks: kept before answered, refused in words, looked into once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.core.vendor import Dropped, Hint, Unsigned
from bot.frontends.webhooks import Webhooks
from bot.store import Store, StoreUnavailable, inbox
from bot.store.inbox import Inbox, Kept
from bot.workflow.timers import WEBHOOK

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


def read(headers: Mapping[str, str], body: bytes) -> Hint | Dropped | None:
    """Read a delivery of a vendor that signs with one word, and numbers by its body."""
    if headers.get("Signed") != "yes":
        return None
    if body == b"?":
        return Dropped(why="it does not read", broken=True)
    if body == b"foreign":
        return Dropped(why="it is another's")
    return Hint(vendor="shelf", key=body[:60].decode(), event="changed", about=frozenset({"box-1"}))


class Door:
    """The route, served; *looked* are the keys of what was looked into."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.inbox = Inbox(store, limit=0.5)
        unsigned = Unsigned("secret", lambda _headers, body: read({"Signed": "yes"}, body))
        self.webhooks = Webhooks({"shelf": read, "crate": unsigned}, self.inbox, self.look, lambda: NOW)
        self.looked: list[str] = []
        self.trouble: Exception | None = None
        self.url = ""

    async def look(self, kept: Kept) -> None:
        """Note what is looked into."""
        if self.trouble:
            raise self.trouble
        self.looked.append(kept.key)

    async def post(
        self, body: bytes = b"1", vendor: str = "shelf", signed: str = "yes"
    ) -> aiohttp.ClientResponse:
        """Deliver something."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"{self.url}/webhooks/{vendor}", data=BytesIO(body), headers={"Signed": signed}
            ) as answer,
        ):
            await answer.read()
            return answer

    async def kept(self) -> list[Kept]:
        """Return what waits."""
        async with self.store.read() as tx:
            return await inbox.waiting(tx, NOW)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """Give a door on a database of its own."""
    store = await Store.open(f"sqlite:///{tmp_path}/infra.db")
    await store.migrate()
    door = Door(store)
    await door.inbox.start()
    app = web.Application(client_max_size=1024**2)
    app.add_routes(door.webhooks.routes)
    async with TestServer(app) as server:
        door.url = str(server.make_url("/")).rstrip("/")
        yield door
    await door.webhooks.close()
    await door.inbox.close()
    await store.close()


async def test_a_delivery_is_kept_and_looked_into(door: Door) -> None:
    """Answered 200 once it is kept, with what it is about and nothing else."""
    assert (await door.post()).status == 200
    await door.webhooks.close()
    assert door.looked == ["webhook:shelf:1"]
    (kept,) = await door.kept()
    assert (kept.key, kept.kind) == ("webhook:shelf:1", WEBHOOK)
    assert Hint.model_validate_json(kept.body).about == {"box-1"}


async def test_who_signs_nothing_is_known_by_the_address(door: Door) -> None:
    """The secret that ends the address lets a delivery in; no log has it, nor what was guessed."""
    with capture_logs() as logs:
        assert (await door.post(vendor="crate/secret", signed="no")).status == 200
        assert (await door.post(vendor="crate/guessed")).status == 401
    await door.webhooks.close()
    assert door.looked == ["webhook:shelf:1"]
    assert logs == [{"event": "forged webhook", "log_level": "warning", "vendor": "crate", "size": 1}]


async def test_a_repeated_delivery_has_no_effect(door: Door) -> None:
    """However often it comes, also at once, it is looked into once; each time it is acknowledged."""
    answers = await asyncio.gather(*(door.post() for _ in range(5)))
    answers.append(await door.post())
    await door.webhooks.close()
    assert {answer.status for answer in answers} == {200}
    assert door.looked == ["webhook:shelf:1"]


@pytest.mark.parametrize(
    ("body", "vendor", "signed", "status"),
    [
        (b"1", "shelf", "no", 401),
        (b"", "shelf", "no", 401),
        (b"1", "another", "yes", 404),
        (b"foreign", "shelf", "yes", 200),
        (b"?", "shelf", "yes", 400),
        (b"x" * (1024**2 + 1), "shelf", "yes", 413),
        (b"1", "shelf/secret", "yes", 401),
        (b"1", "crate", "yes", 401),
        (b"1", "crate/", "yes", 404),
        (b"1", "crate/secre", "yes", 401),
        (b"1", "crate/secret/", "yes", 404),
        (b"1", "crate/%C3%A9", "yes", 401),
    ],
)
async def test_what_is_not_taken(door: Door, body: bytes, vendor: str, signed: str, status: int) -> None:
    """Forged, unknown, foreign, unreadable, huge: each has its answer, and nothing is kept."""
    assert (await door.post(body, vendor, signed)).status == status
    assert await door.kept() == []
    assert door.looked == []


async def test_looking_at_the_address_is_no_delivery(door: Door) -> None:
    """Only POST delivers."""
    async with aiohttp.ClientSession() as session, session.get(f"{door.url}/webhooks/shelf") as answer:
        assert answer.status == 405


async def test_what_cannot_be_kept_is_not_acknowledged(tmp_path: Path, door: Door) -> None:
    """While the database is locked a delivery is answered 503 and when to try again; then it is taken."""
    async with door.store.write():
        answer = await door.post()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert door.looked == []
    assert (await door.post()).status == 200


async def test_a_look_that_fails_is_left_to_the_sweep(door: Door) -> None:
    """It is acknowledged, since it is kept, and it waits."""
    door.trouble = StoreUnavailable("away")
    assert (await door.post()).status == 200
    await door.webhooks.close()
    assert [kept.key for kept in await door.kept()] == ["webhook:shelf:1"]
