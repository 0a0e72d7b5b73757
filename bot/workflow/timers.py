"""What happens by itself: reminders, expiry, starts, second looks, and ends of grants."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from pydantic import ValidationError

from bot.core import approval
from bot.core.approval import Situation
from bot.core.change import Request
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State, Status
from bot.core.values import Json
from bot.core.vendor import Hint
from bot.store import Transaction, answers, grants, inbox, requests
from bot.store.inbox import Kept
from bot.workflow import (
    appointments,
    board,
    costs,
    drift,
    exports,
    leftovers,
    reviews,
    rights,
    sales,
    silence,
    takeover,
)
from bot.workflow.moments import LOOK_AGAIN, due_reminder, next_due
from bot.workflow.wiring import Wiring, ask_owners, enqueue_apply, known, record, status_of

WEBHOOK = "webhook"  # the kind of the deliveries that hold a hint
MANY = 1000
PLANS = (
    leftovers.plan,
    sales.plan,
    drift.plan,
    rights.plan,
    costs.plan,
    takeover.plan,
    reviews.plan,
    appointments.plan,
    silence.plan,
    board.plan,
    exports.plan,
)


class Timers:
    """Wakes what is due; rows are the truth, so a lost job heals at the next sweep."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def run(self, stop: asyncio.Event, every: float, failed: Callable[[Exception], None]) -> None:
        """Sweep every *every* seconds until *stop*; a failing sweep is told and tried again."""
        while not stop.is_set():
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001 - the one broad catch here: a sweep must not end the process
                failed(error)
            try:
                await asyncio.wait_for(stop.wait(), every)
            except TimeoutError:
                continue

    async def sweep(self) -> int:
        """Enqueue what is due, and forget what is done; return how much was due.

        Requests and ends of grants come first: no trouble with anything else keeps them.
        """
        wiring, now = self._wiring, self._wiring.clock()
        async with wiring.store.read() as tx:
            due = await requests.due(tx, now)
            ending = await grants.due(tx, now)
            hints = await inbox.waiting(tx, now, kinds=(WEBHOOK,))
        async with wiring.store.write() as tx:
            await inbox.prune(tx, now)
            await answers.prune(tx, now)
            for id_ in sorted(due):  # in one order, so that two processes never wait for each other
                await wiring.jobs.enqueue(tx, f"tick:{id_}", "tick", {"request": id_}, now)
            for id_ in sorted(ending):
                await wiring.jobs.enqueue(tx, f"end:{id_}", "end", {"request": id_}, now)
        async with wiring.store.write() as tx:
            for plan in PLANS:
                await plan(wiring, tx)
        wiring.jobs.wake()
        for kept in hints:  # whoever kept them did not come to look
            await self.look(kept)
        return len(due) + len(ending) + len(hints)

    async def look(self, kept: Kept) -> None:
        """Look now at what a vendor hints at, and at the requests that wait for it; the hint is not believed.

        They are looked at once more a little later: a vendor may tell of what not all of it knows yet.
        Whoever sells our tickets hints that there are new figures. What another version of the bot kept
        and this one cannot read is parked in the end, and keeps nothing else waiting.
        """
        wiring, now = self._wiring, self._wiring.clock()
        try:
            hint = Hint.model_validate_json(kept.body)
        except ValidationError:
            async with wiring.store.write() as tx:
                await inbox.failed(tx, kept.key)
            return
        async with wiring.store.read() as tx:
            waiting = await requests.newest(tx, (State.WAITING,), MANY)
        concerned = [request.id for request, _ in waiting if any(map(hint.concerns, request.plan.changes))]
        async with wiring.store.write() as tx:
            await drift.hinted(wiring, tx, hint)
            for id_ in sorted(concerned):  # in one order, as above
                await wiring.jobs.enqueue(tx, f"tick:{id_}", "tick", {"request": id_}, now)
                await wiring.jobs.enqueue(tx, f"again:{id_}", "tick", {"request": id_}, now + LOOK_AGAIN)
            if wiring.ticketing and wiring.ticketing.vendor == hint.vendor:
                await sales.ask_for(wiring, tx, "changed")
            await inbox.done(tx, kept.key)
        wiring.jobs.wake()

    async def tick(self, payload: Json) -> None:
        """Do what is due for one request: remind, expire, start, look again."""
        id_, wiring = str(payload["request"]), self._wiring
        request, _ = await known(wiring, id_)
        async with wiring.store.write() as tx:
            await requests.lock(tx, id_)
            status, situation = await status_of(tx, id_), await wiring.situation(tx)
            if status.state is State.PENDING:
                await self._tick_pending(tx, request, status, situation)
            elif status.state.open:
                await enqueue_apply(wiring, tx, request, status)
                due = next_due(request, status, situation.policy, situation.zone, situation.now)
                soonest = situation.now + LOOK_AGAIN
                await requests.set_state(tx, id_, status.state, max(due or soonest, soonest))

    async def _tick_pending(
        self, tx: Transaction, request: Request, status: Status, situation: Situation
    ) -> None:
        now, zone = situation.now, situation.zone
        if now >= request.expires_at:
            await record(self._wiring, tx, request, Kind.EXPIRED, CLOCK, {})
            return
        stage = due_reminder(request, status, situation.policy, zone, now)
        if stage is None:
            due = next_due(request, status, situation.policy, zone, now)
            await requests.set_state(tx, request.id, status.state, due or now + timedelta(hours=1))
            return
        names = _to_ask(request, status, situation, stage)
        await ask_owners(self._wiring, tx, request, names, stage, CLOCK)


def _to_ask(request: Request, status: Status, situation: Situation, stage: str) -> list[str]:
    """Return whom a reminder names: owners who can decide and are not away, if there are any."""
    able = approval.who_can(request, status, situation)
    today = situation.now.astimezone(situation.zone).date()
    present = [p.name for p in situation.owners if p.name in able and not p.is_away(today)]
    names = present or list(able)
    if stage != "two" or len(names) <= 2:
        return names
    first = request.number % len(names)
    return [names[first], names[(first + 1) % len(names)]]
