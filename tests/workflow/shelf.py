"""A small vendor for these tests: boxes that hold things, notes of our own, keys that must not run out."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise

from bot.core.baseline import Brought, Live, Those
from bot.core.change import Change, Sought
from bot.core.errors import Denied, OutcomeUnknown, Rejected, Unavailable, VendorError
from bot.core.run import Run, Stage, run_of
from bot.core.values import Value
from bot.core.vendor import Concerns, Look, Reach, Resource, Together
from bot.http.network import latest, uptime


class Box(Value):
    """What a box holds; *pending*: once its keeper accepts, of which *stage* says how far it is."""

    holds: str
    pending: bool = False
    stage: str = ""


class Fault(Enum):
    """How one write goes wrong: before anything happened, or after everything did."""

    NONE = "none"
    UNAVAILABLE = "unavailable"
    REJECTED = "rejected"
    REJECTED_AS_DONE = "rejected, though it is so"
    DENIED = "denied"
    LOST_BEFORE = "lost before"
    LOST_AFTER = "lost after"
    LOST_MEDDLED = "lost after, and changed at once by somebody else"
    MEDDLED = "done, and changed at once by somebody else"


_BEFORE: dict[Fault | None, VendorError] = {
    Fault.UNAVAILABLE: Unavailable("shelf", "The shelf asks us to wait."),
    Fault.REJECTED: Rejected("shelf", "The shelf says no.", "Ask it nicely."),
    Fault.DENIED: Denied("shelf", "The token lacks `boxes:write`."),
    Fault.LOST_BEFORE: OutcomeUnknown("shelf", "The shelf's answer is lost."),
}


class Shelf:
    """Keeps boxes; its switches make it as bad as vendors are.

    *spend* is called before and after whatever is done: a test may kill there.
    *down* refuses everything; *looks* says of the next reads whether they are
    answered (None) or with which error they fail. *lag* is the number of reads
    that still see what was there before the last write. *outside* is what the next looks from outside find.
    *invites*: what is put in waits until `accept`. *precious*: all is protected.
    *locked*: all is refused. *unseen* are boxes that a look at all of them does not show.
    """

    def __init__(self, spend: Callable[[], None]) -> None:
        self._spend = spend
        self.boxes: dict[str, Box] = {}
        self.writes: list[str] = []
        self.at_once: list[int] = []  # how many were written together, each time
        self.sent: list[tuple[float, float]] = []  # when, and by when at the latest
        self.faults: deque[Fault] = deque()
        self.down: VendorError | None = None
        self.looks: deque[VendorError | None] = deque()
        self.outside: deque[Look] = deque()
        self.lag = 0
        self.invites = False
        self.precious = False
        self.locked = False
        self.unseen: tuple[Those, ...] = ()
        self._stale: tuple[int, dict[str, Box]] = (0, {})

    async def get(self, target: str) -> Box | None:
        """Return what a box holds."""
        return self._look().get(target)

    def _look(self) -> Mapping[str, Box]:
        self._spend()
        if self.down:
            raise self.down
        if self.looks and (error := self.looks.popleft()):
            raise error
        left, old = self._stale
        if left:
            self._stale = (left - 1, old)
            return old
        return self.boxes

    async def put(self, target: str, box: Box | None) -> None:
        """Fill or empty a box."""
        self._spend()
        if self.down:
            raise self.down
        self.sent.append((uptime(), latest()))
        fault = self.faults.popleft() if self.faults else None
        if fault in _BEFORE:
            raise _BEFORE[fault]
        self._store(target, box)
        self._spend()
        if fault in {Fault.MEDDLED, Fault.LOST_MEDDLED}:
            self.boxes[target] = Box(holds="fig")
        if fault in {Fault.LOST_AFTER, Fault.LOST_MEDDLED}:
            raise _BEFORE[Fault.LOST_BEFORE]
        if fault is Fault.REJECTED_AS_DONE:
            raise Rejected("shelf", "That is so already.")

    async def get_all(self, targets: Sequence[str]) -> Mapping[str, Box | None]:
        """Return what boxes hold, in one look."""
        found = self._look()
        return {target: found.get(target) for target in targets}

    async def put_all(self, boxes: Mapping[str, Box | None]) -> Mapping[str, VendorError]:
        """Fill or empty boxes; return what went wrong with each."""
        self.at_once.append(len(boxes))
        before, errors = dict(self.boxes), dict[str, VendorError]()
        for target, box in boxes.items():
            try:
                await self.put(target, box)
            except VendorError as error:
                errors[target] = error
        self._stale = (self.lag, before)
        return errors

    def _store(self, target: str, box: Box | None) -> None:
        self.writes.append(f"{target}={box.holds if box else ''}")
        self._stale = (self.lag, dict(self.boxes))
        if box is None:
            self.boxes.pop(target, None)
        else:
            self.boxes[target] = box.model_copy(update={"pending": self.invites})

    def accept(self, target: str) -> None:
        """Have the keeper of a box accept what waits there."""
        self.boxes[target] = self.boxes[target].model_copy(update={"pending": False})

    async def live(self, kind: str = "shelf.box") -> Live:
        """Return what all boxes hold."""
        if self.down:
            raise self.down
        states = {(kind, name): box.model_dump(mode="json") for name, box in self.boxes.items()}
        seen = {name: box for name, box in states.items() if not any(each.hold(name) for each in self.unseen)}
        return Live(states=seen, unseen=self.unseen)

    @property
    def holds(self) -> dict[str, str]:
        """Return what each box holds."""
        return {target: box.holds for target, box in sorted(self.boxes.items())}


@dataclass
class Ring:
    """A bell that rings: which, with what mark, since when, and how far it is."""

    bell: str
    marker: str
    at: datetime
    stage: Stage = Stage.UNDER_WAY
    text: str = ""


class Belfry:
    """Rings bells, which nobody can unring; *marks*: it keeps what mark a ring carries, *tells*: its number.

    *faults* and *looks* are as a shelf's; *deaf* is the number of looks that do not hear the last ring.
    """

    def __init__(self, spend: Callable[[], None], clock: Callable[[], datetime]) -> None:
        self._spend, self._clock = spend, clock
        self.rings: list[Ring] = []
        self.faults: deque[Fault] = deque()
        self.marks = self.tells = True
        self.deaf = 0

    def ring(self, bell: str, marker: str = "") -> int:
        """Ring, as somebody at the rope does."""
        self.rings.append(Ring(bell, marker, self._clock()))
        return len(self.rings)

    async def start(self, bell: str, marker: str) -> str:
        """Ring for us."""
        self._spend()
        fault = self.faults.popleft() if self.faults else None
        if fault in _BEFORE:
            raise _BEFORE[fault]
        number = self.ring(bell, marker if self.marks else "")
        self._spend()
        if fault is Fault.LOST_AFTER:
            raise _BEFORE[Fault.LOST_BEFORE]
        return str(number) if self.tells else ""

    async def find(self, bell: str, sought: Sought) -> Sequence[Run]:
        """Return the rings that may be the one sought."""
        self._spend()
        self.deaf, deaf = max(self.deaf - 1, 0), self.deaf > 0
        heard = enumerate(self.rings[: -1 if deaf else None], 1)
        if sought.run:
            return [_rung(n, ring) for n, ring in heard if str(n) == sought.run]
        return [
            _rung(n, ring)
            for n, ring in heard
            if ring.bell == bell and ring.at >= sought.since and ring.marker in {sought.marker, ""}
        ]


def _rung(number: int, ring: Ring) -> Run:
    link = f"https://bells.example/{number}"
    return Run(id=str(number), stage=ring.stage, name=f"Ring {number}", text=ring.text, link=link)


def _reached(live: Box | None, after: Box | None) -> Reach:
    if live is None or after is None or live.holds != after.holds:
        return Reach.YES if live == after else Reach.NO
    return Reach.YES if live.pending == after.pending else Reach.UNDER_WAY


def _say(target: str, before: Box | None, after: Box | None) -> str:
    def said(box: Box | None) -> str:
        return box.holds if box else "nothing"

    return f"{target} holds {said(after)} (now: {said(before)})"


def _waiting(target: str, live: Box | None, until: str) -> str:
    stage = f" ({live.stage})" if live and live.stage else ""
    return f"{target} waits for its keeper{stage} until {until}"


def _brings(target: str, after: Box | None) -> tuple[Brought, ...]:
    """Return that a chest has a lid, and nothing in it once it is gone."""
    if not target.startswith("chest"):
        return ()
    if after is None:
        return (Brought(resource="shelf.box", targets=f"{target}/*"),)
    lid = Box(holds="lid", pending=True).model_dump(mode="json")
    return (Brought(resource="shelf.box", targets=f"{target}/lid", after=lid),)


async def _seen(shelf: Shelf, _change: Change) -> Look:
    """Return how the next look from outside finds it; good when nothing else is said."""
    return shelf.outside.popleft() if shelf.outside else Look(good=True)


def _by_letter(change: Change) -> tuple[Change, ...]:
    """Return that a window is lettered anew a letter at a time."""
    before, after = (str(state["holds"]) if state else "" for state in (change.before, change.after))
    kept = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    shorter = [before[:n] for n in range(len(before), kept - 1, -1)]
    states = [*shorter, *(after[:n] for n in range(kept + 1, len(after) + 1))]
    boxes = [Box(holds=text).model_dump(mode="json") if text else None for text in states]
    return tuple(change.model_copy(update={"before": a, "after": b}) for a, b in pairwise(boxes))


async def _precious(shelf: Shelf, change: Change) -> Concerns:
    if shelf.down:
        raise shelf.down
    holds = {state["holds"] for state in (change.before, change.after) if state}
    return Concerns(
        protected="a crown" if shelf.precious or "crown" in holds else None,
        refused="Nobody touches the lamp." if "lamp" in holds or shelf.locked else None,
    )


async def _guarded(shelf: Shelf, change: Change) -> Concerns:
    await shelf.get(change.target)  # the guard reads live, so that it fails when the vendor does
    return Concerns(
        protected="keys" if shelf.precious else None,
        holders=frozenset(shelf.boxes),
        keeps=change.after is not None,
        existing=len(shelf.boxes),
    )


BOX = Resource(
    "shelf.box",
    Box,
    Shelf.get,
    Shelf.put,
    _say,
    reached=_reached,
    concerns=_precious,
    waiting=_waiting,
    awaits=lambda _shelf, target: (f"keeper-of-{target}", f"https://shelf.example/{target}"),
    kept=True,
    brings=_brings,
)
JAR = Resource(
    "shelf.jar",
    Box,
    Shelf.get,
    Shelf.put,
    _say,
    reached=_reached,
    concerns=_precious,
    together=Together(Shelf.get_all, Shelf.put_all, about=lambda target: target.partition("/")[0]),
)
NOTE = Resource("notes.note", Box, Shelf.get, Shelf.put, _say, own=True)
WINDOW = Resource("panes.window", Box, Shelf.get, Shelf.put, _say, steps=_by_letter, outside=_seen)
KEY = Resource("keys.key", Box, Shelf.get, Shelf.put, _say, concerns=_guarded, exclusive=True, kept=True)
BELL = run_of("bells.bell", Belfry.start, Belfry.find, "{} rings".format)
