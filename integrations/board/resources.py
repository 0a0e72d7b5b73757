"""What owners decide of our services: whether one is needed in a year."""

from typing import Protocol

from bot.core.values import Value
from bot.core.vendor import Resource


class Deciding(Protocol):
    """What was decided of our services."""

    async def needed(self, service: str, year: int) -> bool | None:
        """Return whether a service is needed in a year; None while that is open."""

    async def decide(self, service: str, year: int, needed: bool | None) -> None:
        """Keep whether a service is needed in a year."""


class Decision(Value):
    """Whether a service is needed."""

    needed: bool


def target(service: str, year: int) -> str:
    """Return what names a service in a year."""
    return f"{service}/{year}"


def _parts(target: str) -> tuple[str, int]:
    service, _, year = target.rpartition("/")
    return service, int(year)


async def _read(decisions: Deciding, target: str) -> Decision | None:
    needed = await decisions.needed(*_parts(target))
    return None if needed is None else Decision(needed=needed)


async def _write(decisions: Deciding, target: str, after: Decision | None) -> None:
    await decisions.decide(*_parts(target), after.needed if after else None)


def _say(target: str, before: Decision | None, after: Decision | None) -> str:
    service, year = _parts(target)
    return f"*{service}* in {year}: {_words(after)} (now: {_words(before)})"


def _words(decision: Decision | None) -> str:
    if decision is None:
        return "not decided"
    return "needed" if decision.needed else "not needed"


DECISION = Resource("board.decision", Decision, _read, _write, _say, own=True)
