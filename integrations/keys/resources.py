"""What can change in our record of keys: that somebody logged in at a vendor."""

from datetime import date
from typing import Protocol

from bot.core.duration import day
from bot.core.keys import Proof
from bot.core.values import Value
from bot.core.vendor import Resource


class Proving(Protocol):
    """Our record of keys."""

    async def proofs(self) -> tuple[Proof, ...]:
        """Return what people proved."""

    async def prove(self, proof: Proof) -> None:
        """Keep a proof, in the place of an earlier one."""

    async def forget(self, vendor: str, person: str) -> None:
        """Forget what somebody proved at a vendor."""


class Proved(Value):
    """Somebody logged in, on a day."""

    on: date


def target(vendor: str, person: str) -> str:
    """Return what names a person at a vendor."""
    return f"{vendor}/{person}"


async def _read(record: Proving, target: str) -> Proved | None:
    vendor, _, person = target.partition("/")
    found = (each for each in await record.proofs() if (each.vendor, each.person) == (vendor, person))
    return next((Proved(on=proof.on) for proof in found), None)


async def _write(record: Proving, target: str, after: Proved | None) -> None:
    vendor, _, person = target.partition("/")
    if after is None:
        await record.forget(vendor, person)
    else:
        await record.prove(Proof(vendor=vendor, person=person, on=after.on))


def _say(target: str, before: Proved | None, after: Proved | None) -> str:
    vendor, _, person = target.partition("/")
    return f"*{person}* logged in at {vendor}: {_words(after)} (now: {_words(before)})"


def _words(proved: Proved | None) -> str:
    return day(proved.on) if proved else "not that we know"


PROVED = Resource("keys.proved", Proved, _read, _write, _say, own=True)
