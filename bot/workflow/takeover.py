"""Names of ours that anybody could take: looked for daily, each told once."""

from datetime import timedelta

from bot.core.errors import Unavailable, VendorError
from bot.core.event import Event, Kind
from bot.core.people import CLOCK
from bot.core.values import Json
from bot.store import Conflict, Transaction, journal
from bot.store.jobs import Later
from bot.workflow.wiring import Wiring

SUBJECT = "names"
EVERY = timedelta(hours=12)
NEXT_TRY = timedelta(minutes=10)


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the next look taken in half a day, unless one is planned already."""
    if wiring.watch and wiring.names.pointing:
        await wiring.jobs.enqueue(tx, "names", "names", {}, wiring.clock() + EVERY)


class Danglers:
    """Looks which of our names lead to what is not ours."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def look(self, _payload: Json) -> None:
        """Look, and have told what was not told yet (job ``names``); later when the vendor is away.

        What cannot be known this time neither alarms nor counts as put right.
        """
        wiring, now = self._wiring, self._wiring.clock()
        try:
            held = await wiring.names.held()
        except Unavailable:
            raise Later(now + NEXT_TRY) from None
        except VendorError:
            return  # what our tokens may not do is told elsewhere
        async with wiring.store.read() as tx:
            last = await _last(tx)
        before = str(last.payload["names"]).splitlines() if last else []
        danglers = {each.pointing.key: each for each in held if each.ours is False}
        unknown = {each.pointing.key for each in held if each.ours is None}
        told = sorted({*danglers, *(unknown & {*before})})
        if told == before:
            return
        said: Json = {"names": "\n".join(told), "text": "; ".join(told)}
        seq = last.seq + 1 if last else 1
        new = [each.model_dump(mode="json") for key, each in danglers.items() if key not in before]
        try:
            async with wiring.store.write() as tx:
                await journal.append(
                    tx, subject=SUBJECT, kind=Kind.DANGLED, at=now, actor=CLOCK, payload=said, seq=seq
                )
                if new:
                    post: Json = {"at": now.isoformat(), "danglers": [*new]}
                    await wiring.jobs.enqueue(tx, f"danglers:{seq}", "danglers", post, now)
        except Conflict:
            return  # another process told it
        wiring.jobs.wake()


async def _last(tx: Transaction) -> Event | None:
    """Return the line of the last look that found something else than the one before."""
    return next(iter(await journal.lines(tx, subject=SUBJECT, limit=1)), None)
