"""Who can really get in where: what people proved by logging in themselves, and whether they are enough."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from pydantic import Field

from bot.core.board import Health, Line
from bot.core.names import called
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


def doors(
    lines: Iterable[Line],
    proofs: Iterable[Proof],
    people: Iterable[Person],
    able: Mapping[str, Iterable[str]],
) -> tuple[Door, ...]:
    """Return every vendor of the board that is not closed, set up or not: people log in there either way."""
    everyone, proved = tuple(people), tuple(proofs)
    return tuple(
        door(line.name, line.title, proved, everyone, able.get(line.name, ()))
        for line in lines
        if line.health is not Health.CLOSED
    )


def spoken(lines: Iterable[Line]) -> list[str]:
    """Return the titles of the vendors that the bot speaks to, with a token of its own."""
    return [line.title for line in lines if line.health not in {Health.CLOSED, Health.OFF}]


def openings(vaults: Mapping[str, Vault], people: Iterable[Person]) -> dict[str, list[str]]:
    """Return who can open each vault, as it was listed last, by our names for them."""
    everyone = tuple(people)
    return {name: [called(each, everyone) for each in vault.people] for name, vault in vaults.items()}


def standing_with(
    name: str,
    doors: Iterable[Door],
    vaults: Mapping[str, Collection[str]],
    tokens: Mapping[str, Collection[str]],
    today: date,
) -> tuple[str, ...]:
    """Return what nobody but *name* gets into, or is made in their account: each with how it is moved.

    *vaults* says who can open each, *tokens* in whose accounts the bot's tokens at a vendor were made.
    """
    told = [
        f"*{title}*: the bot's token was made in their account. Make one in an account of the bot's own, "
        "put it in the place of theirs, and see `infra check`"
        for title, accounts in tokens.items()
        if name in accounts
    ]
    for each in doors:
        able = {*each.unproved, *(proof.person for proof in each.fresh(today))}
        if name in able | {proof.person for proof in each.proofs} and not able - {name}:
            told.append(
                f"*{each.title}*: nobody else is known to get in. Somebody logs in there themselves, and "
                f"says so: `keys attest {each.name}`"
            )
    told += [
        f"the vault *{vault}*: nobody else opens it. They share it with another, and its listing is brought "
        "anew (`infra import-vault`)"
        for vault, people in vaults.items()
        if {*people} == {name}
    ]
    return tuple(told)
