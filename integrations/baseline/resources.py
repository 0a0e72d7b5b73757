"""What is accepted at a vendor, target by target."""

from typing import Protocol

from bot.core.baseline import ACCEPTED as NAME
from bot.core.change import Change
from bot.core.values import Json, Value
from bot.core.vendor import Concerns, Resource


class Accepting(Protocol):
    """The baseline; a target is RESOURCE/TARGET."""

    async def get(self, target: str) -> Json | None:
        """Return what was accepted of a target; None: that it is absent."""

    async def put(self, target: str, state: Json | None) -> None:
        """Accept the state of a target."""


class Acceptance(Value):
    """The state of a target, as its own resource holds it."""

    state: Json


async def _read(baseline: Accepting, target: str) -> Acceptance | None:
    state = await baseline.get(target)
    return None if state is None else Acceptance(state=state)


async def _write(baseline: Accepting, target: str, after: Acceptance | None) -> None:
    await baseline.put(target, after.state if after else None)


def _say(target: str, _before: Acceptance | None, after: Acceptance | None) -> str:
    return (
        f"{target.partition('/')[2]} is accepted as it is" if after else f"That {target} is gone is accepted"
    )


async def _weigh(_baseline: Accepting, _change: Change) -> Concerns:
    """Weigh an acceptance: what it is about has happened already, so it is no mass change."""
    return Concerns(counts=False)


ACCEPTED = Resource(NAME, Acceptance, _read, _write, _say, concerns=_weigh, own=True)
