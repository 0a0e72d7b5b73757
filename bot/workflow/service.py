"""Asking: from a line to an answer or a filed request."""

import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from bot.core import approval
from bot.core.approval import Situation
from bot.core.change import Action, Change, Outcome, Plan, Request
from bot.core.command import Context
from bot.core.duration import moment
from bot.core.errors import NotAllowed, Refused
from bot.core.event import Kind
from bot.core.grammar import understand
from bot.core.people import Actor, Person, Role, listed
from bot.core.policy import Verdict
from bot.core.reply import Notice, Progress, Reply
from bot.core.status import State, Status
from bot.core.values import Json
from bot.core.vendor import Reach
from bot.store import Transaction, requests
from bot.store.jobs import Later
from bot.workflow.decisions import Decisions, Verb
from bot.workflow.executor import Executor
from bot.workflow.views import StoredJournal, StoredRequests
from bot.workflow.wiring import Wiring, enqueue_apply, known, record, status_of

Report: TypeAlias = Callable[[Progress], Awaitable[None]]


@dataclass(frozen=True)
class Filed:
    """A plan became a request that waits for its owners."""

    request: Request
    status: Status


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
            return known
        said = understand(line, self._wiring.commands)
        if not actor.role.covers(said.command.role):
            situation = await self.situation()
            able = listed(p.name for p in situation.people if p.role.covers(said.command.role))
            raise NotAllowed(
                f"`{said.command.path}` is for {said.command.role.value}s; you are {actor.role.value}.",
                f"{able} can ask for it.",
            )
        answer = await said.command.run(said.args, await self._context(actor, said.reason, report))
        if isinstance(answer, Reply):
            return answer
        plan = answer if answer.reason else answer.model_copy(update={"reason": said.reason})
        return await self.file(plan, actor, request_id(key), line)

    async def file(self, plan: Plan, actor: Actor, id_: str, line: str) -> Reply | Filed:
        """File *plan* after its guards; Refused when a guard says no."""
        changes = tuple(change for change in plan.changes if change.action is not Action.NONE)
        if not changes and not plan.ending:
            return Reply(title="Already so.", blocks=(Notice(level="good", text="Nothing needs to change."),))
        plan = plan.model_copy(update={"changes": changes})
        wiring, now = self._wiring, self._wiring.clock()
        if plan.ends_at and plan.ends_at <= now:
            at = moment(plan.ends_at, wiring.organisation.zone)
            raise Refused(f"That end, {at}, has passed already.", "Say a later date.")
        restores = await self._restores(plan)
        verdict = await wiring.weigh(plan)
        if restores:
            verdict = verdict.model_copy(update={"needs": 1, "wait": timedelta(0)})
        else:
            plan = plan.model_copy(update={"undoes": ""})
        filed = await self._file(plan, verdict, actor, id_, line)
        if filed.request.needs > 0:
            return filed
        return await self._carried_out(filed.request)

    async def _restores(self, plan: Plan) -> bool:
        """Return whether *plan* puts back exactly what a recent request changed."""
        if not plan.undoes:
            return False
        request, status = await self.view(plan.undoes)
        applied = {(change.resource, change.target): change for change in request.plan.changes}
        before = [applied.get((change.resource, change.target)) for change in plan.changes]
        exact = all(
            was is not None and (change.before, change.after) == (was.after, was.before)
            for change, was in zip(plan.changes, before, strict=True)
        )
        return exact and approval.undoable(status, self._wiring.clock())

    async def _file(self, plan: Plan, verdict: Verdict, actor: Actor, id_: str, line: str) -> Filed:
        wiring, now = self._wiring, self._wiring.clock()
        async with wiring.store.write() as tx:
            if await requests.lock(tx, id_):
                return await self._stored(tx, id_)
            request = Request(
                id=id_,
                number=await requests.next_number(tx),
                plan=plan,
                requested_by=actor,
                at=now,
                expires_at=now + wiring.policy.request_expires,
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
                payload["start_at"] = now.isoformat()
            status = await record(wiring, tx, request, Kind.FILED, actor, payload)
            if not request.needs:
                await enqueue_apply(wiring, tx, request, status)
        return Filed(request, status)

    async def _carried_out(self, request: Request) -> Reply:
        """Carry out a change of our own data at once, and say how it went."""
        with suppress(Later):  # held up: the job of the same key does it
            await self._executor.apply({"request": request.id})
        _, status = await self.view(request.id)
        done = status.state is State.APPLIED
        details = [step.detail for step in status.steps.values() if step.detail]
        lines = [change.words for change in request.plan.changes] if done else details
        said = "\n".join(lines) or status.note or f"#{request.number} is {status.state.value}."
        return Reply(title=request.plan.title, blocks=(Notice(level="good" if done else "bad", text=said),))

    async def decide(
        self, id_: str, digest: str, verb: Verb, actor: Actor, reason: str = ""
    ) -> tuple[Request, Status]:
        """Decide about a request; see `Decisions.decide`."""
        return await self._decisions.decide(id_, digest, verb, actor, reason)

    async def remind(self, id_: str, actor: Actor) -> tuple[Request, Status]:
        """Ask the owners who can decide, now and by name."""
        return await self._decisions.remind(id_, actor)

    async def undo(self, id_: str, actor: Actor, key: str) -> Reply | Filed:
        """Restore what was there before a request, in one tap for an owner.

        Refused when it is too late or something moved; then `undo N` plans it.
        """
        known = await self._known(request_id(key))
        filed = known or await self._file_undo(id_, actor, request_id(key))
        if (
            isinstance(filed, Reply)
            or actor.role is not Role.OWNER
            or filed.status.state is not State.PENDING
        ):
            return filed
        request, status = await self._decisions.decide(
            filed.request.id, filed.request.digest, "approve", actor
        )
        return Filed(request, status)

    async def _file_undo(self, id_: str, actor: Actor, new_id: str) -> Reply | Filed:
        request, status = await self.view(id_)
        number = request.number
        if not approval.undoable(status, self._wiring.clock()):
            raise Refused(f"#{number} can no longer be undone in one tap.", f"Ask for it: `undo {number}`.")
        changes = tuple(
            [
                await self._inverse(change, number)
                for index, change in reversed(list(enumerate(request.plan.changes)))
                if status.step("apply", index).outcome in {Outcome.DONE, Outcome.WAITING}
            ]
        )
        plan = Plan(title=f"Undo #{number}: {request.plan.title}", changes=changes, undoes=request.id)
        return await self.file(plan, actor, new_id, f"undo {number}")

    async def _inverse(self, change: Change, number: int) -> Change:
        """Return the change back; Refused when the live state is no longer what was applied."""
        bound = self._wiring.bound[change.resource]
        live = await bound.read(change.target)
        if bound.reached(live, change.after) is Reach.NO:
            now = bound.change(change.target, change.after, live).words
            raise Refused(
                f"#{number} cannot simply be undone: something moved since. {now}",
                f"Ask for it from today's state: `undo {number}`.",
            )
        return bound.change(change.target, change.after, change.before)

    async def ask_again(self, id_: str, actor: Actor, key: str, report: Report = silent) -> Reply | Filed:
        """Ask for the same thing from today's state."""
        request, _ = await self.view(id_)
        return await self.ask(request.line, actor, key, report)

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
            planner=lambda name, target, after: wiring.bound[name].plan(target, after),
            back=lambda change: wiring.bound[change.resource].back(change),
            report=report,
        )

    async def _known(self, id_: str) -> Filed | None:
        async with self._wiring.store.read() as tx:
            return await self._stored(tx, id_) if await requests.get(tx, id_) else None

    async def _stored(self, tx: Transaction, id_: str) -> Filed:
        request = await requests.get(tx, id_)
        assert request is not None
        return Filed(request, await status_of(tx, id_))
