"""Who can really get in where: what people proved by logging in themselves, and whether they are enough."""

from collections.abc import Iterable
from datetime import date, timedelta

from pydantic import Field

from bot.core.people import Person
from bot.core.values import Value

ENOUGH = 2  # people: with one there is nobody else
LASTS = timedelta(days=183)  # then it is to be proved anew


class Proof(Value):
    """Somebody logged in at a vendor themselves, on a day."""

    vendor: str
    person: str
    on: date

    def fresh(self, today: date) -> bool:
        """Return whether that still counts."""
        return self.on + LASTS >= today


class Vault(Value):
    """Who can open a vault, as its owner said on a day; nothing that is in it."""

    people: tuple[str, ...] = Field(description="Who can open it.")
    on: date = Field(description="The day on which that was said.")


class Door(Value):
    """A place that must be got into: who of our people did, the newest first; who may is *unproved*."""

    name: str
    title: str
    proofs: tuple[Proof, ...] = ()
    unproved: tuple[str, ...] = ()

    def fresh(self, today: date) -> tuple[Proof, ...]:
        """Return the proofs that count."""
        return tuple(proof for proof in self.proofs if proof.fresh(today))

    def enough(self, today: date) -> bool:
        """Return whether at least two people can get in."""
        return len(self.fresh(today)) >= ENOUGH


def door(
    name: str, title: str, proofs: Iterable[Proof], people: Iterable[Person], able: Iterable[str]
) -> Door:
    """Return a place with what our *people* proved there; who is *able* by its own list, and did not."""
    known = {person.name for person in people}
    mine = [proof for proof in proofs if proof.vendor == name and proof.person in known]
    proved = {proof.person for proof in mine}
    return Door(
        name=name,
        title=title,
        proofs=tuple(sorted(mine, key=lambda proof: (proof.on, proof.person), reverse=True)),
        unproved=tuple(sorted(each for each in set(able) if each not in proved)),
    )
