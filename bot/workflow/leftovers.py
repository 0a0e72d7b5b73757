"""What ended grants left over: looked for every night, live; told once, removed only as approved."""

from datetime import date, datetime, time, timedelta

from bot.core.change import Action, Change, Outcome
from bot.core.command import Grant
from bot.core.errors import Rejected, Unavailable
from bot.core.event import Kind
from bot.core.leftover import Left
from bot.core.people import CLOCK
from bot.core.status import State
from bot.core.values import Json
from bot.core.vendor import Reach
from bot.store import Conflict, Transaction, grants, journal, requests
from bot.store.grants import GrantState
from bot.store.jobs import Later
from bot.workflow.wiring import Wiring, record, status_of

SUBJECT = "leftovers"
NIGHT = time(3)  # by the wall clock, when the night's look is due
SETTLED = timedelta(minutes=5)  # in which an end is carried out
NEXT_TRY = timedelta(minutes=10)
MANY = 1000
_GRANTED = (State.APPLIED, State.WAITING, State.PARTIAL, State.UNKNOWN)
_AGAIN = {None, Outcome.FAILED, Outcome.UNKNOWN}  # what came of an end that is tried again, as approved


async def due(wiring: Wiring, tx: Transaction) -> date | None:
    """Return the local date of the night's look that is due, if one is and a grant ended before it."""
    zone = wiring.organisation.zone
    today = wiring.clock().astimezone(zone).date()
    begins = datetime.combine(today, NIGHT, tzinfo=zone)
    last = await journal.last(tx, SUBJECT)
    if wiring.clock() < begins or (last and str(last.payload["night"]) >= today.isoformat()):
        return None
    return today if await grants.over(tx, begins, 1) else None


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the night's look taken when it is due."""
    if night := await due(wiring, tx):
        await wiring.jobs.enqueue(tx, f"night:{night}", "night", {"night": str(night)}, wiring.clock())


class Leftovers:
    """Looks for what is left of grants that ended."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def found(self) -> tuple[Left, ...]:
        """Return what is left over now, read live; raises VendorError when a vendor does not answer."""
        until = self._wiring.clock() - SETTLED
        async with self._wiring.store.read() as tx:
            over = await grants.over(tx, until)
            running = [grant for grant in await grants.running(tx) if grant.ends_at > until]
        prolonged = {(change.resource, change.target) for grant in running for change in grant.ending}
        last = {
            (change.resource, change.target): (grant, state, index)
            for grant, state in over
            for index, change in enumerate(grant.ending)
        }
        looked = [await self._look(*last[place]) for place in sorted(last.keys() - prolonged)]
        lefts = sorted((left for left in looked if left), key=lambda left: (left.number, left.change.target))
        return tuple([left for left in lefts if not await self._asked_since(left)])

    async def night(self, payload: Json) -> None:
        """Look if it is still due: tell what is new, have approved ends tried again (job ``night``)."""
        wiring, night = self._wiring, str(payload["night"])
        async with wiring.store.read() as tx:
            last, today = await journal.last(tx, SUBJECT), await due(wiring, tx)
        if today is None or today.isoformat() != night:
            return
        try:
            lefts = await self.found()
        except Unavailable:
            raise Later(wiring.clock() + NEXT_TRY) from None
        before = str(last.payload["left"]).splitlines() if last else []
        new = [left for left in lefts if left.key not in before]
        said: Json = {"night": night, "left": "\n".join(left.key for left in lefts)}
        seq, now = journal.after(last), wiring.clock()
        try:
            async with wiring.store.write() as tx:
                for id_ in sorted({left.request for left in new if left.owed}):
                    await self._try_again(tx, id_)
                await journal.append(
                    tx, subject=SUBJECT, kind=Kind.SWEPT, at=now, actor=CLOCK, payload=said, seq=seq
                )
                if new:
                    told = [left.model_copy(update={"trying": left.trying or left.owed}) for left in new]
                    post: Json = {
                        "at": now.isoformat(),
                        "left": [left.model_dump(mode="json") for left in told],
                    }
                    await wiring.jobs.enqueue(tx, f"leftovers:{night}", "leftovers", post, now)
        except Conflict:
            return  # another process told it
        wiring.jobs.wake()

    async def _look(self, grant: Grant, state: GrantState, index: int) -> Left | None:
        """Return what is left at one target of a grant; None when nothing is."""
        ending = grant.ending[index]
        bound = self._wiring.bound.get(ending.resource)
        if bound is None:
            return None  # its vendor is set up no longer
        granted = Change(
            resource=ending.resource, target=ending.target, before=ending.after, after=ending.before
        )
        unseen = ""
        try:
            back, same = await bound.back(granted)
        except Rejected as error:  # one target that is gone, or hidden from us, hides no other
            back, same, unseen = ending, False, error.message
        if back.action is Action.NONE:
            return None
        async with self._wiring.store.read() as tx:
            came = (await status_of(tx, grant.request)).step("end", index).outcome
        trying = state is GrantState.RUNNING
        return Left(
            request=grant.request,
            number=grant.number,
            ended_at=grant.ends_at,
            change=back,
            same=same,
            owed=same and not trying and came in _AGAIN,
            trying=trying,
            unseen=unseen,
        )

    async def _asked_since(self, left: Left) -> bool:
        """Return whether a later request, approved too, gave what is there now."""
        bound = self._wiring.bound[left.change.resource]
        place = (left.change.resource, left.change.target)
        async with self._wiring.store.read() as tx:
            later = await requests.newest(tx, _GRANTED, MANY)
        return any(
            bound.reached(left.change.before, change.after) is not Reach.NO
            for request, _ in later
            if request.number > left.number
            for change in request.plan.changes
            if (change.resource, change.target) == place
        )

    async def _try_again(self, tx: Transaction, id_: str) -> None:
        """Have an end that was approved, and not carried out, tried again."""
        request = await requests.lock(tx, id_)
        assert request is not None  # its grant is kept
        now = self._wiring.clock()
        await record(self._wiring, tx, request, Kind.ENDING, CLOCK, {"at": now.isoformat()})
        await grants.set_state(tx, id_, GrantState.RUNNING, now)
        await self._wiring.jobs.enqueue(tx, f"end:{id_}", "end", {"request": id_}, now)
