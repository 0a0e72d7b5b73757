"""What a request's journal lines add up to: a pure function of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from bot.core.change import Awaited, Outcome
from bot.core.event import Event, Kind
from bot.core.people import Actor
from bot.core.values import Json, Value
from bot.verify import CLOSING, state_after


class State(StrEnum):
    """Where a request is."""

    PENDING = "pending"
    APPROVED = "approved"
    APPLYING = "applying"
    WAITING = "waiting"
    APPLIED = "applied"
    PARTIAL = "partial"
    DRIFTED = "drifted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def open(self) -> bool:
        """Return whether something is still to happen by itself or by a decision."""
        return self in {State.PENDING, State.APPROVED, State.APPLYING, State.WAITING}


class Decision(Value):
    """What one person decided about the digest they saw."""

    by: Actor
    at: datetime
    reason: str = ""
    alone: bool = False


class Step(Value):
    """What the journal says of one change while it is carried out; *awaits* says who had to act.

    *waited* says that it was under way, whatever came of it; *began_at* when it was started first,
    *run* the vendor's name of the run that it started.
    """

    attempts: int = 0
    began_at: datetime | None = None
    started_at: datetime | None = None
    outcome: Outcome | None = None
    detail: str = ""
    at: datetime | None = None
    awaits: Awaited | None = None
    waited: bool = False
    run: str = ""

    @property
    def made(self) -> bool:
        """Return whether something was changed: what was under way for too long is there, too."""
        late = self.outcome is Outcome.FAILED and self.waited
        return late or self.outcome in {Outcome.DONE, Outcome.WAITING}


class Reminder(Value):
    """Who was asked, owners by name or others by their accounts, and when."""

    stage: str
    names: tuple[str, ...]
    at: datetime


class Status(Value):
    """A request's present, computed from its journal lines.

    *needs* is the most owners any approval found necessary; *note* is what
    holds it up right now; *undone_by* the number of the request that took it back;
    *ended_clean* whether a grant's end left nothing behind; *outside* what a look
    from outside found at last.
    """

    state: State = State.PENDING
    seq: int = 0
    approvals: tuple[Decision, ...] = ()
    start_at: datetime | None = None
    closed: Decision | None = None
    steps: dict[str, Step] = Field(default_factory=dict)
    reminders: tuple[Reminder, ...] = ()
    warned: tuple[str, ...] = ()
    needs: int = 0
    note: str = ""
    applying_at: datetime | None = None
    finished_at: datetime | None = None
    ended_at: datetime | None = None
    ended_clean: bool = True
    undone_by: int = 0
    outside: str = ""

    @property
    def approved_at(self) -> datetime | None:
        """Return when the last approval came."""
        return self.approvals[-1].at if self.approvals and self.state is not State.PENDING else None

    @property
    def awaited(self) -> tuple[Awaited, ...]:
        """Return who has yet to act while the request waits."""
        return self._awaits(Outcome.WAITING) if self.state is State.WAITING else ()

    @property
    def lapsed(self) -> tuple[Awaited, ...]:
        """Return who did not act, so that the request ended without it; nobody once it is undone."""
        return () if self.state.open or self.undone_by else self._awaits(Outcome.FAILED)

    @property
    def ran(self) -> bool:
        """Return whether a run was started."""
        return any(step.run for step in self.steps.values())

    def _awaits(self, outcome: Outcome) -> tuple[Awaited, ...]:
        steps = (step for key, step in self.steps.items() if key.startswith("apply:"))
        return tuple(step.awaits for step in steps if step.awaits and step.outcome is outcome)

    def step(self, phase: str, index: int) -> Step:
        """Return what is known of one step of a phase."""
        return self.steps.get(f"{phase}:{index}", Step())


def fold(events: Iterable[Event]) -> Status:
    """Return the status that a request's journal lines add up to."""
    status = Status()
    for event in events:
        status = _after(status, event).model_copy(update={"seq": event.seq})
    return status


def _after(status: Status, event: Event) -> Status:
    new: dict[str, object]
    if event.kind in CLOSING:
        new = {"closed": _decision(event)}
    elif event.kind in {Kind.FILED, Kind.APPROVED, Kind.TAKEN_BACK, Kind.VOIDED}:
        new = _weighed(status, event)
    elif event.kind in {Kind.REMINDED, Kind.WARNED}:
        new = _told(status, event)
    else:
        new = _carried_out(status, event)
    state = State(state_after(status.state, event.kind, event.payload))
    return status.model_copy(update={"state": state, **new})


