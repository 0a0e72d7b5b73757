"""Asking: from a line to an answer or a filed request."""

import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from bot.core import approval
from bot.core.approval import Situation
from bot.core.change import Action, Outcome, Plan, Request
from bot.core.command import Context
from bot.core.duration import moment
from bot.core.errors import Denied, NotAllowed, Refused
from bot.core.event import Kind
from bot.core.grammar import changed, understand
from bot.core.people import SCHEDULE, Actor, Person, Role, listed
from bot.core.policy import Verdict
from bot.core.reply import Notice, Progress, Reply
from bot.core.status import State, Status
from bot.core.values import Json
from bot.store import Conflict, Transaction, requests
from bot.store.jobs import Later
from bot.workflow import rights
from bot.workflow.board import Boards
from bot.workflow.costs import Costs
from bot.workflow.decisions import Decisions, Verb
from bot.workflow.drift import Drifts
from bot.workflow.executor import Executor
from bot.workflow.leftovers import Leftovers
from bot.workflow.moments import LOOK_AGAIN, as_long_again
from bot.workflow.views import StoredJournal, StoredRequests
from bot.workflow.wiring import Wiring, enqueue_apply, known, record, status_of

MOST_WORDS = 20

Report: TypeAlias = Callable[[Progress], Awaitable[None]]

MANY = 1000
_AHEAD = (State.PENDING, State.APPROVED, State.APPLYING)


@dataclass(frozen=True)
class Filed:
    """A plan became a request that waits for its owners; not a *new* one when another asks the same."""

    request: Request
    status: Status
    new: bool = True


class _AskedAlready(Exception):  # noqa: N818 - no error: nothing is to be filed
    """Another request that is not carried out yet asks the same."""

    def __init__(self, filed: Filed) -> None:
        self.filed = filed


async def silent(_progress: Progress) -> None:
    """Report progress to nobody."""


def request_id(key: str) -> str:
    """Return the id of the request that the delivery *key* files: asking twice files once."""
    return uuid.uuid5(uuid.NAMESPACE_OID, key).hex


