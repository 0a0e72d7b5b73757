"""What is said of a request, in our marks: shared by its card, its notes and the refusals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import approval
from bot.core.accepting import asked, outlook
from bot.core.approval import Situation
from bot.core.change import Change, Outcome, Request
from bot.core.duration import hour, moment, spell
from bot.core.people import listed
from bot.core.status import Decision, State, Status
from bot.frontends.slack.text import one_line, unmarked

MANY_NOTES = 4
_CAME_TO_NOTHING = {State.DENIED, State.WITHDRAWN, State.EXPIRED, State.DRIFTED, State.FAILED}
_MARKS = {
    Outcome.DONE: "✅",
    Outcome.ALREADY_SO: "✅",
    Outcome.WAITING: "⏳",
    Outcome.DRIFTED: "⚠️",
    Outcome.FAILED: "❌",
    Outcome.UNKNOWN: "❓",
}


@dataclass(frozen=True)
class Case:
    """A request as it stands, and what holds now: all that its messages are drawn from.

    *titles* are the vendors' names as people know them.
    """

    request: Request
    status: Status
    situation: Situation
    titles: Mapping[str, str]

    @property
    def number(self) -> str:
        """Return the request's number as people write it."""
        return f"#{self.request.number}"

    @property
    def value(self) -> str:
        """Return what a button of this request carries."""
        return f"{self.request.id} {self.request.short_digest}"

    @property
    def vendors(self) -> str:
        """Return where the plan changes something."""
        names = [self.titles.get(name, name) for name in self.request.plan.vendors]
        return listed(names or ["nothing"], "and")

    @property
    def deciders(self) -> tuple[str, ...]:
        """Return who could approve now."""
        return approval.who_can(self.request, self.status, self.situation)

    @property
    def sole(self) -> bool:
        """Return whether policy lets the only owner approve their own request."""
        request, situation = self.request, self.situation
        alone = [owner.name for owner in situation.owners] == [request.requested_by.name]
        return alone and situation.policy.self_approval == "sole-owner" and not request.undoes

    @property
    def reversible(self) -> bool:
        """Return whether the request can be undone at all."""
        return self.request.plan.back_within > timedelta(0)

    @property
    def weighty(self) -> bool:
        """Return whether an approval deserves a second look before it counts."""
        plan = self.request.plan
        return plan.wide or bool(self.request.protected) or approval.needed(self.request, self.status) > 1

    @property
    def pausing(self) -> bool:
        """Return whether the request is approved and waits for its time, so that it can be stopped."""
        start_at = self.status.start_at
        return self.status.state is State.APPROVED and start_at is not None and start_at > self.situation.now

    def when(self, at: datetime) -> str:
        """Return a moment: the hour on the day of the request, the day too on any other."""
        zone = self.situation.zone
        same = at.astimezone(zone).date() == self.request.at.astimezone(zone).date()
        return hour(at, zone) if same else moment(at, zone)

    def at(self, at: datetime) -> str:
        """Return a moment as part of a sentence: "at 09:05", or "Thu 18 Jun, 09:05"."""
        said = self.when(at)
        return said if "," in said else f"at {said}"


def asks(case: Case) -> str:
    """Return who asks, and why."""
    name, reason = case.request.requested_by.name, one_line(case.request.plan.reason).strip('"')
    return f'{name} asks: "{reason}"' if reason else f"{name} asks, without giving a reason."


def summary(case: Case) -> str:
    """Return who gains or loses what in one line, or else what changes."""
    plan = case.request.plan
    parts = (*plan.gains, *plan.losses) or tuple(words(change) for change in plan.changes) or (plan.title,)
    return unmarked("; ".join(part.rstrip(".") for part in parts))


def words(change: Change) -> str:
    """Return a change in words."""
    return change.words or f"{change.action.value} {change.target}"


def steps(case: Case) -> Iterator[str]:
    """Yield the changes: numbered before they are carried out, marked with their outcomes after."""
    begun = any(key.startswith("apply:") for key in case.status.steps)
    for index, change in enumerate(case.request.plan.changes):
        step = case.status.step("apply", index)
        if not begun:
            yield f"{index + 1}. {words(change)}"
        elif step.outcome is None:
            yield f"{'⏳' if step.started_at else '▫️'} {words(change)}"
        else:
            again = " (it was so already)" if step.outcome is Outcome.ALREADY_SO else ""
            said = words(change).replace("(now: ", "(was: ") if step.outcome.good else words(change)
            yield f"{_MARKS[step.outcome]} {said}{again}"


