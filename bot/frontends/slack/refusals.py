"""Private refusals: what did not happen, the rule, who could, and the next step in one tap."""

from bot.core.duration import hour, moment
from bot.core.errors import AlreadyDecided, BotError, Expired, NotAllowed
from bot.core.people import Person
from bot.core.status import State
from bot.core.values import Json
from bot.frontends.slack import kit, note
from bot.frontends.slack.kit import Message
from bot.frontends.slack.wording import Case
from bot.workflow.moments import reminders

_WHO = {"all": "all owners are", "two": "two owners are", "last": "all owners are"}


def refusal(error: BotError, case: Case, person: Person) -> Message:
    """Return why *person*'s press on a request did nothing, and what they can do instead."""
    said = f"*{error.message}* {error.hint}"
    if isinstance(error, NotAllowed) and case.status.state is State.PENDING:
        said = f"{said} {next_round(case)}"
    return kit.said(said.strip(), *_ways_on(error, case, person))


def trouble(error: BotError) -> Message:
    """Return what went wrong, and the next step."""
    return kit.message(error.message, [kit.section(f"*{error.message}*\n{error.hint}".strip())])


def next_round(case: Case) -> str:
    """Return when owners are asked next without anybody's doing."""
    situation = case.situation
    rounds = reminders(case.request, situation.policy, situation.zone)
    ahead = next(((stage, at) for stage, at in rounds if at > situation.now), None)
    if ahead is None:
        return ""
    stage, at = ahead
    soon = (at - situation.now).days == 0
    when = f"at {hour(at, situation.zone)}" if soon else moment(at, situation.zone)
    return f"{_WHO[stage].capitalize()} asked {when}."


def _ways_on(error: BotError, case: Case, person: Person) -> list[Json]:
    if isinstance(error, Expired):
        return [note.again(case)]
    if case.status.state is not State.PENDING:
        return []
    if isinstance(error, AlreadyDecided):
        return [kit.button("Take back my approval", "take_back", case.value)]
    if not isinstance(error, NotAllowed):
        return []
    if person.name == case.request.requested_by.name:
        return [kit.button("Ask them", "remind", case.value), note.withdraw(case)]
    return [kit.button("Ask now", "remind", case.value)]
