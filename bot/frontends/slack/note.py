"""What people are told directly: who asked, owners asked by name, whoever a grant's end concerns."""

from collections.abc import Sequence

from bot.core.change import Awaited
from bot.core.duration import moment, weekday
from bot.core.people import Role, listed
from bot.core.status import Reminder, State
from bot.core.values import Json
from bot.frontends.slack import kit, wording
from bot.frontends.slack.kit import Message
from bot.frontends.slack.text import unmarked
from bot.frontends.slack.wording import Case

_AGAIN = {State.EXPIRED, State.DRIFTED, State.FAILED, State.PARTIAL}


def to_requester(case: Case, card: str | None) -> Message:
    """Return the message that follows a request for who asked; *card* is the link to it."""
    blocks = [
        kit.section(f"*{case.number}: {unmarked(case.request.plan.title)}*"),
        *kit.sections(wording.steps(case)),
        kit.section(_told(case)),
        *kit.sections(wording.by_hand(case)),
        kit.actions(*_open(card), *_ways_on(case)),
    ]
    return kit.message(wording.notification(case), blocks)


def _told(case: Case) -> str:
    if case.status.state is State.DRIFTED:
        return moved(case)
    if case.status.state is not State.PENDING:
        return wording.standing(case)
    until = moment(case.request.expires_at, case.situation.zone)
    asked = (_asked(case, reminder) for reminder in case.status.reminders[-1:])
    return " ".join([f"{wording.standing(case)}\nOpen until {until}.", *asked])


def _asked(case: Case, reminder: Reminder) -> str:
    were = "was" if len(reminder.names) == 1 else "were"
    return f"{listed(reminder.names, 'and')} {were} asked {case.at(reminder.at)}."


def moved(case: Case) -> str:
    """Return why an approved request was not applied: what was shown is not what is there."""
    said = (
        f"*{case.number} was approved but not applied: {case.vendors} changed meanwhile.* We changed nothing."
    )
    return " ".join([said, *wording.details(case), "Still want it?"])


def _ways_on(case: Case) -> list[Json]:
    """Return the buttons of who asked."""
    request, state = case.request, case.status.state
    if state is State.PENDING:
        may_alone = request.requested_by.role is Role.OWNER and case.situation.policy.break_glass
        return [withdraw(case), *([kit.button("Apply alone…", "alone", case.value)] if may_alone else [])]
    if case.status.lapsed:
        return [_invite_again(case)]
    return [again(case), kit.button("Leave it", "leave", case.value)] if state in _AGAIN else []


def _open(card: str | None) -> list[Json]:
    return [kit.link("Open the card", card)] if card else []


def withdraw(case: Case) -> Json:
    """Return the button that withdraws a request."""
    return kit.button(f"Withdraw {case.number}", "withdraw", case.value)


def again(case: Case) -> Json:
    """Return the button that asks for the same from today's state."""
    labels = {State.DRIFTED: "Ask again from today's state", State.PARTIAL: "Continue with what is left"}
    return kit.button(labels.get(case.status.state, "Ask again"), "ask_again", case.value)


def filed(case: Case, card: str | None, refused: str = "") -> Message:
    """Return the private line that answers a filed plan; *refused* says why there is no card."""
    if case.status.state is not State.PENDING:
        return kit.said(f"*{case.number}:* {wording.standing(case)}", *_open(card))
    if refused:
        why = f"*Slack does not let me show its card yet* (`{refused}`)"
        how = "The maintainer can see why with `infra check`; I keep trying."
        return kit.said(f"*{case.number} is filed.* {wording.deciders(case)}. {why}. {how}")
    told = "I tell you here how it goes."
    return kit.said(f"*{case.number} is with the owners.* {wording.deciders(case)}. {told}", *_open(card))


def asked_already(case: Case, card: str | None) -> Message:
    """Return the private line for somebody who asks what another request asks."""
    asker = case.request.requested_by.name
    said = f"*{case.number} asks just this already:* {asker} asked {case.at(case.request.at)}."
    return kit.said(f"{said} Nothing more was filed.\n{_told(case)}", *_open(card))