class Service:
    """The workflow as frontends use it."""

    def __init__(self, wiring: Wiring, executor: Executor) -> None:
        self._wiring = wiring
        self._executor = executor
        self._decisions = Decisions(wiring)
        self._requests = StoredRequests(wiring.store)
        self._journal = StoredJournal(wiring.store)
        self._leftovers = Leftovers(wiring)
        self._drifts = Drifts(wiring)
        self._costs = Costs(wiring)
        self.board = Boards(wiring)

    async def situation(self) -> Situation:
        """Return the people, the policy and the time."""
        async with self._wiring.store.read() as tx:
            return await self._wiring.situation(tx)

    async def person_by_slack(self, slack_id: str) -> Person | None:
        """Return who a Slack account belongs to in our list."""
        everyone = (await self.situation()).people
        return next((person for person in everyone if slack_id in person.slack), None)

    async def view(self, request: str) -> tuple[Request, Status]:
        """Return a request and its present status; Refused when there is none."""
        return await known(self._wiring, request)

    async def ask(self, line: str, actor: Actor, key: str, report: Report = silent) -> Reply | Filed:
        """Answer *line*, or file the plan it asks for.

        *key* names the delivery: the same key never files twice.
        """
        known = await self._known(request_id(key))
        if known:
            return await self._answered(known)
        said = understand(line, self._wiring.commands)
        if not actor.role.covers(said.command.role):
            situation = await self.situation()
            able = listed(p.name for p in situation.people if p.role.covers(said.command.role))
            raise NotAllowed(
                f"`{said.command.path}` is for {said.command.role.value}s; you are {actor.role.value}.",
                f"{able} can ask for it.",
            )
        try:
            answer = await said.command.run(said.args, await self._context(actor, said.reason, report))
            if isinstance(answer, Reply):
                return answer
            if actor.via == SCHEDULE.via:
                raise Refused(
                    f"`{said.command.path}` plans a change; a schedule only looks.",
                    "The maintainer takes it out of `digests` in the configuration.",
                )
            plan = answer if answer.reason else answer.model_copy(update={"reason": said.reason})
            return await self.file(plan, actor, request_id(key), line)
        except Denied:
            await rights.denied(self._wiring)
            raise

    async def file(self, plan: Plan, actor: Actor, id_: str, line: str) -> Reply | Filed:
        """File *plan* after its guards; Refused when a guard says no."""
        changes = tuple(change for change in plan.changes if change.action is not Action.NONE)
        if not changes and not plan.ending:
            return Reply(title="Already so.", blocks=(Notice(level="good", text="Nothing needs to change."),))
        plan = plan.model_copy(update={"changes": changes})
        wiring, now = self._wiring, self._wiring.clock()
        if plan.ends_at and plan.ends_at <= max(now, plan.run_at or now):
            at = moment(plan.ends_at, wiring.organisation.zone)
            why = "has passed already" if plan.ends_at <= now else "comes before the start"
            raise Refused(f"That end, {at}, {why}.", "Say a later date.")
        restores = await self._restores(plan)
        verdict = await wiring.weigh(plan)
        if restores:
            verdict = verdict.model_copy(update={"needs": min(verdict.needs, 1), "wait": timedelta(0)})
        else:
            plan = plan.model_copy(update={"undoes": ""})
        steps = tuple(step for change in changes for step in wiring.of(change).steps(change))
        plan = plan.model_copy(update={"changes": steps})
        if steps and all(wiring.of(step).runs for step in steps):  # what ran cannot be taken back
            plan = plan.model_copy(update={"back_within": timedelta(0)})
        try:
            filed = await self._file(plan, verdict, actor, id_, line)
        except Conflict:
            known = await self._known(id_)
            if known is None:
                raise
            filed = known  # the same delivery is worked on elsewhere at the same time
        except _AskedAlready as already:
            filed = already.filed
        return await self._answered(filed)

    async def _restores(self, plan: Plan) -> bool:
        """Return whether *plan* puts back exactly what a recent request changed, and does nothing else."""
        if not plan.undoes or plan.ending:
            return False
        request, status = await self.view(plan.undoes)
        made = {(c.resource, c.target): c for c in approval.carried_out(request, status)}
        before = [made.get((change.resource, change.target)) for change in plan.changes]
        exact = all(
            was is not None and (change.before, change.after) == (was.after, was.before)
            for change, was in zip(plan.changes, before, strict=True)
        )
        return exact and self._undoable(request, status)

    def _undoable(self, request: Request, status: Status) -> bool:
        """Return whether one owner may take *request* back; an undo is not undone, but asked for anew."""
        return approval.undoable(request, status, self._wiring.clock()) and not request.undoes

    async def _file(self, plan: Plan, verdict: Verdict, actor: Actor, id_: str, line: str) -> Filed:
        wiring, now = self._wiring, self._wiring.clock()
        async with wiring.store.write() as tx:
            number = await requests.next_number(tx)
            await _check_new(tx, plan, id_)
            request = Request(
                id=id_,
                number=number,
                plan=plan,
                requested_by=actor,
                at=now,
                expires_at=min(at for at in (now + wiring.policy.request_expires, plan.ends_at) if at),
                needs=verdict.needs,
                protected=verdict.protected,
                wait=verdict.wait,
                line=line,
                undoes=plan.undoes or None,
            )
            if request.needs:
                approval.check_fulfilled(request, await wiring.situation(tx))
            await requests.file(tx, request, State.PENDING, None)
            payload: Json = {"request": request.model_dump(mode="json"), "digest": request.digest}
            if not request.needs:
                payload["start_at"] = max(now + request.wait, plan.run_at or now).isoformat()
            status = await record(wiring, tx, request, Kind.FILED, actor, payload)
            if not request.needs:  # done by us at once; by a job if we cannot
                await enqueue_apply(wiring, tx, request, status, after=LOOK_AGAIN)
        return Filed(request, status)

    async def _answered(self, filed: Filed) -> Reply | Filed:
        """Return a request that waits for its owners; what needs none is carried out at once."""
        return filed if filed.request.needs else await self._carried_out(filed.request)

    async def _carried_out(self, request: Request) -> Reply:
        """Carry out a change of our own data at once, and say how it went."""
        with suppress(Later):  # held up: the job of the same key does it
            await self._executor.apply({"request": request.id})
        _, status = await self.view(request.id)
        details = [step.detail for step in status.steps.values() if step.detail]
        if status.state is State.APPLIED:
            notice = Notice(level="good", text=await self._done(request, status))
        elif status.state.open:
            held = status.note or "It is not done yet; it goes on by itself."
            notice = Notice(level="warning", text=f"#{request.number}: {held}")
        else:
            notice = Notice(level="bad", text="\n".join(details))
        return Reply(title=request.plan.title, blocks=(notice,), private=notice.level != "good")

    async def _done(self, request: Request, status: Status) -> str:
        """Return what was done, or who did it before, a moment ago."""
        changes = request.plan.changes
        if all(step.outcome is Outcome.ALREADY_SO for step in status.steps.values()):
            async with self._wiring.store.read() as tx:
                lately = await requests.newest(tx, (State.APPLIED,))
            for other, _ in lately:
                if other.id != request.id and other.plan.changes == changes:
                    return f"{other.requested_by.name} was faster: #{other.number} did this already."
        more = [f"… and {len(changes) - MOST_WORDS} more."] if len(changes) > MOST_WORDS else []
        return "\n".join([*(change.words for change in changes[:MOST_WORDS]), *more, *request.plan.notes])

    async def decide(
        self, id_: str, digest: str, verb: Verb, actor: Actor, reason: str = ""
    ) -> tuple[Request, Status]:
        """Decide about a request; see `Decisions.decide`."""
        return await self._decisions.decide(id_, digest, verb, actor, reason)

    async def remind(self, id_: str, actor: Actor) -> tuple[Request, Status]:
        """Ask the owners who can decide, now and by name."""
        return await self._decisions.remind(id_, actor)

    async def undo(self, id_: str, actor: Actor, key: str) -> Reply | Filed:
        """Restore what was there before a request, in one tap for an owner, unless that is asked already.

        Refused when it is too late or something moved; then `undo N` plans it.
        """
        known = await self._known(request_id(key))
        filed = known or await self._file_undo(id_, actor, request_id(key))
        if isinstance(filed, Reply) or actor.role is not Role.OWNER or not filed.new:
            return filed
        if filed.status.state is not State.PENDING:
            return filed
        request, status = await self._decisions.decide(
            filed.request.id, filed.request.digest, "approve", actor
        )
        return Filed(request, status)

    async def _file_undo(self, id_: str, actor: Actor, new_id: str) -> Reply | Filed:
        request, status = await self.view(id_)
        number = request.number
        if not actor.role.covers(Role.ORGANISER):
            raise NotAllowed(f"Only organisers can undo #{number}.", "Tell an organiser.")
        if status.undone_by:
            raise Refused(f"#{number} is undone already, by #{status.undone_by}.", "Nothing is left to do.")
        if not self._undoable(request, status):
            raise Refused(f"#{number} can no longer be undone in one tap.", f"Ask for it: `undo {number}`.")
        ways_back = [await self._wiring.of(c).back(c) for c in approval.carried_out(request, status)]
        plan, moved = approval.way_back(request, ways_back)
        if moved:
            raise Refused(
                f"#{number} cannot simply be undone: something moved since. {moved[0]}.",
                f"Ask for it from today's state: `undo {number}`.",
            )
        plan = plan.model_copy(update={"undoes": request.id})
        return await self.file(plan, actor, new_id, f"undo {number}")

    async def ask_again(self, id_: str, actor: Actor, key: str, report: Report = silent) -> Reply | Filed:
        """Ask for the same thing from today's state."""
        request, _ = await self.view(id_)
        return await self.ask(request.line, actor, key, report)

    async def extend(self, id_: str, actor: Actor, key: str, report: Report = silent) -> Reply | Filed:
        """Ask for a time-bound grant anew, for as long as before; what ends on a day, until a later one."""
        request, status = await self.view(id_)
        line, ends_at, wiring = request.line, request.plan.ends_at, self._wiring
        if ends_at is not None:
            began, longest = status.approved_at or request.at, wiring.policy.grant_max
            day = as_long_again(began, ends_at, wiring.clock(), longest, wiring.organisation.zone)
            line = changed(line, wiring.commands, "until", day.isoformat())
        return await self.ask(line, actor, key, report)

    async def _context(self, actor: Actor, reason: str, report: Report) -> Context:
        wiring = self._wiring
        situation = await self.situation()
        return Context(
            actor=actor,
            now=situation.now,
            reason=reason,
            organisation=wiring.organisation,
            people=situation.people,
            policy=wiring.policy,
            commands=wiring.commands,
            requests=self._requests,
            journal=self._journal,
            readers=wiring.readers,
            planner=lambda name, afters: wiring.bound[name].plan_all(afters),
            back=lambda change: wiring.of(change).back(change),
            left=self._leftovers.found,
            watched=self._drifts.watched,
            report=report,
            costs=self._costs,
            board=self.board,
            ticketing=wiring.ticketing,
            names=wiring.names,
            site=wiring.site,
        )

    async def _known(self, id_: str) -> Filed | None:
        async with self._wiring.store.read() as tx:
            request = await requests.get(tx, id_)
            return Filed(request, await status_of(tx, id_)) if request else None


async def _check_new(tx: Transaction, plan: Plan, id_: str) -> None:
    """Raise when a request other than *id_* that is not carried out yet asks the same as *plan*."""
    for other, _ in await requests.newest(tx, _AHEAD, MANY):
        if other.id != id_ and other.plan.same_as(plan):
            raise _AskedAlready(Filed(other, await status_of(tx, other.id), new=False))
