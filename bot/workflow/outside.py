"""Looking from outside at what was applied: whether it works for everybody, and after how long."""

from asyncio import gather
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from bot.core.change import Request, merged
from bot.core.duration import hour, spell
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State, Status
from bot.core.values import Json
from bot.core.vendor import Look
from bot.store import Conflict, Transaction, requests
from bot.store.jobs import Later
from bot.workflow.wiring import Wiring, known, record

PATIENCE = timedelta(minutes=10)
PAUSE = timedelta(seconds=5)


async def begin(wiring: Wiring, tx: Transaction, request: Request, state: State) -> None:
    """Have what was applied looked at from outside, where there is an outside."""
    if state is State.APPLIED and any(wiring.of(change).resource.outside for change in request.plan.changes):
        payload: Json = {"request": request.id}
        await wiring.jobs.enqueue(tx, f"outside:{request.id}", "outside", payload, wiring.clock())


class Outside:
    """Looks until it works or patience ends; what still lacks stands on the card meanwhile."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def look(self, payload: Json) -> None:
        """Look once from outside, and write down what came of it (job ``outside``)."""
        request, status = await known(self._wiring, str(payload["request"]))
        if status.finished_at is None or status.outside or status.undone_by:
            return
        changes = merged(request.plan.changes)
        found = await gather(*(self._wiring.of(change).outside(change) for change in changes))
        looks = [look for look in found if look]
        wrong = "; ".join(look.text for look in looks if not look.good)
        now = self._wiring.clock()
        try:
            if wrong and now < status.finished_at + PATIENCE:
                rarer = now + max(PAUSE, (now - status.finished_at) / 4)
                again = min(rarer, status.finished_at + PATIENCE)
                await self._waits(request, status, f"From outside: {wrong}. I keep looking.", again)
            else:
                said: Json = {"text": self._said(status.finished_at, now, wrong, looks)}
                await self._write(request, status, Kind.SEEN, said)
        except Conflict:  # something else was written about the request: look again
            raise Later(now + PAUSE) from None

    async def _waits(self, request: Request, status: Status, told: str, again: datetime) -> None:
        if status.note != told:
            await self._write(request, status, Kind.NOTED, {"text": told})
        raise Later(again)

    async def _write(self, request: Request, status: Status, kind: Kind, said: Json) -> None:
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            await record(self._wiring, tx, request, kind, CLOCK, said, expected=status.seq)

    def _said(self, finished_at: datetime, now: datetime, wrong: str, looks: Sequence[Look]) -> str:
        """Return what came of it: since when it works, or what does not, and until when the old is seen."""
        took = now - finished_at
        span = f"{ceil(took.total_seconds())} s" if took < timedelta(minutes=2) else spell(took)
        said = f"Works from outside after {span}."
        if wrong:
            said = f"*In {span} it was not seen to work from outside:* {wrong}. Look there, or undo it."
        until = finished_at + max(look.lingers for look in looks)
        old = f" Some people see what was there before until {hour(until, self._wiring.organisation.zone)}."
        return said + (old if until > now else "")
