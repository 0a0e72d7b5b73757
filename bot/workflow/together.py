"""Making several changes at once: those of one plan that do not depend on each other."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from bot.core.bound import Bound
from bot.core.change import Change, Outcome, Request
from bot.core.errors import Denied, VendorError
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import Status
from bot.core.values import Json
from bot.core.vendor import Reach
from bot.http import deadline
from bot.store import requests
from bot.workflow import rights
from bot.workflow.baseline import came_out, started
from bot.workflow.looks import Seen, refused, unseen
from bot.workflow.pace import WRITE_WITHIN, Pace
from bot.workflow.wiring import Wiring, record

Steps: TypeAlias = Mapping[str, Change]
"""Changes by the names of their steps, in order."""


def groups(wiring: Wiring, steps: Steps) -> Sequence[Steps]:
    """Return *steps* in order, those in one group that can be made at once.

    They follow each other, are of one kind that is written together, and about different things.
    """
    found: list[dict[str, Change]] = []
    kind, about = "", set[str]()
    for key, change in steps.items():
        bound = wiring.bound.get(change.resource)
        thing = bound.about(change.target) if bound else None
        if thing is None or change.resource != kind or thing in about:
            found.append({})
            kind, about = change.resource, set()
        found[-1][key] = change
        about |= {thing} if thing is not None else set()
    return found


def stopped(status: Status, group: Steps) -> bool:
    """Return whether something of *group* came to an end other than done."""
    outcomes = [step.outcome for key, step in status.steps.items() if key in group]
    return any(outcome is not None and not outcome.good for outcome in outcomes)


class Together:
    """Makes the changes of a group at once.

    Only while all is as it was shown. What is not, what was begun before, and what got lost on its way is
    left to be made one at a time.
    """

    def __init__(self, wiring: Wiring, pace: Pace, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._wiring = wiring
        self._pace = pace
        self._sleep = sleep

    async def make(self, request: Request, status: Status, group: Steps) -> Status:
        """Look, write down that they start, write once, look again, and write down what came of each."""
        new = {key: change for key, change in group.items() if key not in status.steps}
        todo = await self._as_shown(new) if len(new) > 1 else {}
        if len(todo) < 2:
            return status
        with deadline(WRITE_WITHIN.total_seconds()):  # begins before the line: no later writer overlaps
            status = await self._started(request, status, todo)
            errors = await self._of(todo).write_all({each.target: each.after for each in todo.values()})
        if any(isinstance(error, Denied) for error in errors.values()):
            await rights.denied(self._wiring)
        return await self._came_out(request, status, todo, await self._came_of(todo, errors))

    def _of(self, steps: Steps) -> Bound:
        return self._wiring.of(next(iter(steps.values())))

    async def _as_shown(self, steps: Steps) -> Steps:
        """Return which are still to be made; none when one was changed meanwhile, or nobody can look."""
        try:
            live = await self._live(steps)
        except VendorError:
            return {}
        bound = self._of(steps)
        todo = {
            key: each
            for key, each in steps.items()
            if bound.reached(live[each.target], each.after) is not Reach.YES
        }
        still = (bound.reached(live[each.target], each.before) is Reach.YES for each in todo.values())
        return todo if all(still) else {}

    async def _live(self, steps: Steps) -> Mapping[str, Json | None]:
        return await self._of(steps).read_all([each.target for each in steps.values()])

    async def _started(self, request: Request, status: Status, steps: Steps) -> Status:
        until = (self._wiring.clock() + WRITE_WITHIN).isoformat()
        begun: list[Json] = [
            {"step": key, "change": each.model_dump(mode="json")} for key, each in steps.items()
        ]
        said: Json = {"steps": [*begun], "deadline": until}
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            await started(self._wiring, tx, *steps.values())
            return await record(self._wiring, tx, request, Kind.STARTED, CLOCK, said, expected=status.seq)

    async def _came_of(self, steps: Steps, errors: Mapping[str, VendorError]) -> Mapping[str, Seen]:
        """Look until all that was answered shows or patience ends; return what is plain then."""
        bound, pauses = self._of(steps), self._pace.pauses()
        left, came = dict(steps), dict[str, Seen]()
        with suppress(VendorError):
            while True:
                live = await self._live(left)
                reach = {key: bound.reached(live[each.target], each.after) for key, each in left.items()}
                came |= {key: Seen(Outcome.DONE) for key, far in reach.items() if far is Reach.YES}
                left = {key: each for key, each in left.items() if key not in came}
                hidden = [k for k, e in left.items() if e.target not in errors and reach[k] is Reach.NO]
                if not hidden or (pause := next(pauses, None)) is None:
                    came |= {k: unseen(self._wiring, left[k], live[left[k].target]) for k in hidden}
                    break
                await self._sleep(pause)
        said = {key: refused(errors.get(each.target)) for key, each in left.items()}
        return came | {key: found for key, found in said.items() if found}

    async def _came_out(
        self, request: Request, status: Status, steps: Steps, came: Mapping[str, Seen]
    ) -> Status:
        if not came:
            return status
        ends: list[Json] = [
            {"step": key, "outcome": came[key].outcome.value, "detail": came[key].detail}
            for key in steps
            if key in came
        ]
        said: Json = {"steps": [*ends]}
        async with self._wiring.store.write() as tx:
            await requests.lock(tx, request.id)
            left = ((steps[key], each.outcome) for key, each in came.items())
            await came_out(self._wiring, tx, request, *left)
            return await record(self._wiring, tx, request, Kind.OUTCOME, CLOCK, said, expected=status.seq)
