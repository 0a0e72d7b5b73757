"""What is still there although a grant ended, or should have."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.change import Change
from bot.core.duration import moment
from bot.core.people import listed
from bot.core.reply import Choice, Choices, Notice, Reply, Table
from bot.core.values import Value


class Left(Value):
    """One thing left over by the grant of request *number*.

    *change* leads from what is live to what should be there since *ended_at*.
    *same* says that live is exactly what was granted; *owed* besides that its
    end, approved with it, was not carried out, so that it may be tried again;
    *trying* that it is being carried out, still or again. *unseen* is why the
    vendor lets nobody look there: then it is only known what should be.
    """

    request: str
    number: int
    ended_at: datetime
    change: Change
    same: bool
    owed: bool = False
    trying: bool = False
    unseen: str = ""

    @property
    def removable(self) -> bool:
        """Return whether a plan can take it away."""
        return not (self.trying or self.unseen)

    @property
    def key(self) -> str:
        """Return what tells this from everything else that is left."""
        return f"{self.request} {self.change.resource} {self.change.target}{' ?' if self.unseen else ''}"


def told(lefts: Sequence[Left], zone: ZoneInfo) -> Reply:
    """Return what is left over in words, with the line that asks for its removal."""
    if not lefts:
        good = Notice(level="good", text="Each was looked at just now.")
        return Reply(title="Nothing is left of grants that ended", blocks=(good,))
    rows = tuple(
        (f"#{left.number}", left.change.words, f"ended {moment(left.ended_at, zone)}", _how(left))
        for left in lefts
    )
    table = Table(columns=("#", "What should have happened at its end", "When", "Now"), rows=rows)
    removal = Choice(label="Plan the removal", line="leftovers remove")
    nothing = "Nothing is taken away unasked: the removal is a plan, and an owner decides."
    ways = [Choices(text=nothing, choices=(removal,))] if any(left.removable for left in lefts) else []
    seen = [left for left in lefts if not left.unseen]
    numbers = listed(dict.fromkeys(f"#{left.number}" for left in seen or lefts), "and")
    title = f"Access is left over from {numbers}" if seen else f"I cannot see whether {numbers} left access"
    return Reply(title=title, blocks=(table, *ways))


def _how(left: Left) -> str:
    if left.unseen:
        return f"please look: {left.unseen}"
    if left.trying:
        return "its end, approved with it, is being tried"
    return "still as it was granted" if left.same else "not what was granted any more"
