"""What can change in our record: a year's sales, imported or taken back."""

from bot.core.tickets import Season
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
