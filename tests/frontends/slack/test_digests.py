"""The schedule: what the clock asks is shown once, corrected in place, and never silently missing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.core.appointment import Appointment
from bot.core.command import Command, Context, NoArgs
from bot.core.errors import Unavailable
from bot.core.people import Role
from bot.core.reply import Chart, Reply
from bot.core.values import Json
from bot.frontends.schedule import Schedule
from bot.frontends.slack.posts import Posts
from bot.store import appointments
from bot.store.appointments import Day
from bot.store.jobs import Handler, Later
from integrations.slack.standin import StandIn
from tests.frontends.slack.office import APPROVALS, Office, opened, shown
from tests.workflow.world import START

DAY = date(2026, 6, 15)
AT_NINE = Appointment(line="digest", at=time(9), channel=APPROVALS)
SOLD = Reply(title="214 sold", blocks=(Chart(title="Sales", png=b"png", words="214 of 400 sold"),))


@dataclass
class Morning:
    """A digest whose answer a test sets, on the bot's Slack."""

    office: Office
    answer: Reply | Exception = SOLD
    appointment: Appointment = AT_NINE
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Wire the command."""
        command: Command[Any] = Command("digest", "Tell", NoArgs, self._run, role=Role.READER)
        world = self.office.world
        commands = (*world.wiring.commands, command)
        world.wiring = replace(world.wiring, commands=commands, appointments=(self.appointment,))
        world.__post_init__()

    async def _run(self, _args: NoArgs, ctx: Context) -> Reply:
        self.asked.append(f"{ctx.actor.name} via {ctx.actor.via}")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def look(self, day: date = DAY) -> timedelta | None:
        """Run the job of a day; return in how long it wants to run again."""
        world = self.office.world
        async with world.store.write() as tx:
            known = await appointments.last(tx, self.appointment.key)
            await appointments.replace(tx, self.appointment.key, known, Day(day=day, going=True))
        return await self._run_job(self._schedule.digest, day)

    async def news(self) -> timedelta | None:
        """Run the job of a day's news; return in how long it wants to run again."""
        return await self._run_job(self._schedule.news, DAY)

    @property
    def _schedule(self) -> Schedule:
        return Schedule(self.office.world.wiring, self.office.world.service, self.office.frontend.digest)

    async def _run_job(self, job: Handler, day: date) -> timedelta | None:
        payload: Json = {"appointment": self.appointment.key, "day": f"{day}"}
        try:
            await job(payload)
        except Later as later:
            return later.at - self.office.world.clock()
        return None

    async def over(self) -> bool:
        """Return whether the day's digest needs nothing more."""
        async with self.office.world.store.read() as tx:
            last = await appointments.last(tx, self.appointment.key)
        return last is not None and not last.going

    @property
    def shown(self) -> list[str]:
        """Return what stands in the channel."""
        return [shown(message) for message in self.office.cards]


@pytest.fixture
async def morning(database_url: str, slack: StandIn) -> AsyncIterator[Morning]:
    """Give a morning."""
    async with opened(database_url, slack, working=False) as office:
        yield Morning(office)


async def test_posted_once_corrected_in_place_until_the_day_is_over(morning: Morning) -> None:
    """The clock asks; the chart comes along once; later looks edit it, until midnight."""
    assert await morning.look() == timedelta(hours=1)
    assert await morning.look() == timedelta(hours=1)
    assert morning.asked == ["the clock via schedule"] * 2
    first, picture = morning.office.cards
    assert shown(first).startswith("*214 sold*")
    assert [file.title for file in picture.files] == ["Sales"]
    morning.answer = SOLD.model_copy(update={"title": "212 sold"})
    morning.office.world.clock.now = START + timedelta(hours=14, minutes=30)
    assert await morning.look() is None
    assert await morning.over()
    assert [message.ts for message in morning.office.cards] == [first.ts, picture.ts]
    assert morning.shown[0].startswith("*212 sold*")


async def test_who_did_not_answer_is_asked_again_soon(morning: Morning) -> None:
    """A digest that fails says why in its place, and becomes whole when the vendor is back."""
    morning.answer = Unavailable("tito", "ti.to does not answer.", "It is tried again.")
    assert await morning.look() == timedelta(minutes=15)
    assert morning.shown == ["*digest: ti.to does not answer.*\n❌ It is tried again."]
    morning.office.world.clock.now += timedelta(minutes=15)
    morning.answer = Reply(title="214 sold", partial=True)
    assert await morning.look() == timedelta(minutes=15)
    assert morning.shown == ["*214 sold*"]


async def test_news_are_shown_soon_but_no_oftener_than_every_quarter_of_an_hour(morning: Morning) -> None:
    """Whoever looks: a process that just came knows when the last edit was, and the last news wins."""
    world, sent = morning.office.world, list[str]()
    morning.answer = Reply(title="0 sold")
    await morning.look()
    for minute in range(1, 61):
        world.clock.now += timedelta(minutes=1)
        morning.answer = Reply(title=f"{minute} sold")
        morning.office.frontend._posts = Posts(world.store, morning.office.frontend._outgoing, world.clock)
        free = await morning.news()
        sent += morning.shown[:1] if morning.shown[0] not in sent else []
        assert (free is None) is (minute % 15 == 0)
        assert free is None or (world.clock() + free - START) == timedelta(minutes=15) * (minute // 15 + 1)
    assert sent == ["*0 sold*", "*15 sold*", "*30 sold*", "*45 sold*", "*60 sold*"]
    world.clock.now = START + timedelta(hours=16)
    asked = len(morning.asked)
    assert await morning.news() is None
    assert len(morning.asked) == asked


async def test_what_is_not_for_a_channel_is_not_posted(morning: Morning) -> None:
    """Neither what is for whoever asks alone nor what changes something."""
    morning.answer = Reply(title="organiser-1@example.org", private=True)
    await morning.look()
    assert "digest answers whoever asks alone" in morning.shown[0]
    morning.appointment = morning.appointment.model_copy(update={"line": "note a b"})
    morning.__post_init__()
    await morning.look()
    assert "note plans a change; a schedule only looks." in morning.shown[1]


async def test_a_quiet_day_is_said_unless_it_is_to_be_skipped(morning: Morning) -> None:
    """Skipping is a choice; what is skipped is over for the day, and what is too late or unknown too."""
    morning.answer = Reply(title="No change: 214 sold, £31,204. Nothing waits.", quiet=True)
    morning.appointment = morning.appointment.model_copy(update={"skips": True})
    morning.__post_init__()
    assert await morning.look() is None
    assert await morning.over()
    assert morning.shown == []
    morning.appointment = morning.appointment.model_copy(update={"skips": False})
    morning.__post_init__()
    assert await morning.look(DAY - timedelta(days=1)) is None
    assert morning.shown == []
    await morning.look()
    assert morning.shown == ["*No change: 214 sold, £31,204. Nothing waits.*"]
    morning.office.world.wiring = replace(morning.office.world.wiring, appointments=())
    assert await morning.look() is None
    assert len(morning.asked) == 2


async def test_a_channel_that_is_not_there_is_tried_again(morning: Morning) -> None:
    """Nothing is posted, and the digest goes on to be looked after: somebody may invite the bot later."""
    morning.appointment = morning.appointment.model_copy(update={"channel": "C0NOWHERE"})
    morning.__post_init__()
    assert await morning.look() == timedelta(hours=1)
    assert not await morning.over()
    assert morning.shown == []
