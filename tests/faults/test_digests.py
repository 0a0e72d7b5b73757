"""A year of digests: each once a day and channel, whatever the clocks do, who dies, and how many work."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.core.appointment import Appointment
from bot.core.command import Command, Context, NoArgs
from bot.core.people import Role
from bot.core.reply import Reply
from bot.core.values import Json
from bot.frontends.schedule import Schedule
from bot.frontends.slack.digests import show
from bot.frontends.slack.kit import Message
from bot.frontends.slack.outgoing import Outgoing
from bot.frontends.slack.posts import Posts
from bot.store.jobs import Later, jobs_of
from bot.workflow.executor import Executor
from bot.workflow.sales import Snapshots
from bot.workflow.service import Service
from bot.workflow.timers import Timers
from bot.workflow.wiring import Wiring
from integrations.slack.standin import StandIn
from tests.faults.databases import Databases
from tests.frontends.slack.office import APPROVALS, AT_ONCE, GENERAL, workspace
from tests.workflow.test_sales import Booth, conference
from tests.workflow.world import LONDON, Clock, Killed, make

APPOINTMENTS = (
    Appointment(line="digest tickets", at=time(9), channel=APPROVALS, launches=True),
    Appointment(line="digest attention", at=time(1, 30), channel=APPROVALS),  # skipped, or shown twice
    Appointment(line="digest tickets", at=time(23, 50), channel=GENERAL),
)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
FIRST_LOOK = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)
TURNS = (FIRST, date(2026, 3, 28), date(2026, 10, 24))  # the short run begins here, and takes two days each


async def _tell(_args: NoArgs, ctx: Context) -> Reply:
    """Answer something else every minute, so that messages are edited."""
    return Reply(title=f"Sold by {ctx.now:%H:%M}")


COMMANDS: tuple[Command[Any], ...] = tuple(
    Command(line, "Tell", NoArgs, _tell, role=Role.READER)
    for line in dict.fromkeys(each.line for each in APPOINTMENTS)
)


class Process:
    """One life of the bot, which makes digests: nothing in memory is older."""

    def __init__(self, wiring: Wiring, outgoing: Outgoing) -> None:
        self.wiring = replace(wiring, appointments=APPOINTMENTS, commands=COMMANDS)
        self.timers = Timers(self.wiring)
        posts = Posts(wiring.store, outgoing, wiring.clock)
        service = Service(self.wiring, Executor(self.wiring))
        schedule = Schedule(self.wiring, service, partial(show, posts=posts))
        self.handlers = {"digest": schedule.digest, "news": schedule.news}


def days(full: bool) -> list[date]:
    """Return the days that are lived."""
    if full:
        return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    return [first + timedelta(days=n) for first in TURNS for n in range(2)]


def moments(lived: list[date], chance: Random) -> Iterator[datetime]:
    """Yield when somebody is there: before the first day, then some times a day, never half a day apart."""
    yield FIRST_LOOK
    for day in lived:
        midnight = datetime.combine(day, time(0), tzinfo=LONDON).astimezone(UTC)
        for begins in (0, 8, 16):
            yield midnight + timedelta(hours=begins, minutes=chance.randrange(1, 3 * 60))
        if day + timedelta(days=1) not in lived:
            yield midnight + timedelta(hours=25)


def posted(slack: StandIn) -> Counter[str]:
    """Return how often each digest stands in its channel."""
    bodies = (m for channel in slack.channels.values() for m in channel.messages if m.bot_id)
    return Counter(m.metadata["event_payload"]["key"] for m in bodies if m.metadata)


def due(lived: list[date], now: datetime) -> set[str]:
    """Return the digests of *lived* days whose time has come by *now*."""
    return {
        f"digest:{each.key}:{day}" for each in APPOINTMENTS for day in lived if each.slot(day, LONDON) <= now
    }


@asynccontextmanager
async def speaking(clock: Clock, way: type[Outgoing] = Outgoing) -> AsyncIterator[tuple[StandIn, Outgoing]]:
    """Give a stand-in Slack that has the time of *clock*, and the *way* to it."""
    slack = StandIn(workspace(), clock)
    slack.rate_limits = False
    async with TestServer(slack.app) as server:
        slack.base_url = str(server.make_url("/"))
        outgoing = way(slack.url("/api/"), "xoxb-test", AT_ONCE)
        await outgoing.open()
        yield slack, outgoing
        await outgoing.close()


@pytest.mark.timeout(900)
async def test_a_year_with_deaths(on_files: Databases, full: bool, figure: Callable[[str], None]) -> None:
    """One process that dies at random steps and is away for hours: every digest of every day once."""
    lived, chance, deaths, edits = days(full), Random(2026), 0, 0
    async with on_files() as url:
        world = await make(url)
        async with speaking(world.clock) as (slack, outgoing):
            process = Process(world.wiring, outgoing)

            async def look() -> None:
                """Sweep, and do what is due; twice, since a post that may be under way is waited for."""
                for _ in range(2):
                    await process.timers.sweep()
                    while jobs := await world.jobs._claim(process.handlers, ()):
                        for job in jobs:
                            await world.jobs._work(job, process.handlers[job.kind])
                    world.clock.now += timedelta(seconds=20)

            for moment in moments(lived, chance):
                world.clock.now = moment
                world.life.left = chance.choice((None, chance.randrange(40)))
                while True:
                    try:
                        await look()
                        break
                    except Killed:
                        deaths += 1
                        await world.restart()
                        process = Process(world.wiring, outgoing)
            found = posted(slack)
            edits = sum(bool(m.edited) for channel in slack.channels.values() for m in channel.messages)
            assert due(lived, world.clock.now) - set(found) == set()
            assert {key: times for key, times in found.items() if times != 1} == {}
            assert world.failures == []
            assert deaths
            assert edits
        await world.store.close()
    figure(
        f"digests, SQLite: {len(lived)} days, {deaths} deaths, {len(lived)} of each of {len(APPOINTMENTS)}, "
        f"none doubled, none missing; {edits} corrected in place"
    )


@pytest.mark.timeout(900)
async def test_a_year_with_two_processes(
    on_server: Databases, full: bool, figure: Callable[[str], None]
) -> None:
    """Two that sweep at the same instant on one PostgreSQL: every digest of every day once."""
    lived, failures = days(full), list[str]()
    async with on_server() as url, AsyncExitStack() as stack:
        first = await make(url)
        worlds = [first, await make(url, peer=first)]
        slack, outgoing = await stack.enter_async_context(speaking(first.clock))
        stop = asyncio.Event()
        processes = []
        for world in worlds:
            stack.push_async_callback(world.store.close)
            jobs = jobs_of(world.store, world.clock, lambda key, error: failures.append(f"{key}: {error!r}"))
            processes.append(Process(replace(world.wiring, jobs=jobs), outgoing))
            running = asyncio.create_task(jobs.run(processes[-1].handlers, stop))
            stack.push_async_callback(asyncio.wait_for, running, 30)
        stack.callback(stop.set)
        for moment in moments(lived, Random(2026)):
            first.clock.now = moment
            await asyncio.gather(*(each.timers.sweep() for each in processes))
            await slack.until(lambda: due(lived, first.clock.now) <= set(posted(slack)))
        found = posted(slack)
    assert {key: times for key, times in found.items() if times != 1} == {}
    assert failures == []
    figure(
        f"digests, two processes on PostgreSQL: {len(lived)} days, "
        f"{len(lived)} of each of {len(APPOINTMENTS)}, none doubled, none missing"
    )


class Counting(Outgoing):
    """The way to Slack that counts how often it edits a message."""

    edits = 0

    async def edit(self, channel: str, ts: str, message: Message) -> None:
        self.edits += 1
        await super().edit(channel, ts, message)


async def test_a_launch_with_two_processes(on_server: Databases) -> None:
    """Both look at each sale at once: one digest, edited a quarter of an hour apart; each share told once."""
    async with on_server() as url, AsyncExitStack() as stack:
        first = await make(url)
        booth = Booth(first, {"2026": 0}, [conference("2026", date(2026, 9, 18))], capacity=100)
        booth.starts_at = began = first.clock.now
        slack, outgoing = await stack.enter_async_context(speaking(first.clock, Counting))
        assert isinstance(outgoing, Counting)
        processes, told, edits = list[Process](), list[str](), list[int]()
        for world in (first, await make(url, peer=first)):
            stack.push_async_callback(world.store.close)
            processes.append(Process(replace(world.wiring, ticketing=booth), outgoing))

        async def follow(process: Process) -> None:
            """Do what a process does when it hears of a sale, at once."""
            await Snapshots(process.wiring).take({})
            with suppress(Later):
                await process.handlers["news"]({"appointment": APPOINTMENTS[0].key, "day": f"{began:%F}"})

        async def tell(payload: Json) -> None:
            told.append(str(payload["text"]))

        for sold in range(10, 110, 10):
            booth.sold["2026"] = sold
            first.clock.now += timedelta(minutes=4)
            await asyncio.gather(*map(follow, processes))
            edits.append(outgoing.edits)
        for job in await first.jobs._claim({"sold": tell}, ()):
            await tell(job.payload)
        assert sorted(posted(slack).values()) == [1]
    assert edits == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]  # every four minutes: after 20 and 36
    assert sorted(words.partition(" (")[0] for words in told) == [
        "PyCon UK 2026: *All* is 50 % sold",
        "PyCon UK 2026: *All* is 90 % sold",
        "PyCon UK 2026: *All* is sold out",
    ]
