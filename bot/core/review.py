"""A review, in which everybody is asked whether they still help: what its journal lines add up to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from pydantic import Field

from bot.core.event import Event, Kind
from bot.core.values import Value

SUBJECT = "review"
LINES = 500  # of the newest review and more
LEAST = timedelta(days=2)  # that people get to answer, however late they were asked
Stage: TypeAlias = Literal["ask", "remind", "close"]


class Terms(Value):
    """What a review is begun with: who began it, when what happens, who is asked, and what they hold.

    *strangers* can push, and are not in our people: nobody can ask them.
    """

    by: str
    asks_at: datetime
    reminds_at: datetime
    closes_at: datetime
    holds: dict[str, tuple[str, ...]]
    strangers: tuple[str, ...] = ()


class Answer(Value):
    """What was said of one person, by whom, and when."""

    helps: bool
    by: str
    at: datetime


class Review(Value):
    """A review as it stands.

    *seq* is its last line. *unreached* says of whom, and why, Slack does not let
    us ask. At its close *number* and *request* name the request that was filed
    and *planned* whom it takes access from; *said* tells why there is none.
    """

    id: str
    seq: int
    at: datetime
    terms: Terms
    answers: dict[str, Answer] = Field(default_factory=dict)
    unreached: dict[str, str] = Field(default_factory=dict)
    asked_at: datetime | None = None
    reminded: tuple[str, ...] | None = None
    closed_at: datetime | None = None
    stopped_at: datetime | None = None
    request: str = ""
    number: int = 0
    planned: tuple[str, ...] = ()
    said: str = ""

    @property
    def runs(self) -> bool:
        """Return whether answers are still waited for."""
        return self.closed_at is None and self.stopped_at is None

    @property
    def closes_at(self) -> datetime:
        """Return when it closes: as it was begun, but not before people had time to answer."""
        return max(self.terms.closes_at, (self.asked_at or self.terms.asks_at) + LEAST)

    @property
    def helping(self) -> tuple[str, ...]:
        """Return of whom it was said that they still help."""
        return tuple(name for name, answer in self.answers.items() if answer.helps)

    @property
    def leaving(self) -> tuple[str, ...]:
        """Return who wants to be removed."""
        return tuple(name for name, answer in self.answers.items() if not answer.helps)

    @property
    def silent(self) -> tuple[str, ...]:
        """Return of whom nobody said anything yet."""
        return tuple(name for name in self.terms.holds if name not in self.answers)

    @property
    def late(self) -> tuple[str, ...]:
        """Return who is in the plan although it was said since that they still help."""
        return tuple(name for name in self.planned if name in self.helping)

    def due(self, now: datetime) -> Stage | None:
        """Return what is to happen by *now*."""
        if not self.runs or now < self.terms.asks_at:
            return None
        if self.asked_at is None:
            return "ask"
        if now >= self.closes_at:
            return "close"
        return "remind" if self.reminded is None and now >= self.terms.reminds_at and self.silent else None


def fold(events: Iterable[Event]) -> Review | None:
    """Return the newest review that the lines of `SUBJECT` add up to."""
    review: Review | None = None
    for event in events:
        if event.kind is Kind.BEGUN:
            terms = Terms.model_validate(event.payload["terms"])
            review = Review(id=f"review:{event.n}", seq=event.seq, at=event.at, terms=terms)
        elif review is not None:
            review = review.model_copy(update={"seq": event.seq, **_after(review, event)})
    return review


def _after(review: Review, event: Event) -> dict[str, object]:
    said = event.payload
    match event.kind:
        case Kind.REMINDED if said["stage"] == "ask":
            return {"asked_at": event.at}
        case Kind.REMINDED:
            return {"reminded": tuple(str(said["names"]).split())}
        case Kind.NOTED:
            return {"unreached": review.unreached | {str(said["name"]): str(said["text"])}}
        case Kind.ANSWERED:
            answer = Answer(helps=bool(said["helps"]), by=event.actor.name, at=event.at)
            return {"answers": review.answers | {str(said["name"]): answer}}
        case Kind.ENDED:
            planned = tuple(str(said["names"]).split())
            filed = {"request": said["request"], "number": said["number"], "planned": planned}
            return {"closed_at": event.at, "said": said["text"], **filed}
        case _:  # stopped
            return {"stopped_at": event.at}
