"""The days' digests: each begins once when its time has come, however many processes there are."""

from datetime import date, timedelta

from bot.core.appointment import Appointment
from bot.core.values import Json
from bot.store import Transaction, appointments
from bot.store.appointments import Day
from bot.workflow.wiring import Wiring

LOST = timedelta(hours=1)  # until a digest whose job is neither waiting nor running has a new one


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have each digest made whose time has come; an appointment that is new begins at its next time.

    Of days that nobody was there only the newest counts, and that not for ever.
    """
    for each in wiring.appointments:
        last = await appointments.last(tx, each.key)
        new = _moved_on(each, last, wiring)
        mine = new == last or await appointments.replace(tx, each.key, last, new)
        if mine and new.going:
            at = wiring.clock() + (LOST if new == last else timedelta(0))
            await wiring.jobs.enqueue(tx, f"{each.key}:{new.day}", "digest", _payload(each, new), at)


async def renew(wiring: Wiring, tx: Transaction) -> None:
    """Have the digests of ticket sales shown as they are now, today's before its time too."""
    now = wiring.clock()
    new = Day(day=now.astimezone(wiring.organisation.zone).date(), going=True)
    for each in wiring.appointments:
        if each.launches:
            last = await appointments.last(tx, each.key)
            begun = new != last and await appointments.replace(tx, each.key, last, new)
            kind, suffix = ("digest", "") if begun else ("news", ":news")
            await wiring.jobs.enqueue(tx, f"{each.key}:{new.day}{suffix}", kind, _payload(each, new), now)


def _payload(appointment: Appointment, day: Day) -> Json:
    return {"appointment": appointment.key, "day": f"{day.day}"}


def _moved_on(appointment: Appointment, last: Day | None, wiring: Wiring) -> Day:
    zone, now = wiring.organisation.zone, wiring.clock()
    newest = appointment.newest(now, zone)
    if last is None:
        return Day(day=newest, going=False)
    return last if newest <= last.day else Day(day=newest, going=not appointment.missed(newest, now, zone))


async def end(wiring: Wiring, key: str, day: date) -> None:
    """Note that the digest of *day* needs nothing more, unless a later day has come."""
    going = Day(day=day, going=True)
    async with wiring.store.write() as tx:
        await appointments.replace(tx, key, going, going.model_copy(update={"going": False}))
