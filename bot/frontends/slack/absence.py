"""The line in the approvals channel that says what happened while the bot was away."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.core.duration import hour, moment
from bot.core.values import Json
from bot.frontends.slack import kit
from bot.frontends.slack.posts import Posts
from bot.store import Store
from bot.workflow.absence import Absence, became


async def tell(payload: Json, store: Store, posts: Posts, channel: str, zone: ZoneInfo) -> None:
    """Post what an absence did, once; nothing when it was short and did nothing."""
    absence = await became(store, payload)
    if absence.worth_telling:
        await posts.tell(f"absence:{absence.until.isoformat()}", channel, kit.said(line(absence, zone)))


def line(absence: Absence, zone: ZoneInfo) -> str:
    """Return the line: "Away 02:10 to 06:40: one grant ended 3 h late; 2 commands waited."."""
    same_day = absence.since.astimezone(zone).date() == absence.until.astimezone(zone).date()
    shown = hour if same_day else moment
    when = f"{shown(absence.since, zone)} to {shown(absence.until, zone)}"
    return f"Away {when}: {'; '.join(_happened(absence)) or 'nothing ended late, no command waited'}."


def _happened(absence: Absence) -> list[str]:
    late, unended, waited = len(absence.late), absence.unended, absence.commands
    longest = _short(max(absence.late, default=timedelta(0)))
    up_to = "up to " if late > 1 else ""
    said = {
        f"{_counted(late, 'grant')} ended {up_to}{longest} late": late,
        f"{_counted(unended, 'grant')} {'has' if unended == 1 else 'have'} yet to end": unended,
        f"{_counted(waited, 'command')} waited": waited,
    }
    return [words for words, count in said.items() if count]


def _counted(count: int, noun: str) -> str:
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def _short(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} days"
