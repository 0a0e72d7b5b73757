"""Which differences somebody means: numbers, names, or all."""

import re
from collections.abc import Sequence
from typing import Annotated

from bot.core.command import Arg, Context
from bot.core.drift import Difference, ranges
from bot.core.duration import moment
from bot.core.errors import Refused, UsageError
from bot.core.names import suggestion
from bot.core.values import Value
from integrations import VENDORS

ALL = "all"
TITLES = {vendor.name: vendor.title for vendor in VENDORS}
_NUMBERS = re.compile(r"#?(\d{1,9})(?:-(\d{1,9}))?")


class Args(Value):
    """Which of what differs; the only one when none is said."""

    which: Annotated[tuple[str, ...], Arg("WHICH", positional=True, label="Numbers, names, or all")] = ()


async def chosen(args: Args, ctx: Context) -> list[Difference]:
    """Return the differences that are meant; Refused when they are settled, with who did it."""
    told = [each for watched in await ctx.watched() if watched.drift for each in watched.drift.differences]
    now = [each for each in told if not each.settled]
    found = [each for each in now if any(_meant(each, word) for word in args.which)]
    if found:
        return found
    settled = [each for each in told if each.settled and any(_meant(each, word) for word in args.which)]
    if settled:
        last = max(settled, key=lambda each: each.settled_at or each.since)
        at = moment(last.settled_at or last.since, ctx.organisation.zone)
        others = f" So are {len(settled) - 1} more." if len(settled) > 1 else ""
        raise Refused(f"{last.number} is settled already: {last.settled}, {at}.{others}", "Nothing happened.")
    if not now:
        raise Refused("Everything is as it was last accepted.", "Nothing is left to do.")
    if not args.which and len(now) == 1:
        return now
    names = [name for each in now for name in _names(each)]
    hint = next((near for word in args.which if (near := suggestion(word, names))), None)
    what = f"Nothing that differs is called {' '.join(args.which)}." if args.which else "Say which."
    raise UsageError(what, hint or f"Their numbers ({ranges(each.number for each in now)}), names, or `all`.")


def _meant(difference: Difference, word: str) -> bool:
    if found := _NUMBERS.fullmatch(word):
        first, last = int(found[1]), int(found[2] or found[1])
        return first <= difference.number <= last
    return word.casefold() in {ALL, *_names(difference)}


def _names(difference: Difference) -> Sequence[str]:
    target, vendor = difference.change.target.casefold(), difference.change.vendor
    return (vendor, target, *target.split("/"))


def title(vendor: str) -> str:
    """Return what people call a vendor."""
    return TITLES.get(vendor, vendor)


def says(difference: Difference) -> str:
    """Return who did it as far as the vendor told, in words; empty when it did not."""
    return f"{difference.by}, {title(difference.change.vendor)} says" if difference.by else ""
