"""Forged, altered, foreign and stale deliveries: none accepted, none a traceback."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.sandbox.scene import Scene
from bot.store import Store, requests
from bot.store.tables import INBOX
from tests.faults import forgeries, payloads
from tests.faults.databases import Databases
from tests.faults.door import Door
from tests.faults.forgeries import WAYS, Forger
from tests.faults.payloads import Stage
from tests.faults.stories import ASKER, CHANNEL, PUSH, Telling, effects
from tests.faults.test_trouble import telling

LOUD = {"error", "critical", "exception"}
BATCH = 50


@pytest.mark.timeout(300)
async def test_forged_signatures(
    on_files: Databases, full: bool, figure: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """No request is taken whose signature does not fit its body and its time, and none is a traceback."""
    number = 100_000 if full else 2_000
    statuses: Counter[int] = Counter()
    ways: Counter[str] = Counter()
    async with on_files() as url, telling(url) as story, Door.at(story.port) as door:
        slack = story.world.slack
        real = await slack.as_(story.world.person(ASKER)).say(CHANNEL, "/infra help")
        assert real is not None
        forger = Forger(story.world.seed["slack"]["signing_secret"], Random(2026))
        genuine = forgeries.sent(real)
        assert forger.genuine(genuine)
        with capture_logs() as logs:
            for _ in range(number // BATCH):
                made = [forger.forge(genuine) for _ in range(BATCH)]
                assert not any(forger.genuine(sent) for _, sent in made)
                ways.update(way for way, _ in made)
                statuses.update(await door.knock([sent for _, sent in made]))
                logs[:] = [each for each in logs if each["log_level"] in LOUD]
        kept = await _kept(story.store)
    tracebacks = len(logs) + sum(record.levelno >= logging.ERROR for record in caplog.records)
    figure(
        f"{ways.total()} forged signatures in {len(ways)} ways: {kept - 1} accepted, {tracebacks} tracebacks"
    )
    assert kept == 1, "the genuine one alone"
    assert set(statuses) == {401}
    assert tracebacks == 0
    assert len(ways) == len(WAYS)


REFUSED = {200, 400, 401, 405, 413}


@pytest.mark.timeout(300)
async def test_payloads_that_are_not_what_they_claim(
    on_files: Databases, figure: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing that is signed but foreign, altered, over or misshapen has an effect; the genuine has."""
    wrong: list[str] = []
    async with on_files() as url, telling(url) as story, _elsewhere() as (address, heard):
        stage = await _stage(story, address)
        with capture_logs() as logs:
            before = await effects(story)
            for name, build in payloads.ALL.items():
                async with Door.at(story.port) as door:
                    (status,) = await door.knock([build(stage)])
                await story.settled()
                after = await effects(story)
                wrong += [f"{name}: answered {status}"] if status not in REFUSED else []
                wrong += [
                    f"{name}: {was} became {now}"
                    for was, now in zip(before, after, strict=True)
                    if was != now
                ]
                before = after
        loud = [each for each in logs if each["log_level"] in LOUD]
        async with Door.at(story.port) as door:
            assert await door.knock([stage.press(), stage.command()]) == [200, 200]
        await story.settled()
        genuine = await effects(story)
    tracebacks = len(loud) + sum(record.levelno >= logging.ERROR for record in caplog.records)
    figure(f"{len(payloads.ALL)} classes of forged payload: {len(wrong)} accepted, {tracebacks} tracebacks")
    assert not wrong, "\n".join(wrong)
    assert not tracebacks, loud
    assert not heard
    assert len(genuine[0]) == len(before[0]) + 1
    assert len(genuine[3]) == 2


async def _stage(story: Telling, elsewhere: str) -> Stage:
    """File what there is to forge about."""
    scene, world = Scene(story.world), story.world
    asked = {
        "expired": ("organiser-2", "grant-push organiser-25 voting"),
        "own": ("Cory", "grant-push organiser-26 documentation"),
        "withdrawn": ("organiser-2", "grant-push organiser-25 ironcage"),
        "pending": ("organiser-2", PUSH.line),
    }
    left: Any = world.slack.users[payloads.LEFT]  # the protocol is made for looking
    left.deleted = True
    for number, (name, (who, line)) in enumerate(asked.items(), start=1):
        await scene.ask(who, line, "is with the owners")
        if name == "expired":
            scene.later(hours=73)
            await scene.card_says(number, "Expired")
        elif name == "withdrawn":
            await scene.press(who, f"Withdraw #{number}")
            await scene.card_says(number, "Withdrawn")
    await story.settled()
    async with story.store.read() as tx:
        filed = [request for request, _ in reversed(await requests.newest(tx))]
    secret = world.seed["slack"]["signing_secret"]
    return Stage(world.slack, secret, **dict(zip(asked, filed, strict=True)), elsewhere=elsewhere)


@asynccontextmanager
async def _elsewhere() -> AsyncIterator[tuple[str, list[str]]]:
    """Give an address at which nobody should call, and who did."""
    heard: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        heard.append(str(request.url))
        return web.Response()

    async with RawTestServer(answer) as server:
        yield str(server.make_url("/")), heard


async def _kept(store: Store) -> int:
    async with store.read() as tx:
        return await tx.scalar(select(func.count()).select_from(INBOX)) or 0
