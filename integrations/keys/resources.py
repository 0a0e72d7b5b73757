"""What can change in our record of keys: that somebody logged in at a vendor, that a secret was made anew."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from bot.core.duration import day
from bot.core.keys import Proof
from bot.core.secret import Made, Secret
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

    async def secrets(self) -> tuple[Secret, ...]:
        """Return the secrets of our settings, never their values."""

    async def mark(self, key: str, made: Made | None) -> None:
        """Keep when a secret was made; None: forget it."""

    async def accounts(self) -> Mapping[str, str]:
        """Return by vendor the account that our token was made in, as far as vendors tell."""


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


async def _made(record: Proving, key: str) -> Made | None:
    return next((each.made for each in await record.secrets() if each.key == key), None)


async def _mark(record: Proving, key: str, after: Made | None) -> None:
    await record.mark(key, after)


def _say_made(key: str, before: Made | None, after: Made | None) -> str:
    return f"The secret *{key}*: {_age(after)} (now: {_age(before)})"


def _age(made: Made | None) -> str:
    if made is None:
        return "nobody said when it was made"
    account = f" in the account {made.account}" if made.account else ""
    ends = f", ends {day(made.ends)}" if made.ends else ""
    return f"made {day(made.on)}{account}{ends}"


MADE = Resource("keys.made", Made, _made, _mark, _say_made, own=True)