def _decision(event: Event) -> Decision:
    said = event.payload
    reason, alone = str(said.get("reason", "")), bool(said.get("alone"))
    return Decision(by=event.actor, at=event.at, reason=reason, alone=alone)


def _weighed(status: Status, event: Event) -> dict[str, object]:
    """Return what filing, approving and un-approving change."""
    new: dict[str, object] = {}
    if event.kind is Kind.APPROVED:
        needs = max(status.needs, int(str(event.payload.get("needs", 0))))
        new |= {"approvals": (*status.approvals, _decision(event)), "needs": needs}
    if event.kind in {Kind.TAKEN_BACK, Kind.VOIDED}:
        kept = tuple(d for d in status.approvals if d.by.name != event.payload["name"])
        new |= {"approvals": kept, "start_at": None}
    if event.payload.get("start_at"):
        new["start_at"] = datetime.fromisoformat(str(event.payload["start_at"]))
    return new


def _told(status: Status, event: Event) -> dict[str, object]:
    """Return what reminding and warning people changes."""
    stage = str(event.payload["stage"])
    if event.kind is Kind.WARNED:
        return {"warned": (*status.warned, stage)}
    names = tuple(str(event.payload["names"]).split())
    return {"reminders": (*status.reminders, Reminder(stage=stage, names=names, at=event.at))}


def _carried_out(status: Status, event: Event) -> dict[str, object]:
    """Return what applying and ending change."""
    match event.kind:
        case Kind.APPLYING:
            return {"applying_at": event.at, "note": ""}
        case Kind.STARTED:
            return {"steps": _steps(status, event)}
        case Kind.OUTCOME:
            return {"steps": _steps(status, event), "note": ""}
        case Kind.FINISHED:
            return {"finished_at": event.at, "note": ""}
        case Kind.UNDONE:
            return {"undone_by": int(str(event.payload["by"])), "note": ""}
        case Kind.NOTED:
            return {"note": str(event.payload["text"])}
        case Kind.SEEN:
            return {"outside": str(event.payload["text"]), "note": ""}
        case Kind.ENDING:  # what of the end did not succeed before is tried anew
            return {"steps": dict(_without_failed_ends(status.steps)), "ended_at": None, "ended_clean": True}
        case Kind.ENDED:
            clean = bool(event.payload.get("clean", True) or event.payload.get("prolonged"))
            return {"ended_at": event.at, "ended_clean": clean}
        case _:
            return {}


def _without_failed_ends(steps: Mapping[str, Step]) -> Iterator[tuple[str, Step]]:
    for key, step in steps.items():
        failed = step.outcome not in {None, Outcome.WAITING} and not (step.outcome and step.outcome.good)
        if not (key.startswith("end:") and failed):
            yield key, step


def each_step(payload: Json) -> Sequence[Json]:
    """Return what a line says of each step that began, or came to its end: of one, or of several at once."""
    steps = payload.get("steps", [payload])
    assert isinstance(steps, list)
    return [step for step in steps if isinstance(step, dict)]


def _steps(status: Status, event: Event) -> dict[str, Step]:
    said = [event.model_copy(update={"payload": each}) for each in each_step(event.payload)]
    return status.steps | {str(each.payload["step"]): _step(status, each) for each in said}


def _step(status: Status, event: Event) -> Step:
    known = status.steps.get(str(event.payload["step"]), Step())
    if event.kind is Kind.STARTED:
        began = {"attempts": known.attempts + 1, "began_at": known.began_at or event.at}
        return known.model_copy(update={**began, "started_at": event.at, "outcome": None, "detail": ""})
    said = event.payload
    awaits = Awaited.model_validate(said["awaits"]) if said.get("awaits") else None
    outcome, detail = Outcome(str(said["outcome"])), str(said.get("detail", ""))
    at = known.at if known.outcome is outcome else event.at  # what still waits has waited since then
    new = {"outcome": outcome, "detail": detail, "at": at, "awaits": awaits}
    waited, run = known.waited or outcome is Outcome.WAITING, str(said.get("run", known.run))
    return known.model_copy(update={**new, "waited": waited, "run": run})


def verdict(outcomes: Sequence[Outcome | None]) -> State:
    """Return the state that the outcomes of all steps, in order, add up to."""
    stopped = next((o for o in outcomes if o is not None and not o.good and o is not Outcome.WAITING), None)
    if stopped is Outcome.UNKNOWN:
        return State.UNKNOWN
    if stopped is not None:
        touched = any(o in {Outcome.DONE, Outcome.WAITING} for o in outcomes)
        return State.PARTIAL if touched else State(stopped.value)
    return State.WAITING if Outcome.WAITING in outcomes else State.APPLIED
