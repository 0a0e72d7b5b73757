"""What can change in our record: a year's sales, imported or taken back, and which event figures are of."""

from bot.core.tickets import Season
from bot.core.values import Value
from bot.core.vendor import Resource
from integrations.sales.reads import Record


async def _read(record: Record, target: str) -> Season | None:
    return await record.season(int(target))


async def _write(record: Record, target: str, after: Season | None) -> None:
    if after is None:
        await record.remove(int(target))
    else:
        await record.put(after)


def _say(target: str, before: Season | None, after: Season | None) -> str:
    return f"Ticket sales of *{target}*: {_sums(after)} (now: {_sums(before)})"


def _sums(season: Season | None) -> str:
    if season is None:
        return "nothing known"
    total = "how many is not known" if season.total is None else f"{season.total} sold"
    beside = f" and {season.beside} beside" if season.beside else ""
    curve = ", day by day" if season.days else ""
    return f"{total}{beside}, {len(season.kinds)} kinds{curve}"


SEASON = Resource("sales.season", Season, _read, _write, _say, own=True)


class Followed(Value):
    """Which *event* of a seller of tickets our figures are of."""

    event: str


async def _read_followed(record: Record, target: str) -> Followed | None:
    event = await record.followed(target)
    return None if event is None else Followed(event=event)


async def _write_followed(record: Record, target: str, after: Followed | None) -> None:
    await record.follow(target, after.event if after else None)


def _say_followed(_target: str, before: Followed | None, after: Followed | None) -> str:
    return f"Ticket figures and digests follow {_event(after)} (now: {_event(before)})"


def _event(followed: Followed | None) -> str:
    return f"event *{followed.event}*" if followed else "the event in the settings"


EVENT = Resource("sales.event", Followed, _read_followed, _write_followed, _say_followed, own=True)