def to_owner(case: Case, reminder: Reminder, card: str | None) -> Message:
    """Return the message with which an owner is asked by name, or told that one applies alone."""
    if reminder.stage == "left":
        title = unmarked(case.request.plan.title)
        return kit.said(f"{case.number} ({title}): {wording.left(case)}", *_open(card))
    if reminder.stage == "alone":
        said = f"{wording.standing(case)} {case.number}: {wording.summary(case)}."
        return kit.said(said, *_open(card), *([stop(case)] if case.pausing else []))
    until = moment(case.request.expires_at, case.situation.zone)
    last = "*Last call.* " if reminder.stage == "last" else ""
    return kit.said(f"{last}{wording.notification(case)} Open until {until}.", *_open(card))


def to_invited(case: Case, theirs: Sequence[Awaited]) -> Message:
    """Return the message with which somebody is asked to accept what waits for them."""
    return kit.said(f"*You are invited, and not in yet.* {_invitation(case, theirs)}")


def to_forward(case: Case, others: Sequence[Awaited], card: str | None) -> Message:
    """Return the message with which who asked is told what to forward to those the bot cannot reach."""
    accounts = [*dict.fromkeys(awaited.account for awaited in others)]
    waits = f"*{case.number} waits for {listed(accounts, 'and')}, whom I cannot reach in Slack.*"
    lines = [f"{waits} Please forward to them:"]
    for account in accounts:
        text = _invitation(case, [awaited for awaited in others if awaited.account == account])
        lines.append(f"• {account}, you are invited, and not in yet. {text}")
    return kit.message(lines[0], [*kit.sections(lines), kit.actions(*_open(card))])


def _invitation(case: Case, theirs: Sequence[Awaited]) -> str:
    links = listed(dict.fromkeys(awaited.link for awaited in theirs), "and")
    until = weekday(min(awaited.until for awaited in theirs), case.situation.zone)
    what = f"{unmarked(case.request.plan.title)}, asked for by {case.request.requested_by.name}"
    return f"{what}. Accept by {until}: {links}"


def lapsed(case: Case, card: str | None) -> Message:
    """Return the message that nobody accepted what was asked for, with the way to ask for it again."""
    said = f"*{wording.lapse(case)}, so {case.number} ended:* {unmarked(case.request.plan.title)}."
    how = "*Invite again* asks the owners for it from today's state."
    return kit.said(" ".join([said, *wording.details(case), how]), _invite_again(case), *_open(card))


def _invite_again(case: Case) -> Json:
    """Return the button that asks once for what nobody accepted."""
    return kit.button("Invite again", "invite_again", case.value)


def stop(case: Case) -> Json:
    """Return the button that stops an approved request before it starts."""
    return kit.button("Stop", "stop", case.value, style="danger")


def ending_soon(case: Case, stage: str, card: str | None) -> Message:
    """Return the warning that a time-bound grant ends."""
    end = case.request.plan.end(case.status.approved_at or case.request.at)
    at = f", {moment(end, case.situation.zone)}" if end else ""
    return kit.said(
        f"*{case.number} ends in {stage}*{at}: {unmarked(case.request.plan.title)}.",
        *_open(card),
        extend(case),
        end_now(case),
    )


def extend(case: Case) -> Json:
    """Return the button that asks for a time-bound grant anew, for as long again."""
    return kit.button("Extend", "extend", case.value)


def end_now(case: Case) -> Json:
    """Return the button that ends a time-bound grant before its time."""
    sure = kit.confirm(f"End {case.number} now?", wording.summary(case), "End now")
    return kit.button("End now", "end_now", case.value, confirm=sure)


def half_approved(case: Case) -> Message:
    """Return the private line for an owner whose approval waits for another one."""
    return kit.said(
        f"You approved {case.number}. {wording.deciders(case)}.",
        kit.button("Take back my approval", "take_back", case.value),
    )
