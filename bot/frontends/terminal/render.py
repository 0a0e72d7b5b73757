"""Replies, requests and findings as plain text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from shlex import quote
from textwrap import indent
from typing import assert_never

from bot.core import approval
from bot.core.approval import Situation
from bot.core.change import Outcome, Plan, Request
from bot.core.duration import moment, spell
from bot.core.people import listed
from bot.core.reply import Block, Chart, Choices, Fields, File, Notice, Progress, Reply, Table, Text
from bot.core.status import State, Status
from bot.core.vendor import Finding

_SIGNS = {"good": "✓", "warning": "!", "bad": "✗"}
_MARKS = {
    None: "…",
    Outcome.DONE: "✓",
    Outcome.ALREADY_SO: "✓",
    Outcome.WAITING: "…",
    Outcome.DRIFTED: "!",
    Outcome.FAILED: "✗",
    Outcome.UNKNOWN: "?",
}
_BOLD = re.compile(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])")


def reply(answer: Reply) -> str:
    """Return an answer."""
    return "\n\n".join(_plain(part) for part in (answer.title, *map(_block, answer.blocks)) if part)


def card(request: Request, status: Status, situation: Situation) -> str:
    """Return a request: what would change, and who decides."""
    plan = request.plan
    asks = (
        f'{request.requested_by.name} asks: "{plan.reason}"'
        if plan.reason
        else f"{request.requested_by.name} asks."
    )
    parts = (
        f"#{request.number} {plan.title}\n{asks}",
        _list("What changes", _steps(plan, status)),
        _list("Who gains what", (f"- {gain}" for gain in plan.gains)),
        _list("Who loses what", (f"- {loss}" for loss in plan.losses)),
        _list("What changes back at its end", (f"- {change.words}" for change in plan.ending)),
        _list("By hand", (f"- {each}" for each in plan.by_hand)),
        "\n".join(_facts(request)),
        _standing(request, status, situation),
    )
    return "\n\n".join(_plain(part) for part in parts if part)


def findings(found: Iterable[Finding]) -> str:
    """Return what a check found: a line each, and what to do below it."""
    lines = (f"{_SIGNS[one.level]} {one.text}{f'{chr(10)}  {one.hint}' if one.hint else ''}" for one in found)
    return _plain("\n".join(lines))


def checked(sections: Iterable[tuple[str, Sequence[Finding]]]) -> str:
    """Return what a whole check found, part by part, and at its end what that comes to."""
    parts = [(title, list(found)) for title, found in sections]
    levels = Counter(finding.level for _, found in parts for finding in found)
    said = [f"{title}\n{findings(found)}" for title, found in parts]
    bad, less = levels["bad"], levels["warning"]
    sums = [f"{bad} to put right before all works (✗)"] if bad else []
    sums += [f"{less} worth a look (!)"] if less else []
    end = f"{' and '.join(sums)}; below each stands what to do." if sums else "Nothing is missing."
    return "\n\n".join([*said, end])


def error(message: str, hint: str = "") -> str:
    """Return what went wrong, and the next step."""
    return _plain(f"{message}\n{hint}" if hint else message)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows in aligned columns."""
    lines = [[_plain(cell).replace("\n", " ") for cell in row] for row in (columns, *rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    ruled = [lines[0], ["-" * width for width in widths], *lines[1:]]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in ruled
    )


def _block(block: Block) -> str:
    match block:
        case Text(text=text) | Progress(text=text):
            return text
        case Fields(pairs=pairs):
            widest = max((_width(_plain(name)) for name, _ in pairs), default=0)
            return "\n".join(
                f"{name}:{' ' * (widest - _width(_plain(name)))} {value}" for name, value in pairs
            )
        case Table(columns=columns, rows=rows):
            return table(columns, rows)
        case Notice(level=level, text=text):
            return f"{_SIGNS[level]} {text}"
        case Chart(title=title, words=words):
            return f"{title}\n{words}"
        case File(text=text):
            return text
        case Choices(text=text, choices=choices):
            return _list(text, (f"{choice.label}: infra ask {quote(choice.line)}" for choice in choices))
        case _:
            assert_never(block)


def _list(title: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"{title}\n{indent(body, '  ')}" if body else ""


def _steps(plan: Plan, status: Status) -> Iterator[str]:
    begun = bool(status.steps)
    for n, change in enumerate(plan.changes):
        step = status.step("apply", n)
        detail = f": {step.detail}" if step.detail else ""
        yield f"{_MARKS[step.outcome] if begun else f'{n + 1}.'} {change.words or change.target}{detail}"


def _facts(request: Request) -> Iterator[str]:
    plan = request.plan
    yield from plan.notes
    if request.protected:
        yield f"Protected: {'; '.join(request.protected)}."
    if plan.lasts is not None:
        yield f"Ends {spell(plan.lasts)} after approval."
    if request.wait:
        yield f"After approval there is a pause of {spell(request.wait)}: any organiser can stop it."


def _standing(request: Request, status: Status, situation: Situation) -> str:
    if status.state is not State.PENDING:
        said = status.state.value.capitalize()
        return f"{said}. `infra ask 'requests {request.number}'` shows how it goes on."
    more = approval.missing(request, status, situation)
    number = "One owner decides" if more == 1 else f"{more} owners decide"
    until = moment(request.expires_at, situation.zone)
    return (
        f"{number}, in Slack: {listed(approval.who_can(request, status, situation))}.\n"
        f"Open until {until}. After that nothing happens."
    )


def _plain(text: str) -> str:
    """Return *text* without bold marks and without what would steer a terminal."""
    safe = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf"})
    return _BOLD.sub(r"\1", safe)


def _width(text: str) -> int:
    """Return how many columns *text* takes."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )
