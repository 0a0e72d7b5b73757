"""Forged, altered, foreign and stale deliveries: none accepted, none a traceback."""

import logging
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from bot.store import Store
from bot.store.tables import INBOX
from tests.faults import forgeries
from tests.faults.databases import Databases
from tests.faults.door import Door
from tests.faults.forgeries import WAYS, Forger
from tests.faults.stories import ASKER, CHANNEL
from tests.faults.test_trouble import telling

LOUD = {"error", "critical", "exception"}
BATCH = 50


@pytest.mark.timeout(300)
async def test_forged_signatures(
    on_files: Databases, full: bool, figure: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """No request is taken whose signature does not fit its body and its time, and none is a traceback."""
    number = 100_000 if full else 5_000
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


async def _kept(store: Store) -> int:
    async with store.read() as tx:
        return await tx.scalar(select(func.count()).select_from(INBOX)) or 0
