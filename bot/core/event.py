"""The journal's lines: one global hash chain of what was asked, decided and done."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from bot import verify
from bot.core.people import Actor
from bot.core.values import Json, Value
from bot.verify import GENESIS

__all__ = ["GENESIS", "Event", "Kind", "flaw"]


class Kind(StrEnum):
    """What a journal line says."""

    FILED = "filed"
    APPROVED = "approved"
    DENIED = "denied"
    TAKEN_BACK = "taken_back"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    EXPIRED = "expired"
    REMINDED = "reminded"
    APPLYING = "applying"
    STARTED = "started"
    OUTCOME = "outcome"
    FINISHED = "finished"
    UNDONE = "undone"
    SEEN = "seen"
    WARNED = "warned"
    ENDING = "ending"
    ENDED = "ended"
    REFUSED = "refused"
    SEEDED = "seeded"
    NOTED = "noted"
    SWEPT = "swept"
    KEPT = "kept"
    NOTICED = "noticed"
    COSTED = "costed"
    SOLD = "sold"
    SILENT = "silent"
    LACKED = "lacked"
    DANGLED = "dangled"
    BEGUN = "begun"
    ANSWERED = "answered"
    EXPORTED = "exported"
    RESTORED = "restored"


class Event(Value):
    """One journal line; *n* counts all lines, *seq* those of one subject."""

    n: int
    subject: str
    seq: int
    kind: Kind
    at: datetime
    actor: Actor
    payload: Json
    previous: str
    hash: str

    @classmethod
    def following(
        cls,
        previous: "tuple[int, str]",
        *,
        subject: str,
        seq: int,
        kind: Kind,
        at: datetime,
        actor: Actor,
        payload: Json,
    ) -> "Event":
        """Return the line after the head *previous* (its n and hash)."""
        n, head = previous
        bare = cls(
            n=n + 1,
            subject=subject,
            seq=seq,
            kind=kind,
            at=at,
            actor=actor,
            payload=payload,
            previous=head,
            hash="",
        )
        return bare.model_copy(update={"hash": bare.fingerprint()})

    @property
    def line(self) -> Json:
        """Return the line as it is exported; its hash is made over all else in it."""
        return self.model_dump(mode="json")

    def fingerprint(self) -> str:
        """Return the hash this line must carry."""
        return verify.fingerprint(self.line)


def flaw(events: Iterable[Event], head: str | None = None) -> str | None:
    """Return what is wrong with the whole chain in words, or None when nothing is.

    *head* is a published hash: the chain must contain it.
    """
    reading = verify.Reading(head)
    for event in events:
        reading.follow(event.line)
    return next(iter(reading.problems()), None)
