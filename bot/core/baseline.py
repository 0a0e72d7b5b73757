"""The baseline: what we last saw and accepted at a vendor, target by target, and what is there now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from bot.core.values import Json, Value

ACCEPTED = "baseline.accepted"  # the resource whose targets are RESOURCE/TARGET

Key: TypeAlias = tuple[str, str]
Folded = Annotated[str, AfterValidator(str.casefold)]


def key(resource: str, target: str) -> Key:
    """Return what names a target whatever its case."""
    return resource, target.casefold()


class Those(Value):
    """Targets of one resource whose names fit a glob."""

    resource: str
    targets: str

    def hold(self, other: Key) -> bool:
        """Return whether a target is one of them."""
        return self.resource == other[0] and fnmatchcase(other[1], self.targets.casefold())

    def within(self, others: "Iterable[Those]") -> bool:
        """Return whether they are all among *others*."""
        return any(other.hold(key(self.resource, self.targets)) for other in others)


class Brought(Those):
    """What a change brings about elsewhere by itself: *after* None means that those targets are gone."""

    after: Json | None = None


class Live(Value):
    """What is there now at a vendor, of the resources that are kept in the baseline.

    *states* are by resource and target, as changes hold them. *unseen* is what could not be seen this
    time, or means nothing: it is never taken for deleted. *places* are, by resource, the first parts of the
    targets that were looked at, where a vendor may hide others: of those nothing is known.
    """

    states: Mapping[Key, Json]
    unseen: tuple[Those, ...] = ()
    places: Mapping[str, frozenset[Folded]] = {}

    def knows(self, target: Key) -> bool:
        """Return whether a target is, or would be, where was looked."""
        places = self.places.get(target[0])
        return places is None or target[1].partition("/")[0] in places


class Kept(Value):
    """One target in the baseline; *state* None: it was accepted that it is absent.

    *going* holds what a change of ours that is under way will leave, or what one may have left of which
    nobody knows (*unsure*); *touched_at* when one last changed it.
    """

    resource: str
    target: str
    state: Json | None = None
    going: Json | None = None
    touched_at: datetime | None = None

    @property
    def unsure(self) -> bool:
        """Return whether nobody knows what came of a change of ours."""
        return self.going is not None and bool(self.going.get("unsure"))

    @property
    def left(self) -> Json | None:
        """Return what a change of ours will leave, or may have left."""
        after = self.going["after"] if self.going else None
        return after if isinstance(after, dict) else None


class Said(Value):
    """Whom a vendor named as having changed something, and when."""

    by: str
    at: datetime


class Watch(Value):
    """What is remembered of looking at one vendor.

    *version* counts what touched its baseline; *seeded_at* is None as long as there is none. *unseen* is
    what could never be seen so far. *says* holds by name whom the vendor named as having changed it.
    """

    vendor: str
    version: int = 0
    seeded_at: datetime | None = None
    looked_at: datetime | None = None
    due_at: datetime
    unseen: tuple[Those, ...] = ()
    says: Mapping[str, Said] = {}
