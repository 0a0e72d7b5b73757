"""Drift: what is live at a vendor against what was last accepted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from bot.core.baseline import Brought, Kept, Key, Live, Those, Watch, key
from bot.core.bound import Bound
from bot.core.change import Change
from bot.core.values import Json, Value
from bot.core.vendor import Reach

SETTLING = timedelta(minutes=1)  # in which a vendor may still show what was before a change of ours


class Difference(Value):
    """Something that is not as it was accepted: *change* leads from there to what is live.

    Its *number* is no other's, ever. *by* is who did it, as the vendor says;
    *alarm* which guard it goes against. *settled* says what became of it.
    """

    number: int
    change: Change
    since: datetime
    by: str = ""
    alarm: str = ""
    settled: str = ""
    settled_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Return what names its target."""
        return key(self.change.resource, self.change.target)

    def tells(self, change: Change) -> bool:
        """Return whether *change* is this difference."""
        mine = self.change
        return (mine.before, mine.after) == (change.before, change.after) and self.key == key(
            change.resource, change.target
        )


class Drift(Value):
    """An episode in which a vendor was not as accepted: it ends when all differences are settled.

    *seq* counts how often it changed.
    """

    vendor: str
    episode: int
    seq: int = 0
    since: datetime
    differences: tuple[Difference, ...] = ()

    @property
    def open(self) -> tuple[Difference, ...]:
        """Return what differs now."""
        return tuple(each for each in self.differences if not each.settled)

    def plus(self, new: Sequence[Difference]) -> "Drift":
        """Return this episode with *new* differences."""
        differences = (*self.differences, *new)
        return self.model_copy(update={"differences": differences, "seq": self.seq + bool(new)})

    def settle(self, how: Mapping[int, str], at: datetime) -> "Drift":
        """Return this episode with what became of differences, by number."""
        differences = tuple(
            each.model_copy(update={"settled": how[each.number], "settled_at": at})
            if each.number in how
            else each
            for each in self.differences
        )
        return self.model_copy(update={"differences": differences, "seq": self.seq + bool(how)})


class Watched(Value):
    """One vendor as ``drift`` shows it.

    *drift* is the newest episode, *away* why the vendor could not be looked at
    now, *fresh* that its baseline was made only just now.
    """

    vendor: str
    seeded_at: datetime | None = None
    looked_at: datetime | None = None
    fresh: bool = False
    away: str = ""
    drift: Drift | None = None


class Found(Value):
    """What comparing finds: *changes* since it was accepted, what to accept *quietly*, and what not to judge.

    *passed* are targets at which something of ours is under way, or was a
    moment ago, and those that cannot be seen.
    """

    changes: tuple[Change, ...] = ()
    quietly: Mapping[Key, Json | None] = {}
    passed: frozenset[Key] = frozenset()


def compare(
    watch: Watch, kept: Sequence[Kept], live: Live, bound: Mapping[str, Bound], now: datetime
) -> Found:
    """Return how *live* differs from what was *kept*, by resource and target."""
    rows = {key(row.resource, row.target): row for row in kept}
    there = {key(*named): state for named, state in live.states.items()}
    spelled = {named: (row.resource, row.target) for named, row in rows.items()}
    spelled |= {key(*named): named for named in live.states}
    passing = [*live.unseen, *_brought((row for row in kept if row.going and not row.unsure), bound)]
    came = [row for row in kept if row.unsure and _came(row, there, bound)]
    ours = {key(row.resource, row.target) for row in came}
    brought = _brought(came, bound)
    changes: list[Change] = []
    quietly: dict[Key, Json | None] = {}
    passed: set[Key] = set()
    for named, (resource, target) in sorted(spelled.items()):
        row, is_now = rows.get(named), there.get(named)
        was = row.state if row else None
        if (row and _ours(row, now)) or not live.knows(named) or any(each.hold(named) for each in passing):
            passed.add(named)
        elif was == is_now:
            continue
        elif row is None and any(each.hold(named) for each in watch.unseen):
            quietly[resource, target] = is_now  # seen for the first time
        elif named in ours or any(each.hold(named) for each in brought):
            quietly[resource, target] = is_now  # done by us, as it turns out
        elif change := bound[resource].drift(target, was, is_now):
            changes.append(change)
        elif was and was.get("pending"):
            quietly[resource, target] = is_now  # accepted, or it ran out
    return Found(changes=tuple(changes), quietly=quietly, passed=frozenset(passed))


def still_unseen(before: Sequence[Those], now: Sequence[Those]) -> tuple[Those, ...]:
    """Return what could not be seen *before* and cannot *now*."""
    both = [each for each in now if each.within(before)] + [each for each in before if each.within(now)]
    return tuple(dict.fromkeys(both))


def _ours(row: Kept, now: datetime) -> bool:
    """Return whether a change of ours is under way at a target, or was a moment ago."""
    going = row.going is not None and not row.unsure
    return going or (row.touched_at is not None and now < row.touched_at + SETTLING)


def _came(row: Kept, there: Mapping[Key, Json], bound: Mapping[str, Bound]) -> bool:
    """Return whether what a change of ours may have left is there now."""
    live = there.get(key(row.resource, row.target))
    return bound[row.resource].reached(live, row.left) is not Reach.NO


def _brought(rows: Iterable[Kept], bound: Mapping[str, Bound]) -> list[Brought]:
    """Return what changes of ours bring about elsewhere."""
    return [each for row in rows for each in bound[row.resource].brings(row.target, row.left)]


def ranges(numbers: Iterable[int], most: int = 1500) -> str:
    """Return numbers as they can be said, "3 5-8": the first of them that take *most* letters."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = (str(first) if first == last else f"{first}-{last}" for first, last in runs)
    room = accumulate(said, lambda all_, each: f"{all_} {each}")
    return next((each for each in reversed([*room]) if len(each) <= most), "")
