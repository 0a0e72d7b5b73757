"""A run: an action without a state (a build, a deploy, a restart), started once and followed to its end."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from bot.core.change import Change, Sought
from bot.core.deploying import Run, Stage
from bot.core.errors import Rejected
from bot.core.vendor import Concerns, Reach, Resource

__all__ = ["Run", "Stage", "parts_of", "run_of"]

C = TypeVar("C")


_REACH = {
    Stage.WANTED: Reach.NO,
    Stage.UNDER_WAY: Reach.UNDER_WAY,
    Stage.GOOD: Reach.YES,
    Stage.BAD: Reach.FAILED,
    Stage.SEVERAL: Reach.UNCLEAR,
}


async def _nothing(_client: object, _target: str) -> None:
    return None


async def _unconcerned(_client: object, _change: Change) -> Concerns:
    return Concerns()


def _reached(live: Run | None, after: Run | None) -> Reach:
    if live is None or after is None:
        return Reach.YES if live is after else Reach.NO
    return _REACH[live.stage]


def _told(_target: str, live: Run | None, until: str) -> str:
    """Say how far a run is, or how it ended."""
    if live is None or live.stage is Stage.SEVERAL:
        return f"Which run is mine I cannot tell: {live.link if live else 'none'}. Please look"
    text = f": {live.text}" if live.text else ""
    if live.stage is Stage.UNDER_WAY:
        return f"{live.name} is under way{text} ({live.link}); I look until {until}"
    return f"{live.name} {'succeeded' if live.stage is Stage.GOOD else 'failed'}{text} ({live.link})"


def parts_of(said: str, vendor: str, what: str, form: str) -> tuple[str, str, str]:
    """Return the parts of a target ``A/B@C``; Rejected, with the *form* wanted, when it names no *what*."""
    one, _, rest = said.partition("/")
    two, _, three = rest.partition("@")
    if not (one and two and three):
        raise Rejected(vendor, f"`{said}` names no {what}.", f"Write {form}.")
    return one, two, three


def run_of(
    name: str,
    start: Callable[[C, str, str], Awaitable[str]],
    find: Callable[[C, str, Sought], Awaitable[Sequence[Run]]],
    words: Callable[[str], str],
    *,
    patience: timedelta = timedelta(hours=1),
    concerns: Callable[[C, Change], Awaitable[Concerns]] = _unconcerned,
) -> Resource[C, Run]:
    """Return a kind of run: its changes go from None to `Run()`, and cannot be taken back.

    *start* starts one for a target with one call, with the marker where the vendor
    keeps it, and returns the vendor's name of it, empty when it does not say.
    *find* returns the runs that may be the one sought. *words* says what is started.
    """

    async def write(client: C, target: str, after: Run | None) -> str:
        return await start(client, target, after.marker) if after else ""

    async def one(client: C, target: str, sought: Sought) -> Run | None:
        found = await find(client, target, sought)
        if len(found) < 2:
            return found[0] if found else None
        return Run(stage=Stage.SEVERAL, link=", ".join(run.link for run in found))

    return Resource(
        name,
        Run,
        _nothing,
        write,
        lambda target, _before, _after: words(target),
        reached=_reached,
        concerns=concerns,
        patience=patience,
        waiting=_told,
        find=one,
        stays="ran: that cannot be taken back",
    )
