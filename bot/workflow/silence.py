"""The silence alarm: nobody buys for longer than is likely, or tickets stopped being on sale."""

from datetime import timedelta

from bot.core import silence
from bot.core.errors import BotError
from bot.core.event import Kind
from bot.core.tickets import Sale, Sales, Ticketing
from bot.core.values import Json
from bot.store import Transaction, journal, sales
from bot.workflow.sales import today
from bot.workflow.wiring import Wiring, note_found

SUBJECT = "silence"
EVERY = timedelta(hours=1)


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the next look taken in an hour, unless one is planned already."""
    if wiring.ticketing:
        await wiring.jobs.enqueue(tx, "silence", "silence", {}, wiring.clock() + EVERY)


class Silence:
    """Listens whether tickets are bought."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def look(self, _payload: Json) -> None:
        """Warn of what is not as it should be: once a day, hourly on a launch day (job ``silence``)."""
        wiring, now = self._wiring, self._wiring.clock()
        if wiring.ticketing is None or wiring.policy.awake(now, wiring.organisation.zone) != now:
            return
        found = await self._sales(wiring.ticketing)
        texts = [*await self._stopped(found), *await self._silent(found)] if found else []
        if not found or not texts:
            return
        local = now.astimezone(wiring.organisation.zone)
        launches = found.launched(now, wiring.organisation.zone)
        key = f"{local:%Y-%m-%dT%H}" if launches else f"{local.date()}"
        async with wiring.store.read() as tx:
            last = await journal.last(tx, SUBJECT)
        if last is None or last.payload["key"] != key:
            said: Json = {"key": key, "detail": " ".join(texts)}
            post: Json = {"key": key, "texts": [*texts], "often": "an hour" if launches else "a day"}
            await note_found(wiring, last, SUBJECT, Kind.SILENT, said, "silent", post)

    async def _sales(self, ticketing: Ticketing) -> Sales | None:
        try:
            return await ticketing.sales(self._wiring.organisation.zone)
        except BotError:
            return None  # a seller that is away is told elsewhere

    async def _stopped(self, found: Sales) -> list[str]:
        """Return which releases were on sale yesterday, as we kept it, and were taken off since."""
        day = today(self._wiring)
        async with self._wiring.store.read() as tx:
            kept = await sales.snapshots(tx, found.conference.name, day - timedelta(days=1))
        then = {each.name: each.state for last in kept[:1] for each in last.releases}
        return [
            f"*{each.title}* is off sale; it was on sale before."
            for each in found.releases
            if each.state is Sale.OFF and not each.archived and then.get(each.name) is Sale.ON
        ]

    async def _silent(self, found: Sales) -> list[str]:
        """Return that nobody has bought for longer than is likely, if that is so."""
        wiring, season = self._wiring, found.season
        zone, waking = wiring.organisation.zone, wiring.policy.waking_hours
        selling = any(each.state is Sale.ON for each in found.counted)
        if not selling or season is None or season.curve is None or not (season.first_day and found.last_at):
            return []
        async with wiring.store.read() as tx:
            past = [each.curve for each in await sales.seasons(tx) if each.curve and each.year < season.year]
        last, now = (
            silence.before(at, season.first_day, zone, waking) for at in (found.last_at, wiring.clock())
        )
        if now < 0 or silence.chance(season.curve, past, last, now) >= silence.UNLIKELY:
            return []
        days = (wiring.clock() - found.last_at).total_seconds() / 86400
        return [f"Nobody has bought a ticket for {days:.1f} days: that is unlikely now. Can they be bought?"]
