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
    WARNED = "warned"
    ENDING = "ending"
    ENDED = "ended"
    REFUSED = "refused"
    SEEDED = "seeded"
    NOTED = "noted"


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


def flaw(events: Iterable[Event], head: tuple[int, str] | None = None) -> str | None:
    """Return what is wrong with the whole chain in words, or None when nothing is.

    *head* is a published (count, hash): the chain must contain it.
    """
    last = (0, GENESIS)
    seqs: dict[str, int] = {}
    met = head is None or head == last
    for event in events:
        if event.n != last[0] + 1 or event.previous != last[1]:
            return f"line {event.n} does not follow line {last[0]}"
        if event.hash != event.fingerprint():
            return f"line {event.n} was altered: its hash does not fit its content"
        if event.seq != seqs.get(event.subject, 0) + 1:
            return f"line {event.n} is out of order within {event.subject}"
        seqs[event.subject] = event.seq
        last = (event.n, event.hash)
        met = met or last == head
    return None if met else "the published head is not in this journal: lines were cut or rewritten"
