"""The bot's home in Slack: what waits for somebody, and what they asked for."""

from collections.abc import Sequence

from bot.core.duration import moment
from bot.core.status import State
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.text import unmarked
from bot.frontends.slack.wording import Case

MOST = 10


def home(name: str, cases: Sequence[Case]) -> Json:
    """Return the home of *name*; *cases* are the open requests, newest first."""
    waiting = [case for case in cases if case.status.state is State.PENDING and name in case.deciders]
    mine = [case for case in cases if case.request.requested_by.name == name]
    return kit.home(
        [
            kit.header("What waits for you"),
            *kit.sections([_line(case) for case in waiting[:MOST]] or ["Nothing."]),
            kit.header("What you asked for"),
            *kit.sections([_line(case) for case in mine[:MOST]] or ["Nothing is open."]),
            kit.context("Say `/infra help` anywhere, or write to me in *Messages*."),
        ]
    )


def _line(case: Case) -> str:
    said = f"• *{case.number}* {unmarked(case.request.plan.title)}: {case.status.state.value}"
    if case.status.state is not State.PENDING:
        return said
    return f"{said}, open until {moment(case.request.expires_at, case.situation.zone)}"
