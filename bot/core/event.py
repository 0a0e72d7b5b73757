"""The journal's lines: one global hash chain of what was asked, decided and done."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from bot.core.people import Actor
from bot.core.values import Json, Value, sha256

GENESIS = "0" * 64


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

    def fingerprint(self) -> str:
        """Return the hash this line must carry."""
        return sha256(self.model_dump(mode="json", exclude={"hash"}))


class Chain:
    """Follows the journal line by line; the first line that does not fit is its flaw."""

    def __init__(self) -> None:
        self.head = (0, GENESIS)
        self.flaw: str | None = None
        self._seqs: dict[str, int] = {}

    @property
    def subjects(self) -> frozenset[str]:
        """Return what the lines so far are about."""
        return frozenset(self._seqs)

    def follow(self, event: Event) -> None:
        """Take the next line."""
        if self.flaw is None:
            self.flaw = self._misfit(event)
        self.head = (event.n, event.hash)
        self._seqs[event.subject] = event.seq

    def _misfit(self, event: Event) -> str | None:
        if event.n != self.head[0] + 1 or event.previous != self.head[1]:
            return f"line {event.n} does not follow line {self.head[0]}"
        if event.hash != event.fingerprint():
            return f"line {event.n} was altered: its hash does not fit its content"
        if event.seq != self._seqs.get(event.subject, 0) + 1:
            return f"line {event.n} is out of order within {event.subject}"
        return None


CUT = "the published head is not in this journal: lines were cut or rewritten"


def flaw(events: Iterable[Event], head: tuple[int, str] | None = None) -> str | None:
    """Return what is wrong with the whole chain in words, or None when nothing is.

    *head* is a published (count, hash): the chain must contain it.
    """
    chain = Chain()
    met = head is None or head == chain.head
    for event in events:
        chain.follow(event)
        met = met or chain.head == head
    return chain.flaw or (None if met else CUT)
