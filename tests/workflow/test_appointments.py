"""Appointments: each day's digest is asked for once, by one process, and not for days that are gone."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.core.appointment import Appointment
from bot.core.errors import Refused
from bot.core.people import SCHEDULE
from bot.core.values import Json
from bot.store import appointments
from bot.store.appointments import Day
from bot.workflow.appointments import end
from tests.workflow.conftest import Build
from tests.workflow.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # where no SQL is at stake
LOOK = Appointment(line="look", at=time(9), channel="C0DIGESTS")


class Diary:
    """What is asked for by appointments in a world, in order."""

    def __init__(self, world: World) -> None:
        world.wiring = replace(world.wiring, appointments=(LOOK,))
        world.__post_init__()
        self.world = world
        self.days: list[str] = []

    async def _digest(self, payload: Json) -> None:
        assert payload["appointment"] == LOOK.key
        self.days.append(str(payload["day"]))
        await end(self.world.wiring, LOOK.key, date.fromisoformat(self.days[-1]))

    async def sweep(self) -> None:
        """Look for what is due, and do it."""
        await self.world.timers.sweep()
        handlers = {**self.world.handlers, "digest": self._digest}
        while jobs := await self.world.jobs._claim(handlers, ()):
            for job in jobs:
                await self.world.jobs._work(job, handlers[job.kind])

    async def later(self, **span: float) -> None:
        """Let time pass while nobody is there, and sweep."""
        self.world.clock.now += timedelta(**span)
        await self.sweep()


async def test_each_day_once_from_the_next_time_on(build: Build) -> None:
    """What is new at nine begins tomorrow; a day begins once, also late, and days gone by are left out."""
    diary = Diary(await build())
    await diary.sweep()
    await diary.later(hours=23)
    assert diary.days == []
    await diary.later(hours=1, minutes=5)
    await diary.sweep()
    assert diary.days == ["2026-06-16"]
    await diary.later(days=2, hours=6)
    assert diary.days == ["2026-06-16", "2026-06-18"]
    await diary.later(hours=17)  # 08:05 on the 19th
    await diary.later(days=1, hours=-2)  # away until 06:05 on the 20th
    assert diary.days == ["2026-06-16", "2026-06-18"]
    await diary.later(hours=3)
    assert diary.days == ["2026-06-16", "2026-06-18", "2026-06-20"]


async def test_a_lost_job_is_asked_for_again(build: Build) -> None:
    """As long as a day's digest is looked after, each sweep sees that its job is there."""
    world = await build()
    Diary(world)
    key, day = LOOK.key, date(2026, 6, 15)
    async with world.store.write() as tx:
        assert await appointments.replace(tx, key, None, Day(day=day, going=True))
        assert not await appointments.replace(tx, key, None, Day(day=day, going=False))
        old = Day(day=date(2026, 6, 14), going=True)
        assert not await appointments.replace(tx, key, old, Day(day=day, going=False))
    await world.timers.sweep()
    assert await world.jobs._claim({"digest": world.timers.tick}, ()) == ()
    world.clock.now += timedelta(hours=1)
    found = await world.jobs._claim({"digest": world.timers.tick}, ())
    assert [job.key for job in found] == ["digest:look:C0DIGESTS:2026-06-15"]
    await end(world.wiring, key, day)
    async with world.store.read() as tx:
        assert await appointments.last(tx, key) == Day(day=day, going=False)


@ON_SQLITE
async def test_a_schedule_changes_nothing(world: World) -> None:
    """What plans a change is refused to it, and nothing is filed."""
    with pytest.raises(Refused, match="`note` plans a change; a schedule only looks"):
        await world.service.ask("note a b", SCHEDULE, "digest")
    assert await world.service._requests.newest() == []
