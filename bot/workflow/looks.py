"""What one look at the live state says of a step; and how the run that a step started is known again."""

from datetime import datetime, timedelta
from typing import NamedTuple

from bot.core.change import Change, Outcome, Request, Sought
from bot.core.errors import Denied, Rejected, VendorError
from bot.core.status import Step
from bot.core.values import Json
from bot.core.vendor import Reach
from bot.workflow.wiring import Wiring

ATTEMPTS = 5
CLOCKS_APART = timedelta(seconds=5)
ENDS = {Reach.YES: Outcome.DONE, Reach.FAILED: Outcome.FAILED, Reach.UNCLEAR: Outcome.UNKNOWN}


class Seen(NamedTuple):
    """What became of a step, why, and which run it started."""

    outcome: Outcome
    detail: str = ""
    run: str = ""


def seen(wiring: Wiring, change: Change, step: Step, live: Json | None) -> Seen | None:
    """Return what the live state alone tells of a step; None when the write is still to be done."""
    bound = wiring.of(change)
    reach, run = bound.reached(live, change.after), bound.run(live)
    if reach is Reach.YES and not step.started_at:
        return Seen(Outcome.ALREADY_SO)
    if reach in ENDS:
        return Seen(ENDS[reach], bound.ended(change.target, live), run)
    if reach is Reach.UNDER_WAY:
        return _under_way(wiring, change, step, live)
    if bound.reached(live, change.before) is Reach.NO:
        return Seen(Outcome.UNKNOWN if step.started_at else Outcome.DRIFTED, moved(wiring, change, live))
    if step.run:
        return Seen(Outcome.UNKNOWN, f"It began ({step.run}), and is listed no longer. Please look.")
    if step.outcome is Outcome.WAITING:
        return Seen(Outcome.FAILED, "It was under way and is gone again: declined, taken back or expired.")
    if step.attempts >= ATTEMPTS:
        return Seen(Outcome.FAILED, f"Tried {step.attempts} times; nothing changed.")
    return None


def _under_way(wiring: Wiring, change: Change, step: Step, live: Json | None) -> Seen:
    """Return what something under way waits for, and until when; or that its patience has ended."""
    bound, now = wiring.of(change), wiring.clock()
    end = began(step, now) + bound.resource.patience
    local = end.astimezone(wiring.organisation.zone)
    until = f"{local:%H:%M}" if bound.resource.patience < timedelta(days=1) else f"{local.day} {local:%b}"
    waits, run = bound.waits(change.target, live, until), bound.run(live)
    if now > end:
        return Seen(Outcome.FAILED, f"{waits}. It did not happen in time.", run)
    return Seen(Outcome.WAITING, waits, run)


def moved(wiring: Wiring, change: Change, live: Json | None) -> str:
    """Return in words what is there now, beside what was shown."""
    if live == change.before:
        return "All is as it was shown"
    words = wiring.of(change).change(change.target, change.before, live).words
    return f"Since it was shown: {words.replace('(now: ', '(was: ')}"


def unseen(wiring: Wiring, change: Change, live: Json | None) -> Seen:
    """Return what became of a write that was answered, and of which nothing is to be seen."""
    said = f"The change was sent, but does not show. Please look. {moved(wiring, change, live)}"
    return Seen(Outcome.UNKNOWN, said)


def refused(error: VendorError | None) -> Seen | None:
    """Return what became of a write that was refused, in the vendor's words; None when it was not."""
    if not isinstance(error, Denied | Rejected):
        return None
    return Seen(Outcome.FAILED, said(error))


def said(error: VendorError) -> str:
    """Return what a vendor's error says, and what to do."""
    return " ".join(filter(None, (error.message, error.hint)))


def began(step: Step, now: datetime) -> datetime:
    """Return since when a step is under way."""
    return step.started_at or step.at or now


def marker(request: Request, key: str) -> str:
    """Return the mark of the run that one step of a request starts: the same each time it is tried."""
    return f"infra-{request.number}-{request.id[:12]}-{key.replace(':', '-')}"


def sought(request: Request, key: str, step: Step) -> Sought | None:
    """Return which run a step started; None before it was tried."""
    if step.began_at is None:
        return None
    return Sought(marker=marker(request, key), since=step.began_at - CLOCKS_APART, run=step.run)
