"""Who decides: pure functions of a request, its status and the situation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.change import Action, Change, Plan, Request, merged
from bot.core.duration import hour, moment
from bot.core.errors import AlreadyDecided, Expired, NotAllowed, Refused
from bot.core.people import Actor, Person, Role, listed, owners
from bot.core.policy import Policy
from bot.core.status import Decision, State, Status

SECOND_THOUGHT = timedelta(hours=1)


@dataclass(frozen=True)
class Situation:
    """What holds while somebody decides: the people, the policy, the time."""

    people: tuple[Person, ...]
    policy: Policy
    zone: ZoneInfo
    now: datetime

    @property
    def owners(self) -> tuple[Person, ...]:
        """Return the owners of our list."""
        return owners(self.people)


def needed(request: Request, status: Status) -> int:
    """Return how many owners must be involved: the most that any look at it found."""
    return max(request.needs, status.needs)


def involved(request: Request, status: Status, situation: Situation) -> set[str]:
    """Return the names of the owners who stand behind the request."""
    names = {owner.name for owner in situation.owners}
    behind = {decision.by.name for decision in status.approvals} & names
    if needed(request, status) > 1 and request.requested_by.name in names:
        behind.add(request.requested_by.name)
    return behind


def missing(request: Request, status: Status, situation: Situation) -> int:
    """Return how many more owners must approve; at least one other than the requester always."""
    short = needed(request, status) - len(involved(request, status, situation))
    others = {d.by.name for d in status.approvals} - {request.requested_by.name}
    if request.undoes:
        others = {d.by.name for d in status.approvals}
    return max(short, 0 if others or needed(request, status) == 0 else 1)


def who_can(request: Request, status: Status, situation: Situation) -> tuple[str, ...]:
    """Return the names of those who could approve now."""
    spent = {decision.by.name for decision in status.approvals}
    if not request.undoes and not _sole_owner(request, situation):
        spent.add(request.requested_by.name)
    return tuple(owner.name for owner in situation.owners if owner.name not in spent)


def check_fulfilled(request: Request, situation: Situation) -> None:
    """Refuse a request that the owners in our list could never approve."""
    lacking = missing(request, Status(), situation) - len(who_can(request, Status(), situation))
    if lacking > 0:
        raise Refused(
            f"This needs {lacking} more owner{'' if lacking == 1 else 's'} than there are to approve it.",
            "Add an owner first (`people change NAME --role owner`), then ask again.",
        )


def check_open(request: Request, status: Status, digest: str, situation: Situation) -> None:
    """Refuse a decision about something decided, expired, or other than what was shown."""
    if status.state is State.EXPIRED or (
        status.state is State.PENDING and situation.now >= request.expires_at
    ):
        raise Expired(
            f"#{request.number} expired {moment(request.expires_at, situation.zone)}.", "Ask again."
        )
    if status.state is not State.PENDING:
        raise AlreadyDecided(decided(request, status, situation), "Nothing more is needed.")
    if digest not in {request.digest, request.short_digest}:
        raise Refused(
            f"This card is not what #{request.number} asks now.", "Open the card again and decide there."
        )


def decided(request: Request, status: Status, situation: Situation) -> str:
    """Return who decided a request, and when, in words."""
    last = status.closed or (status.approvals[-1] if status.approvals else None)
    if last is None:
        return f"#{request.number} needed no approval."
    verb = "approved" if status.closed is None else status.state.value
    return f"#{request.number} was {verb} by {last.by.name} at {hour(last.at, situation.zone)}."


def approve(
    request: Request, status: Status, by: Person, digest: str, situation: Situation, needs: int = 0
) -> bool:
    """Return whether an approval by *by* completes the request; raise when it may not count.

    *needs* is the number of owners that the guards ask for now.
    """
    check_open(request, status, digest, situation)
    if by.role is not Role.OWNER:
        raise NotAllowed(f"Only an owner can approve #{request.number}.", asked(request, status, situation))
    mine = [decision for decision in status.approvals if decision.by.name == by.name]
    if _sole_owner(request, situation):
        if mine and situation.now < mine[-1].at + SECOND_THOUGHT:
            at = hour(mine[-1].at + SECOND_THOUGHT, situation.zone)
            raise Refused(
                f"You are the only owner: confirm #{request.number} again from {at}.", "Nothing happened."
            )
        return bool(mine)
    if by.name == request.requested_by.name and not request.undoes:
        raise NotAllowed(
            f"You asked for #{request.number}, so another owner decides.", asked(request, status, situation)
        )
    if mine:
        raise AlreadyDecided(
            f"You approved #{request.number} at {hour(mine[-1].at, situation.zone)}.",
            f"One more owner is needed: {listed(who_can(request, status, situation))}.",
        )
    approvals = (*status.approvals, Decision(by=Actor.of(by, "slack"), at=situation.now))
    after = status.model_copy(update={"approvals": approvals, "needs": max(needs, status.needs)})
    return missing(request, after, situation) == 0


def deny(request: Request, status: Status, by: Person, digest: str, situation: Situation) -> None:
    """Raise unless *by* may deny the request; one deny ends it."""
    check_open(request, status, digest, situation)
    if by.role is not Role.OWNER:
        raise NotAllowed(f"Only an owner can deny #{request.number}.", asked(request, status, situation))


def take_back(request: Request, status: Status, by: Person, situation: Situation) -> None:
    """Raise unless *by* may take their approval back; possible while another is awaited."""
    check_open(request, status, request.digest, situation)
    if by.name not in {decision.by.name for decision in status.approvals}:
        raise Refused(f"You have not approved #{request.number}.", "Nothing happened.")


def withdraw(request: Request, status: Status, by: Person, situation: Situation) -> None:
    """Raise unless *by* may withdraw the request: only who asked, only while it is pending."""
    if by.name != request.requested_by.name:
        raise NotAllowed(
            f"Only {request.requested_by.name} can withdraw #{request.number}.",
            "An owner can deny it instead.",
        )
    check_open(request, status, request.digest, situation)


def alone(
    request: Request, status: Status, by: Person, digest: str, reason: str, situation: Situation
) -> None:
    """Raise unless *by* may apply the request alone (break-glass)."""
    check_open(request, status, digest, situation)
    if not situation.policy.break_glass:
        raise Refused(
            "Applying alone is switched off (`policy.break_glass`).", asked(request, status, situation)
        )
    if by.role is not Role.OWNER:
        raise NotAllowed("Only an owner can apply a request alone.", asked(request, status, situation))
    if not reason.strip():
        raise Refused("Say why nobody else can decide: a reason is required.", "Nothing happened.")


def stop(request: Request, status: Status, by: Person, situation: Situation) -> None:
    """Raise unless *by* may stop the approved request before it starts."""
    if status.state is not State.APPROVED or not status.start_at or situation.now >= status.start_at:
        raise Refused(
            f"#{request.number} is {status.state.value}; it can no longer be stopped.", "Nothing happened."
        )
    if not by.role.covers(Role.ORGANISER):
        raise NotAllowed("Only organisers can stop a request.", "Tell an organiser.")


def asked(request: Request, status: Status, situation: Situation) -> str:
    """Return who could approve, and who was asked when."""
    can = who_can(request, status, situation)
    said = f"Nothing happened. {'Any of ' if len(can) > 2 else ''}{listed(can)} can."
    if status.reminders:
        last = status.reminders[-1]
        said += f" {listed(last.names, 'and')} {'was' if len(last.names) == 1 else 'were'} asked"
        said += f" at {hour(last.at, situation.zone)}."
    return said


def void_approvals(status: Status, situation: Situation) -> tuple[str, ...]:
    """Return whose approvals no longer count because they are no owner now."""
    names = {owner.name for owner in situation.owners}
    return tuple(decision.by.name for decision in status.approvals if decision.by.name not in names)


def stands(request: Request, status: Status, situation: Situation) -> bool:
    """Return whether the approvals still suffice: people may have lost their role since."""
    alone = any(decision.alone for decision in status.approvals)
    twice = [decision.by.name for decision in status.approvals].count(request.requested_by.name) > 1
    return alone or twice or missing(request, status, situation) == 0


def carried_out(request: Request, status: Status) -> tuple[Change, ...]:
    """Return the changes that applying a request really made, one a target, the last one first.

    What was made and taken back again within the request is left out.
    """
    steps = enumerate(request.plan.changes)
    made = merged(change for index, change in steps if status.step("apply", index).made)
    return tuple(change for change in made if change.action is not Action.NONE)[::-1]


def way_back(request: Request, found: Sequence[tuple[Change, bool]]) -> tuple[Plan, tuple[str, ...]]:
    """Return the plan that takes *request* back, and what moved since, in words.

    *found* are the changes back, and of each whether live is still what the
    request left. What is as it was before is left out; what stays is noted.
    """
    changes = tuple(change for change, _ in found if change.action is not Action.NONE)
    stays = tuple(change.words for change, still in found if change.action is Action.NONE and still)
    moved = tuple(change.words for change, still in found if not still and change in changes)
    title = f"Undo #{request.number}: {request.plan.title}"
    return Plan(title=title, changes=changes, notes=stays), moved


def undoable(request: Request, status: Status, now: datetime) -> bool:
    """Return whether *Undo* is still one tap."""
    done = status.state in {State.APPLIED, State.WAITING, State.PARTIAL} and status.finished_at is not None
    open_ = status.ended_at is None and not status.undone_by
    return done and open_ and now < (status.finished_at or now) + request.plan.back_within


def _sole_owner(request: Request, situation: Situation) -> bool:
    names = [owner.name for owner in situation.owners]
    return (
        situation.policy.self_approval == "sole-owner"
        and names == [request.requested_by.name]
        and not request.undoes
    )
