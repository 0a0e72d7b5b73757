"""Vendors, Slack and the database fail while a request is carried out: it is done once all the same."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from bot.app import running
from bot.core.status import State
from bot.sandbox.faults import Kind
from bot.sandbox.world import World
from bot.store import requests
from tests.faults.databases import Databases
from tests.faults.stories import APPROVALS, ASKER, CHANNEL, PUSH, Telling
from tests.postgres import Cluster

SITE = "2026.pyconuk.org"
FIRST, SECOND = PUSH.writes
LOOK = FIRST.replace("PUT", "GET")
WITHIN = 60.0  # seconds
AT_ONCE = 6  # tellings: each has a bot and a world of its own


@dataclass(frozen=True)
class Trouble:
    """One fault, switched on when an owner is about to approve: a few *times*, or for some seconds."""

    vendor: str
    kind: Kind
    only: str
    times: int | None = 1
    seconds: float = 1.0
    lasts: float = 2.0

    def __str__(self) -> str:
        return f"{self.vendor} {self.kind.value} at {self.only}"


@asynccontextmanager
async def telling(url: str, changed: Mapping[str, Any] | None = None) -> AsyncIterator[Telling]:
    """Give a story with a bot in this process."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(World.start())
        settings = world.settings({"database_url": url, **(changed or {})})
        app = await stack.enter_async_context(running(settings, clock=world.clock, port=0, sweep=0.2))
        world.slack.request_url = f"http://127.0.0.1:{app.port}/slack/events"
        yield Telling(world, PUSH, app.core.store, monotonic() + WITHIN, app.port)


def _troubles(full: bool) -> list[Trouble]:
    """Return each kind at a look, at both writes, at all of GitHub for a while, and at Slack; or some."""
    if not full:
        return [*(Trouble("github", kind, FIRST) for kind in (Kind.LIMITED, Kind.LOST)), _slack(Kind.LOST)]
    found = []
    for kind in Kind:
        for place in (LOOK, FIRST, SECOND, "*"):
            always = place == "*"
            seconds = 1.0 if kind is not Kind.SLOW else 16.0 if place == FIRST else 3.0
            found.append(Trouble("github", kind, place, None if always else 1, 0.3 if always else seconds))
    return [*found, *map(_slack, Kind)]


def _slack(kind: Kind) -> Trouble:
    return Trouble("slack", kind, "POST /api/chat.*", None, 0.3)


@pytest.mark.timeout(300)
async def test_any_fault_while_it_is_carried_out(
    on_files: Databases, full: bool, figure: Callable[[str], None]
) -> None:
    """Whatever a vendor does while a request is carried out, it is done once in the end."""
    troubles, room = _troubles(full), asyncio.Semaphore(AT_ONCE)
    results = await asyncio.gather(*(_through(trouble, on_files, room) for trouble in troubles))
    wrong = [f"{trouble}: {each}" for trouble, found in zip(troubles, results, strict=True) for each in found]
    words = [f"{sum(word in each for each in wrong)} {word}" for word in ("lost", "doubled", "stuck")]
    figure(f"{len(troubles)} faults of vendors while a request is carried out: {', '.join(words)}")
    assert not wrong


async def _through(trouble: Trouble, databases: Databases, room: asyncio.Semaphore) -> list[str]:
    """Tell the story through one trouble; return what is wrong."""
    async with room, databases() as url, telling(url) as story:
        await story.goes_on(story.cards)
        faults = story.world.faults[trouble.vendor]
        faults.switch(trouble.kind, trouble.seconds, trouble.only, trouble.times)
        if trouble.times is None:
            asyncio.get_running_loop().call_later(trouble.lasts, faults.clear)
        story.haste = timedelta(seconds=2)
        try:
            await story.goes_on()
        except TimeoutError:
            return [f"stuck: {await story.where()}"]
        return await story.wrong()


PAUSE = {"policy": {"rules": [{"wait": "1m"}]}}


async def test_moved_after_the_approval(
    on_files: Databases, full: bool, figure: Callable[[str], None]
) -> None:
    """When GitHub changes after the approval, nothing is applied and the card says what moved."""
    chance = random.Random(2026)
    levels = ["triage", "maintain", "admin", None]
    moved = [chance.choice(levels) for _ in range(40 if full else 2)]
    results = [await _moved(level, on_files) for level in moved]
    figure(f"{len(moved)} times GitHub changed after the approval: {sum(results)} calls changed anything")
    assert not any(results)


async def _moved(level: str | None, databases: Databases) -> int:
    """Approve, let somebody else change GitHub, and return how many calls changed something."""
    async with databases() as url, telling(url, PAUSE) as story:
        await story.goes_on(lambda: "Starts" in str([card.blocks for card in story.cards()]))
        story.world.github.world.set_team_repo("core", SITE, level)
        story.world.clock.move(timedelta(minutes=2))
        await story.goes_on(lambda: "changed meanwhile" in str([card.blocks for card in story.cards()]))
        said = str([card.blocks for card in story.cards()])
        assert (level.capitalize() if level else "leaves") in said
        async with story.store.read() as tx:
            (_, state), *_ = await requests.newest(tx)
        assert state is State.DRIFTED
        return len(story.changed())


NOT_KEPT = "my database is away"


@pytest.mark.faults
async def test_the_database_is_away(
    own_server: tuple[Cluster, Databases], figure: Callable[[str], None]
) -> None:
    """What is said while the database is away is refused in words; what was under way goes on afterwards."""
    server, databases = own_server
    async with databases() as url, telling(url) as story:
        slack = story.world.slack
        asker, owner = (slack.as_(story.world.person(name)) for name in (ASKER, "Cory"))
        await story.goes_on(story.cards)
        await asyncio.to_thread(server.stop)
        command = await asker.say(CHANNEL, "/infra grant-push organiser-1 ironcage")
        press = await owner.press(APPROVALS, story.cards()[0].ts, "approve")
        assert command is not None
        assert (command.status, press.status) == (200, 200)
        await _until(lambda: len(_notes(story, ASKER)) == len(_notes(story, "Cory")) == 1)
        await asyncio.to_thread(server.start)
        await story.goes_on(story.changed)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(1.0)
        await asyncio.to_thread(server.start)
        story.haste = timedelta(seconds=2)
        await story.goes_on()
        assert await story.wrong() == []
    figure("database away while asking, deciding and carrying out: all told, 0 lost, 0 doubled, 0 stuck")


def _notes(story: Telling, name: str) -> list[str]:
    """Return what the bot told somebody alone about its database."""
    who = story.world.person(name)
    everywhere = [
        m for c in story.world.slack.channels_of(who) for m in story.world.slack.messages(c.id, who)
    ]
    return [m.text for m in everywhere if m.ephemeral_to == who and NOT_KEPT in m.text]


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not true():  # noqa: ASYNC110 # what people see has no event to wait for
            await asyncio.sleep(0.05)
