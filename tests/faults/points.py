"""Points at which a life can be cut off, named after what happens there; found without touching the product.

In the life: just before and just after each commit, named after what it writes. In the stand-in: when a call
arrives, before anything is done, and when it is done, before the answer leaves.
"""

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from bot.sandbox.faults import Fault, Faults, Kind
from tests.faults.forks import Life

Side = Literal["before", "after"]
WRITES = ("INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE ")


@dataclass(frozen=True)
class Point:
    """Before or after the *nth* time that *what* happens, counted from one in each life."""

    what: str
    nth: int
    side: Side

    def __str__(self) -> str:
        return f"{self.side} {self.what} ({self.nth})"


class Commits:
    """Tells *reached* of the points around each commit that wrote something."""

    def __init__(self, reached: Callable[[Point], None]) -> None:
        self._reached = reached
        self._seen: Counter[str] = Counter()

    def watch(self) -> None:
        """Watch every database of this process from now on."""
        event.listen(Engine, "before_cursor_execute", self._written)
        event.listen(Engine, "commit", self._before)
        event.listen(Engine, "rollback", self._dropped)
        event.listen(Pool, "checkin", self._after)

    def _written(self, connection: Connection, _cursor: Any, statement: str, *rest: Any) -> None:
        context = rest[1]
        words = statement.split()
        if not statement.lstrip().startswith(WRITES) or not words:
            return
        what = words[1] if words[0] == "UPDATE" else words[2].partition("(")[0]
        if what == "journal":
            what = context.compiled_parameters[0]["kind"]
        connection.info.setdefault("wrote", []).append(what)

    def _before(self, connection: Connection) -> None:
        what = name(connection.info.pop("wrote", []))
        if what:
            self._seen[what] += 1
            connection.info["commits"] = what, self._seen[what]
            self._reached(Point(what, self._seen[what], "before"))

    def _dropped(self, connection: Connection) -> None:
        connection.info.pop("wrote", None)

    def _after(self, _connection: Any, record: Any) -> None:
        what, nth = record.info.pop("commits", ("", 0))
        if what:
            self._reached(Point(what, nth, "after"))


def name(wrote: list[str]) -> str:
    """Return what a transaction is called: its journal lines, or else the tables it changes."""
    tables = {"requests", "numbers", "journal_head", "jobs", "procrastinate_jobs"}
    lines = [what for what in dict.fromkeys(wrote) if what not in tables]
    return f"commit of {' and '.join(lines or sorted(set(wrote)))}" if wrote else ""


@dataclass
class Ambush(Fault):
    """Strikes at one call: when it arrives, or when it is done and its answer is about to leave.

    To the stand-in it is a fault that is switched on.
    """

    point: Point = Point("", 1, "before")
    strike: Callable[[], None] = lambda: None
    seen: int = 0

    def holds(self, called: str) -> bool:
        """Return whether this is the call; strike now unless the call is to be done first."""
        if called != self.point.what:
            return False
        self.seen += 1
        if self.seen == self.point.nth and self.kind is not Kind.LOST:
            self.strike()
        return self.seen == self.point.nth


def kill_at(faults: Faults, point: Point, life: Life) -> None:
    """Kill *life* at *point* of the calls that this stand-in gets: not done, or not answered."""
    kind = Kind.CUT if point.side == "before" else Kind.LOST
    ambush = Ambush(kind=kind, point=point, strike=partial(life.send, signal.SIGKILL))

    def told() -> None:
        if faults.calls and faults.calls[-1].fault is Kind.LOST:
            ambush.strike()

    faults.active = [ambush]
    faults.told = told


def signal_at(faults: Faults, point: Point, life: Life, number: signal.Signals) -> Ambush:
    """Send *life* a signal when a call arrives, which is done and answered all the same."""
    ambush = Ambush(kind=Kind.SLOW, seconds=0.0, point=point, strike=partial(life.send, number))
    faults.active = [ambush]
    return ambush


def calls(faults: Faults) -> list[tuple[float, Point]]:
    """Return the points of the calls that a stand-in got, and when."""
    seen: Counter[str] = Counter()
    found: list[tuple[float, Point]] = []
    for call in faults.calls:
        what = f"{call.method} {call.path.partition('?')[0]}"
        seen[what] += 1
        found.append((call.started, Point(what, seen[what], "before")))
        found.append((call.finished or call.started, Point(what, seen[what], "after")))
    return found
