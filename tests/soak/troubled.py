"""Minutes in which people ask for things while everything fails in turn, and what holds then."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.app import now
from bot.core.status import State
from bot.store import Store, requests
from bot.store.tables import INBOX
from bot.workflow import audit
from tests.faults.fleet import Fleet
from tests.faults.stories import PUSH, Telling
from tests.postgres import Cluster
from tests.soak.people import MANY, Crowd, errands
from tests.soak.promises import CALM_SECONDS, Promise, none, real_world
from tests.soak.trouble import Trouble

ERRAND_SECONDS = 8.0  # between two people who ask: Slack takes 50 edits of cards a minute
LONDON = ZoneInfo("Europe/London")


async def troubled(minutes: float, chance: Random, server: Cluster, url: str, log: Path) -> list[Promise]:
    """Let people ask for *minutes* of trouble, then let things calm down; return what held."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(real_world())
        store = await Store.open(url)
        stack.push_async_callback(store.close)
        digests = _digests(now(), minutes)
        fleet = await stack.enter_async_context(Fleet.started(world, url, log, {"digests": digests}))
        ends = monotonic() + minutes * 60
        crowd, trouble = Crowd(world, store), Trouble(world, fleet, server, chance, ends)
        looking = asyncio.create_task(crowd.look())
        troubles = asyncio.gather(trouble.faults(), trouble.kills())
        people = []
        for errand in errands():
            people.append(asyncio.create_task(crowd.run(errand)))
            await asyncio.sleep(ERRAND_SECONDS)
            if monotonic() > ends:
                break
        await troubles
        trouble.end()
        telling = Telling(world, PUSH, store, monotonic() + CALM_SECONDS)
        calm = monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_SECONDS):
                await asyncio.gather(*people)
                await telling.settled()
        took = monotonic() - calm
        looking.cancel()
        return [
            Promise(f"{minutes:g} minutes of trouble", f"{trouble.met.total()}: {trouble}", True),
            Promise("afterwards all that is due gets done", f"in {took:.0f} s", took < CALM_SECONDS),
            *await _held(crowd, telling, digests),
        ]


def _digests(began: datetime, minutes: float) -> list[dict[str, str]]:
    """Return digests, one a minute, that come while there is trouble."""
    what = product(("digest attention", "digest tickets", "digest costs"), ("digests", "approvals"))
    local = began.astimezone(LONDON)
    return [
        {"command": line, "at": f"{local + timedelta(minutes=number):%H:%M}", "channel": channel}
        for number, (line, channel) in enumerate(what, start=2)
        if number < minutes
    ]


async def _held(crowd: Crowd, telling: Telling, digests: list[dict[str, str]]) -> list[Promise]:
    """Return what held of the promises."""
    async with crowd.store.read() as tx:
        kept = (await tx.execute(select(INBOX.c.kind, INBOX.c.state))).tuples().all()
        filed = {each.plan.changes[0].target: state for each, state in await requests.newest(tx, limit=MANY)}
    said: list[Any] = [*crowd.world.slack.deliveries]  # its protocol, made for the page, knows no answers
    acked = sum(each.ok and not each.answer for each in said if each.kind == "command")  # words: not kept
    commands = sum(kind == "command" for kind, _ in kept)
    calls, marks = Counter(telling.changed()), telling.marks()
    wanted = Counter(each.call for each in crowd.sent if filed.get(each.target) is State.APPLIED)
    shown = [mark for mark in marks if mark.startswith("digest:")]
    states = Counter(state.value for state in filed.values())
    became = ", ".join(f"{number} {state}" for state, number in states.most_common())
    return [
        Promise("commands that are acknowledged are kept", f"{acked}, {commands} kept", acked <= commands),
        none("what is kept is worked on", [kind for kind, state in kept if state != "done"], f"{len(kept)}"),
        none("no request lost", [each.line for each in crowd.sent if each.target not in filed]),
        none("none stuck", [each.line for each in crowd.sent if each.target not in crowd.ends], became),
        none("no change lost", [*(wanted - calls).elements()]),
        none("no change doubled", [*(calls - wanted).elements()], f"{calls.total()} writes"),
        none(
            "no message doubled", [mark for mark, times in marks.items() if times > 1], f"{len(marks)} in all"
        ),
        Promise("each digest is there", f"{len(shown)} of {len(digests)}", len(shown) == len(digests)),
        none("the journal is whole", await audit.verify(crowd.store)),
    ]
