"""Deciding about requests: one compare-and-set under the request's row lock."""

from collections.abc import Iterable
from typing import Literal, TypeAlias, assert_never

from bot.core import approval
from bot.core.approval import Situation
from bot.core.change import Request
from bot.core.errors import BotError, NotAllowed, Refused
from bot.core.event import Kind
from bot.core.people import Actor, Person, Role
from bot.core.status import State, Status
from bot.core.values import Json
from bot.store import journal, people, requests
from bot.workflow.wiring import Wiring, ask_owners, enqueue_apply, known, record, status_of

Verb: TypeAlias = Literal["approve", "deny", "take_back", "withdraw", "alone", "stop"]


class Decisions:
    """What people decide about requests."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def decide(
        self, id_: str, digest: str, verb: Verb, actor: Actor, reason: str = ""
    ) -> tuple[Request, Status]:
        """Decide about a request.

        Raises NotAllowed, AlreadyDecided, Expired or Refused; nothing happened then.
        """
        request, status = await known(self._wiring, id_)
        try:
            person = await self._decider(actor)
            needs = request.needs
            deciding = verb in {"approve", "alone"} and person.role is Role.OWNER
            if deciding and status.state is State.PENDING:
                await self._check_standing(person)
                needs = await self._needs_now(request)
            async with self._wiring.store.write() as tx:
                await requests.lock(tx, id_)
                situation = await self._wiring.situation(tx)
                status = await status_of(tx, id_)
                kind, payload = self._judged(request, status, verb, person, digest, reason, situation, needs)
                status = await record(self._wiring, tx, request, kind, actor, payload)
                if verb == "alone":
                    names = [owner.name for owner in situation.owners]
                    status = await ask_owners(self._wiring, tx, request, names, "alone", actor)
                if status.state is State.APPROVED:
                    await enqueue_apply(self._wiring, tx, request, status)
        except (NotAllowed, Refused) as error:
            await self._note_refusal(request, verb, actor, error)
            raise
        self._wiring.jobs.wake()
        return request, status

    def _judged(
        self,
        request: Request,
        status: Status,
        verb: Verb,
        person: Person,
        digest: str,
        reason: str,
        situation: Situation,
        needs: int,
    ) -> tuple[Kind, Json]:
        """Return the journal line that *verb* by *person* makes, or raise."""
        said: Json = {"digest": request.digest, "reason": reason}
        start_at = max(situation.now + request.wait, request.plan.run_at or situation.now)
        match verb:
            case "approve":
                complete = approval.approve(request, status, person, digest, situation, needs)
                start: Json = {"start_at": start_at.isoformat()} if complete else {}
                return Kind.APPROVED, said | {"needs": needs} | start
            case "alone":
                approval.alone(request, status, person, digest, reason, situation)
                start_at = max(start_at, situation.now + situation.policy.break_glass_wait)
                return Kind.APPROVED, said | {"alone": True, "start_at": start_at.isoformat()}
            case "deny":
                approval.deny(request, status, person, digest, situation)
                return Kind.DENIED, said
            case "take_back":
                approval.take_back(request, status, person, situation)
                return Kind.TAKEN_BACK, said | {"name": person.name}
            case "withdraw":
                approval.withdraw(request, status, person, situation)
                return Kind.WITHDRAWN, said
            case "stop":
                approval.stop(request, status, person, situation)
                return Kind.STOPPED, said
            case _:
                assert_never(verb)

    async def remind(self, id_: str, actor: Actor) -> tuple[Request, Status]:
        """Ask the owners who can decide, now and by name."""
        request, _ = await known(self._wiring, id_)
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, id_)
            status, situation = await status_of(tx, id_), await self._wiring.situation(tx)
            approval.check_open(request, status, request.digest, situation)
            names: Iterable[str] = approval.who_can(request, status, situation)
            status = await ask_owners(self._wiring, tx, request, names, f"now {status.seq}", actor)
        self._wiring.jobs.wake()
        return request, status

    async def _needs_now(self, request: Request) -> int:
        """Return how many owners the guards ask for now; what was filed when a vendor is silent."""
        if request.undoes:
            return request.needs
        try:
            verdict = await self._wiring.weigh(request.plan)
        except BotError:
            return request.needs
        return max(request.needs, verdict.needs)

    async def _decider(self, actor: Actor) -> Person:
        """Return *actor* as our list has them now, since roles change."""
        async with self._wiring.store.read() as tx:
            person = await people.by_name(tx, actor.name)
        if person is None:
            raise NotAllowed("You are not in our list of people.", "Ask an owner to add you.")
        return person

    async def _check_standing(self, person: Person) -> None:
        """Refuse a decider whom a vendor no longer knows as an owner; silence does not refuse."""
        for standing in self._wiring.standing:
            if await standing(person) is False:
                raise NotAllowed(
                    f"{person.name} is in our list, but not active in Slack or not an owner on GitHub.",
                    "Another owner can decide; `owners` shows who is one where.",
                )

    async def _note_refusal(self, request: Request, verb: Verb, actor: Actor, error: BotError) -> None:
        said: Json = {"request": request.id, "verb": verb, "why": error.message}
        at = self._wiring.clock()
        async with self._wiring.store.write() as tx:
            await journal.append(tx, subject="refusals", kind=Kind.REFUSED, at=at, actor=actor, payload=said)
