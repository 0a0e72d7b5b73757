"""What moved between two bills of different days. What only the exchange rates moved is no news."""

from collections.abc import Iterator

from bot.core.costs import Bill, Line


def moved(now: Bill, then: Bill) -> tuple[str, ...]:
    """Return what costs something else than *then*, a line each."""
    return tuple(
        _moved({line.vendor: line for line in now.lines}, {line.vendor: line for line in then.lines})
    )


def _moved(now: dict[str, Line], then: dict[str, Line]) -> Iterator[str]:
    for vendor, line in now.items():
        was = then.get(vendor)
        if was is None:
            yield f"*{line.title}:* {line.span} a year, new on the bill"
        elif line.said != was.said and line.span != was.span:
            yield f"*{line.title}:* {line.span} a year (was: {was.span})"
    yield from (
        f"*{line.title}:* on the bill no more (was: {line.span} a year)"
        for vendor, line in then.items()
        if vendor not in now
    )


def difference(now: Bill, then: Bill) -> str:
    """Return how much more or less all costs *now*, at least, in words."""
    if now.least == then.least:
        return "as much as"
    more = then.least < now.least
    return f"{now.least - then.least} more than" if more else f"{then.least - now.least} less than"
