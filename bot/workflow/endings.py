"""The ends of time-bound grants: warned of, carried out as approved, or asked about."""

from datetime import datetime, timedelta

from bot.core.change import Change, Outcome, Request
from bot.core.command import Grant
from bot.core.errors import NotAllowed, Refused
from bot.core.event import Kind
from bot.core.people import CLOCK, Actor, Role
from bot.core.status import Status
from bot.core.values import Json
from bot.store import Conflict, Transaction, grants, requests
from bot.store.grants import GrantState
from bot.store.jobs import Later
from bot.workflow.executor import Executor
from bot.workflow.moments import LOOK_AGAIN, next_warning
from bot.workflow.wiring import Wiring, ask_owners, known, record


class Endings:
    """Ends what was granted for a time."""

    def __init__(self, wiring: Wiring, executor: Executor) -> None:
        self._wiring = wiring
        self._executor = executor

    async def end(self, payload: Json) -> None:
        """Warn of a grant's end, or carry it out (job ``end``)."""
        id_, now = str(payload["request"]), self._wiring.clock()
        async with self._wiring.store.read() as tx:
            found = await grants.get(tx, id_)
        if found is None or found[1] is not GrantState.RUNNING:
            return
        grant, _ = found
        request, status = await known(self._wiring, id_)
        try:
            if now < grant.ends_at:
                await self._warn(request, status, grant, now)
            else:
                await self._end(request, status, grant)
        except Conflict:
            raise Later(now + timedelta(seconds=1)) from None

    async def end_now(self, id_: str, actor: Actor) -> None:
        """End a time-bound grant before its time; its end was approved with it."""
        request, _ = await known(self._wiring, id_)
        if actor.name != request.requested_by.name and actor.role is not Role.OWNER:
            asker = request.requested_by.name
            raise NotAllowed(f"Only {asker} or an owner can end #{request.number} early.", "Ask one of them.")
        now = self._wiring.clock()
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, id_)
            found = await grants.get(tx, id_)
            if found is None or found[1] is not GrantState.RUNNING:
                raise Refused(f"#{request.number} has no end that still runs.", "`requests` lists grants.")
            await grants.end_at(tx, id_, now)
            await record(self._wiring, tx, request, Kind.ENDING, actor, {"at": now.isoformat()})
            await self._wiring.jobs.enqueue(tx, f"end:{id_}", "end", {"request": id_}, now)
        self._wiring.jobs.wake()

    async def _warn(self, request: Request, status: Status, grant: Grant, now: datetime) -> None:
        began = status.approved_at or request.at
        following = next_warning(grant.ends_at, began, now)
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            left = "one day" if grant.ends_at - now <= timedelta(days=1) else "three days"
            if left not in status.warned and await _left(tx, grant):
                said: Json = {"stage": left}
                await record(self._wiring, tx, request, Kind.WARNED, CLOCK, said, expected=status.seq)
            await grants.set_state(
                tx, request.id, GrantState.RUNNING, following[1] if following else grant.ends_at
            )

    async def _end(self, request: Request, status: Status, grant: Grant) -> None:
        """Carry out the ending that was approved; what moved since is left, and asked about."""
        async with self._wiring.store.read() as tx:
            ending = await _left(tx, grant)
        for index, change in ending:
            key, alone = f"end:{index}", request.plan.model_copy(update={"changes": (change,), "ending": ()})
            if key not in status.steps:
                status = await self._executor.guard(request, status, alone, key)
            status = await self._executor.step(request, status, key, change)
        outcomes = [status.step("end", index).outcome for index, _ in ending]
        if Outcome.WAITING in outcomes:
            raise Later(self._wiring.clock() + LOOK_AGAIN)
        good = all(outcome is not None and outcome.good for outcome in outcomes)
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            said: Json = {"clean": good, "prolonged": not ending}
            await record(self._wiring, tx, request, Kind.ENDED, CLOCK, said, expected=status.seq)
            if not good:
                owners = [person.name for person in (await self._wiring.situation(tx)).owners]
                names = dict.fromkeys((request.requested_by.name, *owners))
                await ask_owners(self._wiring, tx, request, names, "left", CLOCK)
            clean = GrantState.ENDED if good else GrantState.ASKED
            await grants.set_state(tx, request.id, clean if ending else GrantState.SUPERSEDED, None)


async def _left(tx: Transaction, grant: Grant) -> list[tuple[int, Change]]:
    """Return what is to end with *grant*, with its place: not what a later grant prolongs."""
    later = [other for other in await grants.running(tx) if other.ends_at > grant.ends_at]
    prolonged = {(change.resource, change.target) for other in later for change in other.ending}
    return [
        (index, change)
        for index, change in enumerate(grant.ending)
        if (change.resource, change.target) not in prolonged
    ]