def facts(case: Case) -> list[str]:
    """Return what else a decider must know: notes, as a list when they are many, and how it ends."""
    plan, zone = case.request.plan, case.situation.zone
    notes, said = [f"{note.rstrip('.')}." for note in plan.notes], list[str]()
    if plan.lasts is not None:
        said.append(f"Ends {spell(plan.lasts)} after approval.")
    elif plan.ends_at is not None:
        said.append(f"Ends {moment(plan.ends_at, zone)}.")
    elif plan.gains:
        said.append("No end date.")
    if plan.run_at is not None:
        said.append(f"Starts {moment(plan.run_at, zone)} at the earliest.")
    if case.request.wait:
        said.append(
            f"After approval there is a pause of {spell(case.request.wait)}: any organiser can stop it."
        )
    said.append("Can be undone." if case.reversible else "Cannot be undone.")
    if len(notes) < MANY_NOTES:
        return [" ".join([*notes, *said])]
    return ["*Good to know*", *(f"• {note}" for note in notes), " ".join(said)]


def by_hand(case: Case) -> list[str]:
    """Return what people do beside the plan, where the bot cannot, unless nothing came of it."""
    if not case.request.plan.by_hand or case.status.state in _CAME_TO_NOTHING:
        return []
    return ["*By hand*", *(f"• {each}" for each in case.request.plan.by_hand)]


def deciders(case: Case) -> str:
    """Return who decides while the request is open."""
    request, status, situation = case.request, case.status, case.situation
    names, asker = case.deciders, request.requested_by.name
    if case.sole:
        return _sole(case)
    short = approval.missing(request, status, situation)
    if status.approvals:
        return f"{approvals(case)}. *{_more(short)} decides:* {listed(names)}"
    if short > 1:
        return f"*Two owners decide:* any two of {listed(names, 'and')}"
    if asker in approval.involved(request, status, situation):
        return f"*One more owner decides* ({asker}, who asks, is the first): {listed(names)}"
    return f"*One owner decides:* {listed(names)}"


def _more(short: int) -> str:
    return "One more owner" if short == 1 else f"{short} more owners"


def _sole(case: Case) -> str:
    said = f"⚠️ *{case.request.requested_by.name} is the only owner* and approves alone, twice, an hour apart."
    if not case.status.approvals:
        return said
    first = case.status.approvals[-1].at
    return f"{said} First {case.when(first)}; again from {case.when(first + approval.SECOND_THOUGHT)}."


def approvals(case: Case) -> str:
    """Return who approved, and when."""
    by = [f"{decision.by.name} {case.when(decision.at)}" for decision in case.status.approvals]
    alone = next((decision for decision in case.status.approvals if decision.alone), None)
    if alone is not None:
        return f"*{alone.by.name} applies this alone* ({case.when(alone.at)}): {_reason(alone)}"
    return f"Approved by {listed(by, 'and')}" if by else "No approval was needed"


def _reason(decision: Decision) -> str:
    return f'"{one_line(decision.reason)}"' if decision.reason else "no reason given"


def standing(case: Case) -> str:
    """Return where the request stands."""
    said = _standing(case)
    return f"{said}\n⏳ {case.status.note}" if case.status.note else said


def _standing(case: Case) -> str:
    match case.status.state:
        case State.PENDING:
            return deciders(case)
        case State.APPROVED | State.APPLYING:
            return _under_way(case)
        case State.WAITING:
            return _waiting(case)
        case State.APPLIED:
            return _applied(case)
        case State.DENIED | State.WITHDRAWN | State.EXPIRED:
            return _closed(case)
        case State.DRIFTED:
            return " ".join(
                [f"*Not applied: {case.vendors} changed meanwhile.* We changed nothing.", *details(case)]
            )
        case State.FAILED:
            nothing = "Failed" if case.status.ran else "Failed: nothing was changed"
            return " ".join([f"*{lapse(case) or nothing}.*", *_outcome(case)])
        case State.PARTIAL:
            why = f": {lapse(case)}" if case.status.lapsed else ""
            return " ".join([f"*Only partly applied{why}.*", *_outcome(case), *_ways_on(case)])
        case State.UNKNOWN:
            return " ".join([f"*Unknown: please look at {case.vendors}.*", *_outcome(case)])


