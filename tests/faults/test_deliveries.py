"""Deliveries that come again: repeated at once, out of order, replayed after a restart: no further effect."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from random import Random
from time import monotonic
from typing import Any

import pytest

from bot.app import running
from bot.core.status import State
from bot.sandbox.world import World
from bot.store import requests
from tests.faults import forgeries
from tests.faults.databases import Databases
from tests.faults.door import Door
from tests.faults.forgeries import Forger, Sent
from tests.faults.stories import APPROVALS, ASKER, CHANNEL, PUSH, Telling, effects

FILING = (
    "grant-push organiser-25 voting",
    "grant-push organiser-26 ironcage --direct",
    "grant-push organiser-26 documentation --for 14d",
    "owners add organiser-2",
    "grant-push organiser-26 sms_conference --direct",
)
READING = ("help", "requests", "access website", "grant-psh nobody nowhere")
COPIES = 3  # of each delivery the first time, all at once
DOORS = 4
BATCH = 40
NOWHERE = "http://127.0.0.1:9/slack/events"  # where nobody listens


@pytest.mark.timeout(600)
async def test_deliveries_again_and_again(
    on_files: Databases, full: bool, figure: Callable[[str], None]
) -> None:
    """Each delivery has its effect once, however often and after whatever it comes."""
    number, chance = 5000 if full else 100, Random(2026)
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(World.start())
        url = await stack.enter_async_context(on_files())
        settings = world.settings({"database_url": url})
        async with running(settings, clock=world.clock, port=0, sweep=0.2) as app:
            story = Telling(world, PUSH, app.core.store, monotonic() + 300, app.port)
            first = await _the_first_time(story, chance)
            before = await _everything(story)
            statuses = await _again(story, first, number // 2, chance)
        async with running(settings, clock=world.clock, port=0, sweep=0.2) as app:
            story = Telling(world, PUSH, app.core.store, monotonic() + 300, app.port)
            statuses += await _again(story, first, number - number // 2, chance)
            after = await _everything(story)
    extra = sum(was != now for was, now in zip(before, after, strict=True))
    refused = statuses.total() - statuses[200]
    figure(
        f"{statuses.total()} repeated deliveries: {len(first)} different ones, first {COPIES} times at once, "
        f"then in any order, half after a restart: {extra} extra effects, {refused} refused"
    )
    assert set(statuses) == {200}
    assert after == before


async def _the_first_time(story: Telling, chance: Random) -> list[Sent]:
    """Let people ask and decide, each delivery in several copies at once; return them all."""
    said = await _undelivered(story, _say_all)
    await _deliver(story, said * COPIES, chance)
    await story.settled()
    pressed = await _undelivered(story, _press_all)
    await _deliver(story, pressed * COPIES, chance)
    await story.settled()
    async with story.store.read() as tx:
        states = {request.line: state for request, state in await requests.newest(tx)}
    assert states == dict.fromkeys(FILING[:-1], State.APPLIED) | {FILING[-1]: State.WITHDRAWN}
    assert len(story.changed()) == len(FILING) - 1
    return said + pressed


async def _undelivered(story: Telling, act: Callable[[Telling], Any]) -> list[Sent]:
    """Let people act while nothing arrives, and return what Slack would have delivered."""
    slack: Any = story.world.slack  # its protocol, made for the sandbox page, knows no retries
    slack.request_url, slack.retry_delays = NOWHERE, ()
    known = len(slack.deliveries)
    await act(story)
    return [forgeries.sent(delivery) for delivery in slack.deliveries[known:]]


async def _say_all(story: Telling) -> None:
    hand = story.world.slack.as_(story.world.person(ASKER))
    direct = story.world.slack.direct(story.world.person(ASKER))
    for line in (*FILING, *READING):
        await hand.say(CHANNEL, f"/infra {line}")
    await hand.say(direct, "requests")
    await hand.say(APPROVALS, f"<@{story.world.slack.bot_user_id}> help")
    await hand.open_home()


async def _press_all(story: Telling) -> None:
    """Let two owners approve everything that waits, and the asker withdraw one."""
    asker, *owners = (story.world.slack.as_(story.world.person(name)) for name in (ASKER, "Cory", "Owen"))
    waiting = [card for card in story.cards() if "'approve'" in str(card.blocks)]
    for card in waiting:
        for owner in () if FILING[-1].split()[2] in str(card.blocks) else owners:
            await owner.press(APPROVALS, card.ts, "approve")
    direct = story.world.slack.direct(story.world.person(ASKER))
    for note in story.world.slack.messages(direct, story.world.person(ASKER)):
        if FILING[-1].split()[2] in str(note.blocks):
            await asker.press(direct, note.ts, "withdraw")


async def _again(story: Telling, first: Sequence[Sent], number: int, chance: Random) -> Counter[int]:
    """Deliver what came before again, in any order; return the statuses of the answers."""
    statuses = await _deliver(story, chance.choices(first, k=number), chance)
    await story.settled()
    return statuses


async def _deliver(story: Telling, deliveries: Sequence[Sent], chance: Random) -> Counter[int]:
    """Deliver through several doors at once, in random order; events are signed anew each time."""
    forger = Forger(story.world.seed["slack"]["signing_secret"], chance)
    shuffled = chance.sample(deliveries, len(deliveries))
    statuses: Counter[int] = Counter()

    async def through(part: Sequence[Sent]) -> None:
        async with Door.at(story.port) as door:
            for at in range(0, len(part), BATCH):
                statuses.update(await door.knock([forger.renewed(sent) for sent in part[at : at + BATCH]]))

    await asyncio.gather(*(through(shuffled[index::DOORS]) for index in range(DOORS)))
    return statuses


async def _everything(story: Telling) -> tuple[Any, ...]:
    """Return every effect, and how many messages there are, private ones included."""
    await story.settled()
    slack: Any = story.world.slack  # its protocol, made for the sandbox page, knows no messages of all
    messages = {channel.id: len(channel.messages) for channel in slack.channels.values()}
    return (*await effects(story), messages)
