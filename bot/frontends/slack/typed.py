"""Answers to what people type that is no command: decisions, and plain sentences."""

import re

from bot.core.errors import UsageError
from bot.core.people import Person
from bot.core.status import State
from bot.frontends.slack import kit, note, wording
from bot.frontends.slack.kit import Message
from bot.frontends.slack.render import SAY
from bot.frontends.slack.wording import Case

_DECISION = re.compile(r"(?:approve|deny|withdraw)\b(?:\s+#?(\d{1,9})\b)?", re.IGNORECASE)
RULE = "*Nobody decides by typing: decisions are buttons.*"


def is_decision(line: str) -> bool:
    """Return whether *line* tries to decide about a request: "approve 1"."""
    return _DECISION.match(line) is not None


def number(line: str) -> int:
    """Return the number of the request that a typed decision means; 0 without one."""
    found = _DECISION.match(line)
    return int(found[1] or 0) if found else 0


def buttons_decide(number: int) -> Message:
    """Return where decisions are taken; *number* is of a request that does not exist, or 0."""
    unknown = f" There is no #{number}." if number else ""
    how = "Each card in the approvals channel has them, and so has my *Home*; `requests` lists what is open."
    return kit.said(f"{RULE} Nothing happened.{unknown} {how}")


def where(case: Case, person: Person, card: str | None) -> Message:
    """Return where the buttons of one request are; *card* is the link to it."""
    opens = [kit.link("Open the card", card)] if card else []
    if case.status.state is not State.PENDING:
        return kit.said(f"*{case.number}:* {wording.standing(case)}", *opens)
    mine = [note.withdraw(case)] if person.name == case.request.requested_by.name else []
    place = f"{case.number} waits on its card in the approvals channel, and in my *Home*."
    return kit.said(f"{RULE} Nothing happened. {place}\n{wording.deciders(case)}.", *opens, *mine)


def not_understood(error: UsageError) -> Message:
    """Return what is wrong with a line written to the bot, and a way to what can be written."""
    ask = kit.button("What can I ask?", SAY, "help")
    return kit.said(f"*{error.message}*\n{error.hint}".strip(), ask)
