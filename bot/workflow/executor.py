"""Carrying out what was approved: look, write, look again, write it down; resume anywhere."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import NoReturn

from bot.core.approval import stands, void_approvals
from bot.core.change import Change, Outcome, Plan, Request, Sought
from bot.core.command import Grant
from bot.core.errors import Denied, Refused, Rejected, Unavailable, VendorError
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import State, Status, Step, verdict
from bot.core.values import Json
from bot.core.vendor import Reach
from bot.http import deadline
from bot.store import Conflict, Transaction, grants, requests
from bot.store.grants import GrantState
from bot.store.jobs import Later
from bot.workflow import outside, rights
from bot.workflow.accepting import ask_to_accept
from bot.workflow.baseline import came_out, started
from bot.workflow.looks import Seen, began, marker, refused, said, seen, sought, unseen
from bot.workflow.moments import next_warning
from bot.workflow.pace import PATIENT, REWRITE_AFTER, WRITE_WITHIN, Pace
from bot.workflow.together import Together, groups, stopped
from bot.workflow.wiring import Wiring, known, record

GIVE_UP_AFTER = timedelta(hours=24)
HOLD = timedelta(seconds=60)
QUEUE = timedelta(seconds=5)
GRANTING = {State.APPLIED, State.WAITING, State.PARTIAL, State.UNKNOWN}


class _Queued(Exception):  # noqa: N818 - no error: it is another request's turn
    """A request of an exclusive kind is being applied."""

    def __init__(self, number: int) -> None:
        self.number = number


class Executor:
    """Applies requests; safe to run again at any point, on any number of workers."""

    def __init__(
        self,
        wiring: Wiring,
        pace: Pace = PATIENT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._wiring = wiring
        self._pace = pace
        self._sleep = sleep
        self._together = Together(wiring, pace, sleep)

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
        try:
            return await self._begun(request, status, gone)
        except _Queued as queued:
            why = f"This waits for #{queued.number}: such changes are made one request at a time."
            await self._hold(request, status, why, QUEUE)

    async def _begun(self, request: Request, status: Status, gone: Iterable[str]) -> Status:
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            status = await self._voided(tx, request, status, gone)
            if status.state is State.APPROVED:
                expected = status.seq
                status = await record(self._wiring, tx, request, Kind.APPLYING, CLOCK, {}, expected=expected)
                await self._check_alone(tx, request)
        return status

    async def _voided(self, tx: Transaction, request: Request, status: Status, gone: Iterable[str]) -> Status:
        """Write down whose share counts no more; without enough owners, the request waits for others."""
        situation = await self._wiring.situation(tx)
        void = list(dict.fromkeys((*gone, *void_approvals(status, situation))))
        left = tuple(decision for decision in status.approvals if decision.by.name not in void)
        enough = stands(request, status.model_copy(update={"approvals": left}), situation)
        if not enough and not void:
            void = [request.requested_by.name]
        for name in void:
            said: Json = {"name": name, "reason": "no longer an owner"}
            if enough and status.start_at:
                said["start_at"] = status.start_at.isoformat()
            expected = status.seq
            status = await record(self._wiring, tx, request, Kind.VOIDED, CLOCK, said, expected=expected)
        return status

    async def _check_alone(self, tx: Transaction, request: Request) -> None:
        """Raise while another request of an exclusive kind is applied, since a guard counts them.

        Looked up after our own line: the journal's head lock makes one see the other.
        """
        kinds = {name for name, bound in self._wiring.bound.items() if bound.resource.exclusive}
        kinds &= {change.resource for change in request.plan.changes}
        if not kinds:
            return
        for other, _ in await requests.newest(tx, (State.APPLYING,), 100):
            if other.id != request.id and kinds & {change.resource for change in other.plan.changes}:
                raise _Queued(other.number)

    async def _gone(self, request: Request, status: Status) -> list[str]:
        """Return which deciders are owners no more; hold when nobody can say."""
        async with self._wiring.store.read() as tx:
            people = {person.name: person for person in (await self._wiring.situation(tx)).people}
        gone = []
        for name in sorted({decision.by.name for decision in status.approvals} & set(people)):
            answers = [await standing(people[name]) for standing in self._wiring.standing]
            if False in answers:
                gone.append(name)
            elif None in answers:
                await self._hold(request, status, f"I cannot check that {name} is still an owner.")
        return gone

    async def guard(self, request: Request, status: Status, plan: Plan, key: str) -> Status:
        """Ask the guards of *plan* before its first step, *key*, which fails when one forbids it."""
        try:
            await self._wiring.weigh(plan)
        except Refused as error:
            return await self._journal_outcome(
                request, status, key, plan.changes[0], Outcome.FAILED, error.message
            )
        except VendorError as error:
            return await self._trouble(request, status, key, plan.changes[0], error)
        return status

    async def _carry_out(self, request: Request, status: Status) -> None:
        status = await self._steps(request, status, "apply", request.plan.changes)
        if _result(request, status) in {State.PARTIAL, State.FAILED} and request.plan.on_failure == "restore":
            status = await self._steps(request, status, "restore", self._way_back(request, status))
        if _result(request, status) is not State.WAITING or status.state is not State.WAITING:
            await self._finish(request, status)

    async def _finish(self, request: Request, status: Status) -> None:
        """Write down the request's end state, and at what it undid that this is undone; start its grant."""
        state = _result(request, status)
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            said: Json = {"state": state.value}
            status = await record(self._wiring, tx, request, Kind.FINISHED, CLOCK, said, expected=status.seq)
            if state in GRANTING and await grants.get(tx, request.id) is None:
                await self._start_grant(tx, request, status)
            elif state is State.FAILED:  # nobody accepted what had begun to run
                await grants.set_state(tx, request.id, GrantState.ENDED, None)
            undone = await requests.lock(tx, request.undoes) if request.undoes else None
            await outside.begin(self._wiring, tx, request, state)
            if undone and state is State.APPLIED:
                await record(self._wiring, tx, undone, Kind.UNDONE, CLOCK, {"by": request.number})

    async def _start_grant(self, tx: Transaction, request: Request, status: Status) -> None:
        now = self._wiring.clock()
        ends_at = request.plan.end(status.approved_at or now)
        if ends_at is None:
            return
        grant = Grant(request=request.id, number=request.number, ends_at=ends_at, ending=request.plan.ending)
        warning = next_warning(ends_at, now, now)
        await grants.start(tx, grant, warning[1] if warning else ends_at)

    def _way_back(self, request: Request, status: Status) -> list[Change]:
        """Return what puts back, in reverse order, what was done before a step failed."""
        done = [request.plan.changes[index] for index in _done(request, status)]
        return [self._wiring.of(c).change(c.target, c.after, c.before) for c in done]

    async def _steps(self, request: Request, status: Status, phase: str, changes: Sequence[Change]) -> Status:
        """Carry out *changes* in order; stop at the first that is not done.

        Of those that can be made at once, each that was begun comes to its own end. The guards are asked
        before the first, and again before what comes after a wait.
        """
        steps = {f"{phase}:{index}": change for index, change in enumerate(changes)}
        for group in groups(self._wiring, steps):
            first = next((key for key in group if key not in status.steps), None)
            idle = first == f"{phase}:0" or status.state is State.WAITING
            if phase == "apply" and idle and first is not None:
                left = request.plan.model_copy(update={"changes": tuple(changes[[*steps].index(first) :])})
                status = await self.guard(request, status, left, first)
            if not stopped(status, group):
                status = await self._together.make(request, status, group)
            for key, change in group.items():
                if key in status.steps or not stopped(status, group):
                    status = await self.step(request, status, key, change)
            outcomes = [status.steps.get(key, Step()).outcome for key in group]
            if not all(outcome and outcome.good for outcome in outcomes):
                break
        return status

    async def step(self, request: Request, status: Status, key: str, change: Change) -> Status:
        """Look; when it is still as shown, write and look again; write down what came of it."""
        step = status.steps.get(key, Step())
        if step.outcome not in {None, Outcome.WAITING}:
            return status
        try:
            live = await self._wiring.of(change).look(change.target, sought(request, key, step))
        except VendorError as error:
            return await self._trouble(request, status, key, change, error)
        found = seen(self._wiring, change, step, live)
        if found is None:
            return await self._make(request, status, key, change)
        if (step.outcome, step.detail) == (found.outcome, found.detail):
            return await ask_to_accept(self._wiring, request, status)  # it still waits
        return await self._journal_outcome(request, status, key, change, *found)

    async def _make(self, request: Request, status: Status, key: str, change: Change) -> Status:
        """Write down that a step starts, write once, and write down what came of it."""
        self._wait_out(status.steps.get(key, Step()))
        with deadline(
            WRITE_WITHIN.total_seconds()
        ):  # begins before the line, so that no later writer overlaps
            async with self._wiring.store.write() as tx:
                await requests.lock(tx, request.id)
                until = (self._wiring.clock() + WRITE_WITHIN).isoformat()
                said: Json = {"step": key, "change": change.model_dump(mode="json"), "deadline": until}
                expected = status.seq
                await started(self._wiring, tx, change)
                status = await record(self._wiring, tx, request, Kind.STARTED, CLOCK, said, expected=expected)
            run, error = await self._write(change, marker(request, key))
        if isinstance(error, Denied):
            await rights.denied(self._wiring)
        step = status.steps[key].model_copy(update={"run": run})
        outcome = await self._came_of_it(change, step, sought(request, key, step), error)
        if isinstance(outcome, VendorError):
            return await self._trouble(request, status, key, change, outcome)
        return await self._journal_outcome(request, status, key, change, *outcome)

    def _wait_out(self, step: Step) -> None:
        """Let the deadline of an earlier, perhaps frozen, writer pass before writing again."""
        if step.started_at and self._wiring.clock() < step.started_at + REWRITE_AFTER:
            raise Later(step.started_at + REWRITE_AFTER)

    async def _write(self, change: Change, marker: str) -> tuple[str, VendorError | None]:
        """Write once; return the vendor's name of the run that it started, and what went wrong."""
        try:
            return await self._wiring.of(change).write(change.target, change.after, marker), None
        except VendorError as error:
            return "", error

    async def _came_of_it(
        self, change: Change, step: Step, run: Sought | None, error: VendorError | None
    ) -> Seen | VendorError:
        """Return what came of a write, or the trouble after which it is tried again."""
        if isinstance(error, Unavailable):
            return error
        no = refused(error)
        if no and self._wiring.of(change).runs:
            return no  # a run that shows now is somebody else's
        try:
            return await self._read_back(change, step, run, no or error)
        except VendorError as silence:
            return no or silence

    async def _read_back(
        self, change: Change, step: Step, run: Sought | None, without: Seen | VendorError | None
    ) -> Seen | VendorError:
        """Look until the answer is plain or patience ends; after a refusal, once: it may be so already.

        *without* is what came of the write by its answer.
        """
        bound, pauses = self._wiring.of(change), self._pace.pauses()
        while True:
            live = await bound.look(change.target, run)
            found = seen(self._wiring, change, step, live)
            if found and bound.reached(live, change.after) is not Reach.NO:
                return found
            if isinstance(without, Seen) or (pause := next(pauses, None)) is None:
                break
            await self._sleep(pause)
        if isinstance(without, Seen):
            return without
        if without:  # the answer is lost or unreadable
            return found or without
        return unseen(self._wiring, change, live)

    async def _trouble(
        self, request: Request, status: Status, key: str, change: Change, error: VendorError
    ) -> Status:
        """Hold while a vendor does not answer; but for an end, give up after a day without progress."""
        if isinstance(error, Denied):
            await rights.denied(self._wiring)
        step, now = status.steps.get(key, Step()), self._wiring.clock()
        waits, bound = step.outcome is Outcome.WAITING, self._wiring.bound.get(change.resource)
        patience = GIVE_UP_AFTER + (bound.resource.patience if waits and bound else timedelta(0))
        progress = [at for at in (status.applying_at, *(s.at for s in status.steps.values())) if at]
        late = not key.startswith("end:") and now > max(progress, default=now) + patience
        if late or isinstance(error, Denied | Rejected):
            outcome = Outcome.UNKNOWN if waits or step.started_at else Outcome.FAILED
            return await self._journal_outcome(request, status, key, change, outcome, said(error))
        if not waits:
            pause = REWRITE_AFTER * 4 ** (step.attempts - 1) if step.attempts else HOLD
            await self._hold(request, status, error.message, pause)
        return status  # it waits anyhow, and is looked at again

    async def _hold(self, request: Request, status: Status, why: str, pause: timedelta = HOLD) -> NoReturn:
        """Tell once what holds the request up, and come back later."""
        told = f"{why} Nothing is lost; I keep trying."
        if status.note != told:
            async with self._wiring.store.write() as tx:
                await requests.lock(tx, request.id)
                said: Json = {"text": told}
                await record(self._wiring, tx, request, Kind.NOTED, CLOCK, said, expected=status.seq)
        raise Later(self._wiring.clock() + pause)

    async def _journal_outcome(
        self,
        request: Request,
        status: Status,
        key: str,
        change: Change,
        outcome: Outcome,
        detail: str,
        run: str = "",
    ) -> Status:
        """Write down what came of a step, and who had to act when the *change* was or is under way."""
        said: Json = {"step": key, "outcome": outcome.value, "detail": detail}
        said |= {"run": run} if run else {}
        step = status.steps.get(key, Step())
        if outcome is Outcome.WAITING or (step.outcome is Outcome.WAITING and outcome is Outcome.FAILED):
            since = began(step, self._wiring.clock())
            awaited = self._wiring.of(change).awaited(change.target, since)
            said |= {"awaits": awaited.model_dump(mode="json")} if awaited else {}
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            await came_out(self._wiring, tx, request, (change, outcome))
            return await record(self._wiring, tx, request, Kind.OUTCOME, CLOCK, said, expected=status.seq)


def _done(request: Request, status: Status) -> list[int]:
    """Return which changes were made, the last one first."""
    indexes = reversed(range(len(request.plan.changes)))
    return [index for index in indexes if status.step("apply", index).outcome is Outcome.DONE]


def _result(request: Request, status: Status) -> State:
    """Return what the steps add up to; what was put back counts as never made."""
    outcomes = [status.step("apply", index).outcome for index in range(len(request.plan.changes))]
    for position, index in enumerate(_done(request, status)):
        back = status.step("restore", position).outcome
        if back is not None and back.good:
            outcomes[index] = Outcome.ALREADY_SO
    return verdict(outcomes)