def _under_way(case: Case) -> str:
    start_at = case.status.start_at
    if case.pausing and start_at is not None:
        return f"{approvals(case)}. *Starts {case.when(start_at)}*; any organiser can stop it until then."
    return f"*Applying.* {approvals(case)}."


def _waiting(case: Case) -> str:
    """Say what waits; when nothing else is left to do, what was written is said to be applied."""
    if len(case.status.steps) >= len(case.request.plan.changes):
        return " ".join([_applied(case), *prospect(case)])
    return " ".join(["*Waiting, not done yet.*", *_outcome(case), *prospect(case)])


def prospect(case: Case) -> Iterator[str]:
    """Yield when whoever must accept was asked to, and what happens next."""
    status, situation = case.status, case.situation
    if last := asked(status):
        yield f"Asked {case.when(last.at)}."
    if status.awaited:
        yield f"Next: {outlook(status, situation.policy, situation.zone, situation.now)}."


def lapse(case: Case) -> str:
    """Return who did not accept, when that is why a request ended."""
    accounts = dict.fromkeys(awaited.account for awaited in case.status.lapsed)
    return f"{listed(accounts, 'and')} did not accept" if accounts else ""


def _outcome(case: Case) -> list[str]:
    return [f"{approvals(case)}.", *_restored(case), *details(case)]


def _applied(case: Case) -> str:
    status, plan = case.status, case.request.plan
    going = status.state is State.WAITING and not status.awaited  # what people must accept is sent
    said = [f"*{'Started' if going else 'Applied'}.* {approvals(case)}"]
    if status.finished_at is not None:
        said[0] += f", checked on {case.vendors} {case.when(status.finished_at)}"
    said[0] += "."
    end = plan.end(status.approved_at) if status.approved_at else None
    if status.ended_at is not None and not status.ended_clean:
        return " ".join([*said, left(case)])
    if status.ended_at is not None:
        said.append(f"*Ended {case.when(status.ended_at)}.*")
    elif status.undone_by:
        said.append(f"*Undone by #{status.undone_by}.*")
    elif end is not None:
        said.append(f"Ends {case.when(end)}.")
    return " ".join([*said, *details(case), *filter(None, [status.outside])])


def left(case: Case) -> str:
    """Return what is left at the end of a grant that is no longer exactly what was granted."""
    at = case.when(case.status.ended_at) if case.status.ended_at else ""
    said = f"*Its end came {at}, but I took nothing away:* it is not what was granted any more."
    return " ".join([said, *details(case), "Please look, and ask for what should be."])


def _closed(case: Case) -> str:
    closed, state = case.status.closed, case.status.state
    at = case.when(closed.at if closed else case.request.expires_at)
    if closed is None or state is State.EXPIRED:
        return f"*Expired {at}.* Nobody decided in time; nothing happened."
    verb = "Stopped" if state is State.WITHDRAWN and case.status.start_at else state.value.capitalize()
    reason = f": {_reason(closed)}" if closed.reason else ""
    return f"*{verb} by {closed.by.name} {at}*{reason}. Nothing happened."


def _ways_on(case: Case) -> Iterator[str]:
    """Yield how a request goes on of which a part was done."""
    if not case.status.lapsed and approval.undoable(case.request, case.status, case.situation.now):
        asker = case.request.requested_by.name
        yield f"{asker} can *continue* with what is left; *Undo* takes back what was done."


def _restored(case: Case) -> Iterator[str]:
    """Yield whether what was done before the failure was put back."""
    back = [step.outcome for key, step in case.status.steps.items() if key.startswith("restore:")]
    if back:
        good = all(outcome is not None and outcome.good for outcome in back)
        yield "What was done was put back." if good else "Not all that was done could be put back."


def details(case: Case) -> Iterator[str]:
    """Yield what the steps say beyond their outcome, in order, each once."""
    said = dict.fromkeys(step.detail.rstrip(".") for step in case.status.steps.values() if step.detail)
    yield from (f"{detail}." for detail in said)


def notification(case: Case) -> str:
    """Return the line that phones show."""
    title = unmarked(case.request.plan.title)
    if case.status.state is State.PENDING:
        return f"{case.number} needs an owner: {summary(case)}. Asked by {case.request.requested_by.name}."
    return f"{case.number} is {case.status.state.value}: {title}"
