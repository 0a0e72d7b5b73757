"""Carrying out what was approved: look, write, look again, write it down; resume anywhere."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.approval import void_approvals
from bot.core.change import Change, Outcome, Request
from bot.core.command import Grant
from bot.core.duration import hour
from bot.core.errors import Denied, Refused, Rejected, Unavailable, VendorError
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State, Status, Step, verdict
from bot.core.values import Json
from bot.core.vendor import Bound, Reach
from bot.http import deadline
from bot.store import Conflict, Transaction, grants, requests
from bot.store.jobs import Later
from bot.workflow.moments import next_warning
from bot.workflow.wiring import Wiring, known, record

WRITE_WITHIN = timedelta(seconds=15)
REWRITE_AFTER = timedelta(seconds=20)
GIVE_UP_AFTER = timedelta(hours=24)
ATTEMPTS = 3
HOLD = timedelta(seconds=60)


@dataclass(frozen=True)
class Pace:
    """How patiently a write is read back: seconds in all, and between two looks."""

    patience: float = 10.0
    first: float = 0.05
    longest: float = 1.0


class Executor:
    """Applies requests; safe to run again at any point, on any number of workers."""

    def __init__(
        self,
        wiring: Wiring,
        pace: Pace = Pace(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._wiring = wiring
        self._pace = pace
        self._sleep = sleep

    async def apply(self, payload: Json) -> None:
        """Carry out an approved request as far as it goes (job ``apply``)."""
        request, status = await known(self._wiring, str(payload["request"]))
        try:
            if status.state is State.APPROVED:
                status = await self._begin(request, status)
            if status.state in {State.APPLYING, State.WAITING}:
                await self._carry_out(request, status)
        except Conflict:
            return  # another worker went on with this request

    async def _begin(self, request: Request, status: Status) -> Status:
        """Check once more that the request may be applied, and write down that it begins."""
        now = self._wiring.clock()
        if status.start_at and now < status.start_at:
            raise Later(status.start_at)
        gone = await self._gone(request, status)
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            situation = await self._wiring.situation(tx)
            void = [*dict.fromkeys((*gone, *void_approvals(status, situation)))]
            for name in void:
                said: Json = {"name": name, "reason": "no longer an owner"}
                expected = status.seq
                status = await record(self._wiring, tx, request, Kind.VOIDED, CLOCK, said, expected=expected)
            if void:
                return status
            status = await record(self._wiring, tx, request, Kind.APPLYING, CLOCK, {}, expected=status.seq)
            await self._alone(tx, request)
        return status

    async def _alone(self, tx: Transaction, request: Request) -> None:
        """Hold while another request of an exclusive kind is applied, since a guard counts them.

        Looked up after our own line: the journal's head lock makes one see the other.
        """
        kinds = {c.resource for c in request.plan.changes if self._bound(c).resource.exclusive}
        if not kinds:
            return
        for other, _ in await requests.newest(tx, (State.APPLYING,), 100):
            if other.id != request.id and kinds & {change.resource for change in other.plan.changes}:
                raise Later(self._wiring.clock() + timedelta(seconds=5))

    async def _gone(self, request: Request, status: Status) -> list[str]:
        """Return which deciders are owners no more; hold when nobody can say."""
        async with self._wiring.store.read() as tx:
            people = {person.name: person for person in (await self._wiring.situation(tx)).people}
        gone = []
        for name in {decision.by.name for decision in status.approvals} & set(people):
            answers = [await standing(people[name]) for standing in self._wiring.standing]
            if False in answers:
                gone.append(name)
            elif None in answers:
                await self._hold(request, status, f"I cannot check that {name} is still an owner.")
        return gone

    async def _refusal(self, request: Request) -> str:
        """Return why a guard forbids the request now, if one does."""
        try:
            await self._wiring.weigh(request.plan)
        except Refused as error:
            return error.message
        except VendorError:
            return ""  # the step itself looks again, and holds while the vendor is silent
        return ""

    async def _carry_out(self, request: Request, status: Status) -> None:
        changes = request.plan.changes
        refusal = "" if status.steps else await self._refusal(request)
        if refusal:
            status = await self._journal_outcome(request, status, "apply:0", Outcome.FAILED, refusal)
        status = await self.steps(request, status, "apply", changes)
        outcomes = [status.step("apply", index).outcome for index in range(len(changes))]
        state = verdict(outcomes)
        if state in {State.PARTIAL, State.FAILED} and request.plan.on_failure == "restore":
            status = await self._restore(request, status, changes)
        if state is not State.WAITING or status.state is not State.WAITING:
            async with self._wiring.store.write() as tx:
                await requests.lock(tx, request.id)
                await self._finish(tx, request, status)

    async def _finish(self, tx: Transaction, request: Request, status: Status) -> Status:
        """Write down the request's end state, and start the grant it gave."""
        steps = [status.step("apply", index).outcome for index in range(len(request.plan.changes))]
        state = verdict(steps)
        expected = status.seq
        status = await record(
            self._wiring, tx, request, Kind.FINISHED, CLOCK, {"state": state.value}, expected=expected
        )
        if state in {State.APPLIED, State.WAITING} and await grants.get(tx, request.id) is None:
            await self._start_grant(tx, request, status)
        return status

    async def _start_grant(self, tx: Transaction, request: Request, status: Status) -> None:
        now = self._wiring.clock()
        ends_at = request.plan.end(status.approved_at or now)
        if ends_at is None:
            return
        grant = Grant(request=request.id, number=request.number, ends_at=ends_at, ending=request.plan.ending)
        warning = next_warning(ends_at, now, now)
        await grants.start(tx, grant, warning[1] if warning else ends_at)

    async def _restore(self, request: Request, status: Status, changes: Sequence[Change]) -> Status:
        """Put back, in reverse order, what was done before a step failed."""
        done = [c for i, c in enumerate(changes) if status.step("apply", i).outcome is Outcome.DONE]
        back = [self._bound(c).change(c.target, c.after, c.before) for c in reversed(done)]
        return await self.steps(request, status, "restore", back)

    async def steps(self, request: Request, status: Status, phase: str, changes: Sequence[Change]) -> Status:
        """Carry out *changes* in order; stop at the first that is not done."""
        for index, change in enumerate(changes):
            key, step = f"{phase}:{index}", status.step(phase, index)
            if step.outcome is None or step.outcome is Outcome.WAITING:
                status = await self._step(request, status, key, change)
                step = status.step(phase, index)
            if step.outcome is None or not step.outcome.good:
                break
        return status

    async def _step(self, request: Request, status: Status, key: str, change: Change) -> Status:
        """Look; when it is still as shown, write and look again; write down what came of it."""
        step = status.steps.get(key, Step())
        try:
            live = await self._bound(change).read(change.target)
        except VendorError as error:
            return await self._trouble(request, status, key, error)
        seen = self._seen(change, step, live)
        if seen is not None:
            if step.outcome is Outcome.WAITING and seen[0] is Outcome.WAITING:
                return status
            return await self._journal_outcome(request, status, key, *seen)
        self._wait_out(step)
        with deadline(
            WRITE_WITHIN.total_seconds()
        ):  # runs from before the line: a thawed process is too late
            status = await self._start(request, status, key, change)
            outcome = await self._write(change)
        if isinstance(outcome, VendorError):
            return await self._trouble(request, status, key, outcome)
        return await self._journal_outcome(request, status, key, *outcome)

    async def _start(self, request: Request, status: Status, key: str, change: Change) -> Status:
        """Write down that a step is about to be written, and until when it may be sent."""
        until = (self._wiring.clock() + WRITE_WITHIN).isoformat()
        said: Json = {"step": key, "change": change.model_dump(mode="json"), "deadline": until}
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            return await record(self._wiring, tx, request, Kind.STARTED, CLOCK, said, expected=status.seq)

    def _seen(self, change: Change, step: Step, live: Json | None) -> tuple[Outcome, str] | None:
        """Return the outcome that the live state alone tells; None when the write is still to be done."""
        bound, now = self._bound(change), self._wiring.clock()
        reach = bound.reached(live, change.after)
        if reach is Reach.YES:
            return (Outcome.DONE if step.started_at else Outcome.ALREADY_SO), ""
        if reach is Reach.UNDER_WAY:
            waits = self._waits(change, step.started_at or now)
            if step.started_at and now > step.started_at + bound.resource.patience:
                return Outcome.FAILED, f"{waits}. It did not happen in time."
            return Outcome.WAITING, waits
        if bound.reached(live, change.before) is Reach.NO:
            moved = bound.change(change.target, change.before, live).words
            return (Outcome.UNKNOWN if step.started_at else Outcome.DRIFTED), f"Now: {moved}"
        if step.outcome is Outcome.WAITING:
            return Outcome.FAILED, "It was under way and is gone again: declined, withdrawn or expired."
        if step.attempts >= ATTEMPTS:
            return Outcome.FAILED, f"Tried {step.attempts} times; nothing changed."
        return None

    def _waits(self, change: Change, since: datetime) -> str:
        """Return what a change that is under way waits for, and until when."""
        resource = self._bound(change).resource
        until = (since + resource.patience).astimezone(self._wiring.organisation.zone)
        return resource.waiting(change.target, f"{until.day} {until:%b}")

    def _wait_out(self, step: Step) -> None:
        """Let the deadline of an earlier, perhaps frozen, writer pass before writing again."""
        if step.started_at and self._wiring.clock() < step.started_at + REWRITE_AFTER:
            raise Later(step.started_at + REWRITE_AFTER)

    async def _write(self, change: Change) -> tuple[Outcome, str] | VendorError:
        """Write once, and read back until the answer is plain or patience ends."""
        lost: VendorError | None = None
        try:
            await self._bound(change).write(change.target, change.after)
        except (Rejected, Denied) as error:
            return Outcome.FAILED, " ".join(filter(None, (error.message, error.hint)))
        except Unavailable as error:
            return error
        except VendorError as error:  # the answer is lost or unreadable: only a look can tell
            lost = error
        try:
            return await self._read_back(change, lost)
        except VendorError as error:
            return error

    async def _read_back(self, change: Change, lost: VendorError | None) -> tuple[Outcome, str] | VendorError:
        bound, waited, pause = self._bound(change), 0.0, self._pace.first
        while True:
            live = await bound.read(change.target)
            reach = bound.reached(live, change.after)
            if reach is Reach.YES:
                return Outcome.DONE, ""
            if reach is Reach.UNDER_WAY:
                return Outcome.WAITING, self._waits(change, self._wiring.clock())
            if waited >= self._pace.patience:
                break
            await self._sleep(pause)
            waited, pause = waited + pause, min(pause * 2, self._pace.longest)
        if lost and bound.reached(live, change.before) is not Reach.NO:
            return lost
        now = bound.change(change.target, change.before, live).words
        return Outcome.UNKNOWN, f"The change was sent, but does not show. Please look. Now: {now}"

    async def _trouble(self, request: Request, status: Status, key: str, error: VendorError) -> Status:
        """Hold while a vendor does not answer; give up after a day."""
        step, since = status.steps.get(key, Step()), status.applying_at
        if isinstance(error, Denied | Rejected):
            return await self._journal_outcome(request, status, key, Outcome.FAILED, error.message)
        if key.startswith("apply:") and since and self._wiring.clock() > since + GIVE_UP_AFTER:
            outcome = Outcome.UNKNOWN if step.started_at else Outcome.FAILED
            return await self._journal_outcome(request, status, key, outcome, error.message)
        await self._hold(request, status, error.message)
        return status  # pragma: no cover - a hold always raises

    async def _hold(self, request: Request, status: Status, why: str) -> None:
        """Tell once what holds the request up, and come back later."""
        at = self._wiring.clock() + (REWRITE_AFTER if status.steps else HOLD)
        if not status.note.startswith(why):
            again = hour(at, self._wiring.organisation.zone)
            said: Json = {"text": f"{why} Nothing is lost; trying again from {again}."}
            async with self._wiring.store.write() as tx:
                await requests.lock(tx, request.id)
                await record(self._wiring, tx, request, Kind.NOTED, CLOCK, said, expected=status.seq)
        raise Later(at)

    async def _journal_outcome(
        self, request: Request, status: Status, key: str, outcome: Outcome, detail: str
    ) -> Status:
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            said: Json = {"step": key, "outcome": outcome.value, "detail": detail}
            return await record(self._wiring, tx, request, Kind.OUTCOME, CLOCK, said, expected=status.seq)

    def _bound(self, change: Change) -> Bound:
        return self._wiring.bound[change.resource]
