"""The card of a request: what owners see, decide on, and later read what became of it."""

from collections.abc import Iterable

from bot.core import approval
from bot.core.duration import moment
from bot.core.status import State
from bot.core.values import Json
from bot.frontends.slack import kit, note, wording
from bot.frontends.slack.kit import Message
from bot.frontends.slack.text import cut
from bot.frontends.slack.wording import Case


def card(case: Case) -> Message:
    """Return the card of a request in its present state."""
    blocks = [
        kit.header(case.request.plan.title),
        *(block for lines in shown(case) for block in kit.sections(lines)),
        kit.section(wording.standing(case)),
        kit.context(_footer(case)),
        kit.actions(*buttons(case)),
    ]
    return kit.message(wording.notification(case), blocks)


def shown(case: Case) -> list[list[str]]:
    """Return what is asked for, in paragraphs of lines: while it is open, all that a decider weighs."""
    asked = [[wording.asks(case)], [f"*What changes on {case.vendors}*", *wording.steps(case)]]
    prospects = _prospects(case) if case.status.state.open else []
    return [*asked, *prospects, wording.by_hand(case)]


def _prospects(case: Case) -> list[list[str]]:
    """Return who gains and who loses what, what happens at the end, why it is protected."""
    plan, protected = case.request.plan, case.request.protected
    guarded = f"⚠️ *Two owners are needed:* {'; '.join(protected)}."
    return [
        _listed("*Who gains what*", plan.gains),
        _listed("*Who loses what*", plan.losses),
        _listed("*What changes back at its end*", map(wording.words, plan.ending)),
        wording.facts(case),
        [guarded] if protected else [],
    ]


def _listed(head: str, said: Iterable[str]) -> list[str]:
    lines = [f"• {each}" for each in said]
    return [head, *lines] if lines else []


def _footer(case: Case) -> str:
    if case.status.state is not State.PENDING:
        return case.number
    until = moment(case.request.expires_at, case.situation.zone)
    return f"{case.number} · Open until {until}. After that nothing happens."


def buttons(case: Case) -> list[Json]:
    """Return what can be pressed about a request in its present state."""
    if case.status.state is State.PENDING:
        sure = _sure(case) if case.weighty else None
        return [
            kit.button("Approve", "approve", case.value, style="primary", confirm=sure),
            kit.button("Deny…", "deny", case.value),
        ]
    if case.pausing:
        return [note.stop(case)]
    if approval.undoable(case.request, case.status, case.situation.now):
        text = f"This asks for what was there before {case.number}. An owner's press approves it too."
        undo = kit.confirm(f"Undo {case.number}?", text, "Undo")
        return [kit.button("Undo", "undo", case.value, confirm=undo)]
    return []


def _sure(case: Case) -> Json:
    pause = case.request.wait or case.request.plan.run_at
    verb = "changes" if len(case.request.plan.vendors) < 2 else "change"
    once = f"{verb} later, as the card says" if pause else f"{verb} at once"
    undo = "You can undo it." if case.reversible else "It cannot be undone."
    end = f" {case.vendors[:1].upper()}{case.vendors[1:]} {once}. {undo}"
    gist = cut(wording.summary(case), 299 - len(end))
    return kit.confirm(f"Approve {case.number}?", f"{gist}.{end}", "Approve")
