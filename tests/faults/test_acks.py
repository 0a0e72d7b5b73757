"""Acks while every vendor is silent: what Slack sends is kept at once, whoever else is slow."""

import asyncio
from collections.abc import Callable
from statistics import quantiles
from time import monotonic
from typing import Any

import pytest

from tests.faults.databases import Databases
from tests.faults.stories import ASKER, CHANNEL
from tests.faults.test_trouble import telling

LINES = ("access website", "dns", "status", "tickets", "grant-push organiser-1 website", "help")
SILENT = 60.0
CLIENTS = 4


@pytest.mark.faults  # seconds are only worth telling where nothing else runs
@pytest.mark.timeout(300)
async def test_vendors_are_frozen(on_files: Databases, figure: Callable[[str], None]) -> None:
    """Acks come under a second at the 99th percentile, none after 2.5 s, while no vendor answers."""
    took: list[float] = []
    async with on_files() as url, telling(url) as story:
        slack: Any = story.world.slack  # loaded by name: no type comes with it
        slack.rate_limits = False
        for name, faults in story.world.faults.items():
            if name != "slack":
                faults.switch("slow", seconds=SILENT)

        async def says(client: int) -> None:
            hand = slack.as_(story.world.person(ASKER))
            for number in range(100):
                began = monotonic()
                await hand.say(CHANNEL, f"/infra {LINES[(client + number) % len(LINES)]}")
                took.append(monotonic() - began)

        await asyncio.gather(*map(says, range(CLIENTS)))
    slow, slowest = quantiles(took, n=100)[98], max(took)
    figure(
        f"{len(took)} commands by {CLIENTS} at once while each vendor is silent for {SILENT:.0f} s: "
        f"acks within {slow * 1e3:.0f} ms at the 99th percentile, {slowest * 1e3:.0f} ms at most"
    )
    assert slow < 1
    assert slowest < 2.5
