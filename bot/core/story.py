"""What a journal line says, in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.core.change import Outcome
from bot.core.drift import ranges
from bot.core.event import Event, Kind
from bot.core.people import listed
from bot.core.status import each_step
from bot.core.values import Json

_PLAIN = {
    Kind.APPROVED: "approved",
    Kind.DENIED: "denied",
    Kind.TAKEN_BACK: "took the approval back",
    Kind.WITHDRAWN: "withdrew it",
    Kind.STOPPED: "stopped it",
    Kind.EXPIRED: "expired: nobody decided in time",
    Kind.APPLYING: "began to carry it out",
    Kind.ENDING: "the end began",
    Kind.ENDED: "ended",
    Kind.REFUSED: "was refused",
    Kind.SEEDED: "filled an empty list from the configuration",
    Kind.NOTED: "noted",
    Kind.SEEN: "looked from outside",
    Kind.BEGUN: "began a review of who still helps",
    Kind.ANSWERED: "answered",
    Kind.EXPORTED: "exported everything for the night",
    Kind.RESTORED: "was restored from an export",
    Kind.SWEPT: "looked for what ended grants left over",
    Kind.KEPT: "kept what was there as the baseline",
    Kind.NOTICED: "noticed what was changed elsewhere",
    Kind.COSTED: "found something to know about our costs",
    Kind.SOLD: "found how much of a kind of ticket is sold",
    Kind.SILENT: "found that tickets are not sold as they should be",
    Kind.LACKED: "looked at what our tokens may do",
    Kind.DANGLED: "looked which of our names anybody could take",
}
_OUTCOMES = {
    Outcome.DONE: "done and checked",
    Outcome.ALREADY_SO: "was already so",
    Outcome.WAITING: "under way",
    Outcome.DRIFTED: "not done, since it had changed meanwhile",
    Outcome.FAILED: "failed",
    Outcome.UNKNOWN: "unknown, please look",
}
_REASONS = ("reason", "why", "detail", "text")


def said(event: Event) -> str:
    """Return what *event* says happened, and why."""
    if event.kind in {Kind.STARTED, Kind.OUTCOME}:
        return "; ".join(_steps(each_step(event.payload)))
    what = _what(event.kind, event.payload)
    why = next((str(event.payload[key]) for key in _REASONS if event.payload.get(key)), "")
    return f"{what}: {why}" if why else what


def _what(kind: Kind, payload: Json) -> str:
    match kind:
        case Kind.FILED:
            return f"asked: {title(payload)}"
        case Kind.APPROVED if payload.get("alone"):
            return "approved alone"
        case Kind.FINISHED:
            return str(payload["state"])
        case Kind.UNDONE:
            return f"undone by #{payload['by']}"
        case Kind.REMINDED:
            return f"asked {listed(str(payload['names']).split(), 'and')} by name"
        case Kind.VOIDED:
            return f"{payload['name']}'s approval counts no more"
        case Kind.WARNED:
            return f"said that the end is near ({payload['stage']} before)"
        case Kind.EXPORTED if payload["detail"]:
            return "could not export everything for the night"
        case _:
            return _PLAIN[kind]


def _steps(steps: Iterable[Json]) -> Iterator[str]:
    """Yield what became of steps; those of which the same is to be said as one."""
    alike = defaultdict[tuple[str, str], list[int]](list)
    for each in steps:
        phase, _, index = str(each["step"]).partition(":")
        alike[phase, _became(each)].append(int(index) + 1)
    for (phase, became), numbers in alike.items():
        of = "" if phase == "apply" else f" of the {phase}"
        yield f"step{'s' if len(numbers) > 1 else ''} {ranges(numbers).replace(' ', ', ')}{of} {became}"


def _became(step: Json) -> str:
    if "outcome" not in step:
        return "began"
    why = str(step.get("detail", ""))
    return _OUTCOMES[Outcome(str(step["outcome"]))] + (f": {why}" if why else "")


def title(payload: Json) -> str:
    """Return the title of the request that was filed with *payload*."""
    request = payload.get("request")
    plan = request.get("plan") if isinstance(request, dict) else None
    return str(plan.get("title", "")) if isinstance(plan, dict) else ""
