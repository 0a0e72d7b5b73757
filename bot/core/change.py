"""The one idea: every change is a value, (resource, target, before, after)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.core.people import Actor
from bot.core.values import Json, Value, sha256

UNDO_WITHIN = timedelta(hours=24)


class Action(StrEnum):
    """What a change does to its target."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    NONE = "none"


class Change(Value):
    """One target of one resource, before and after; ``None`` means absent.

    *words* say the same to a person. They are frozen with the change, so that
    what an owner read is what was approved.
    """

    resource: str
    target: str
    before: Json | None
    after: Json | None
    words: str = ""

    @property
    def action(self) -> Action:
        """Return what applying this change does."""
        if self.before == self.after:
            return Action.NONE
        if self.before is None:
            return Action.CREATE
        return Action.DELETE if self.after is None else Action.UPDATE

    @property
    def vendor(self) -> str:
        """Return the name of the vendor that holds the target."""
        return self.resource.partition(".")[0]


def merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return *changes* with those of one target as one: from what was before them to what is after them."""
    targets: dict[tuple[str, str], Change] = {}
    for change in changes:
        named = (change.resource, change.target)
        first = targets.get(named, change)
        targets[named] = change.model_copy(update={"before": first.before})
    return tuple(targets.values())


class Plan(Value):
    """What a command wants done: ordered changes, and everything a decider must know.

    *gains* and *losses* say who gets what, and who loses what (the blast radius);
    *notes* are further facts, *by_hand* is what people do beside it, where the bot
    cannot. A time-bound grant has *lasts* (from its approval) or *ends_at*, and *ending*:
    the changes carried out at its end. *on_failure* says what happens to the
    steps already done when a later one fails. *undoes* is the id of the request
    that this plan takes back; *back_within* is how long one tap takes this one back.
    """

    title: str
    changes: tuple[Change, ...]
    reason: str = ""
    gains: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    wide: bool = False
    lasts: timedelta | None = None
    ends_at: datetime | None = None
    ending: tuple[Change, ...] = ()
    run_at: datetime | None = None
    on_failure: Literal["leave", "restore"] = "leave"
    undoes: str = ""
    back_within: timedelta = UNDO_WITHIN

    @property
    def vendors(self) -> tuple[str, ...]:
        """Return the vendors this plan writes to, in order of first use."""
        return tuple(dict.fromkeys(change.vendor for change in (*self.changes, *self.ending)))

    def same_as(self, other: "Plan") -> bool:
        """Return whether both change the same, from the same state until the same end; reasons may differ."""
        said = {"title", "reason", "gains", "losses", "notes", "by_hand", "wide"}
        return self.model_dump(exclude=said) == other.model_dump(exclude=said)

    def end(self, approved_at: datetime) -> datetime | None:
        """Return when what this plan grants ends, if it does."""
        return approved_at + self.lasts if self.lasts is not None else self.ends_at


class Request(Value):
    """A filed plan: frozen, numbered, waiting for its owners.

    *needs* is the number of owners who must be involved, *protected* why it is
    more than one; *wait* is the pause between approval and applying. *line* is
    the command line, kept so that it can be asked again from a later state.
    """

    id: str
    number: int
    plan: Plan
    requested_by: Actor
    at: datetime
    expires_at: datetime
    needs: int = 1
    protected: tuple[str, ...] = ()
    wait: timedelta = timedelta(0)
    line: str = ""
    undoes: str | None = None

    @property
    def digest(self) -> str:
        """Return the SHA-256 over everything an owner approves.

        What is as it is by default is left out: a field that a later version adds must not change it.
        """
        return sha256(
            {
                "version": 1,
                "id": self.id,
                "needs": self.needs,
                "wait": self.wait.total_seconds(),
                "undoes": self.undoes,
                "requester": self.requested_by.name,
                "plan": self.plan.model_dump(mode="json", exclude_defaults=True),
            }
        )

    @property
    def short_digest(self) -> str:
        """Return the 12 hex digits a button carries."""
        return self.digest[:12]


class Awaited(Value):
    """Who must act before a step is done: their account at the vendor, where they do, and until when."""

    account: str
    link: str
    since: datetime
    until: datetime


class Sought(Value):
    """Which run of ours is looked for.

    The *marker*, derived from the request, is on it where the vendor keeps one; else it began at *since* at
    the earliest. *run* is the vendor's own name of it, once that is known.
    """

    marker: str
    since: datetime
    run: str = ""


class Outcome(StrEnum):
    """What became of one step."""

    DONE = "done"
    ALREADY_SO = "already_so"
    WAITING = "waiting"
    DRIFTED = "drifted"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def good(self) -> bool:
        """Return whether the target is now as planned."""
        return self in {Outcome.DONE, Outcome.ALREADY_SO}
