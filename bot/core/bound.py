"""A resource with its client: what planning, applying and looking at drift speak to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.baseline import Brought
from bot.core.change import Awaited, Change, Sought
from bot.core.errors import VendorError
from bot.core.values import Json, Value
from bot.core.vendor import Concerns, Look, Reach, Resource


@dataclass(frozen=True)
class Bound:
    """A resource with its client, spoken to in JSON states as changes hold them."""

    resource: Resource[Any, Any]
    client: Any

    def _state(self, state: Json | None) -> Any:
        return None if state is None else self.resource.state.model_validate(state)

    async def read(self, target: str) -> Json | None:
        """Return the live state of *target*; None when absent."""
        state = await self.resource.read(self.client, target)
        return None if state is None else state.model_dump(mode="json")

    async def look(self, target: str, sought: Sought | None) -> Json | None:
        """Return the live state of *target*; of a kind of run the one *sought*, None before its start."""
        if self.resource.find is None:
            return await self.read(target)
        state = await self.resource.find(self.client, target, sought) if sought else None
        return None if state is None else state.model_dump(mode="json")

    async def write(self, target: str, after: Json | None, marker: str = "") -> str:
        """Make *target* be *after*: one vendor call; return the vendor's name of a run, if it says it.

        A run carries the *marker* where the vendor keeps one.
        """
        if self.runs and after is not None:
            after = after | {"marker": marker}
        return await self.resource.write(self.client, target, self._state(after)) or ""

    def run(self, live: Json | None) -> str:
        """Return the vendor's name of the run that is *live*."""
        return str(live["id"]) if self.runs and live else ""

    def ended(self, target: str, live: Json | None) -> str:
        """Return how a run ended, in words."""
        return self.waits(target, live, "") if self.runs else ""

    @property
    def runs(self) -> bool:
        """Return whether this is a kind of run."""
        return self.resource.find is not None

    async def read_all(self, targets: Sequence[str]) -> dict[str, Json | None]:
        """Return the live states of *targets*, in as few calls as the vendor allows."""
        if self.resource.together is None or len(targets) < 2:
            return {target: await self.read(target) for target in targets}
        states = await self.resource.together.read(self.client, targets)
        return {
            target: None if state is None else state.model_dump(mode="json")
            for target, state in states.items()
        }

    async def write_all(self, afters: Mapping[str, Json | None]) -> Mapping[str, VendorError]:
        """Make each target what is said of it; return what went wrong, by target.

        Only for what was read just now, of a kind that is written together.
        """
        together = self.resource.together
        assert together is not None
        states = {target: self._state(after) for target, after in afters.items()}
        try:
            return await together.write(self.client, states)
        except VendorError as error:
            return dict.fromkeys(states, error)

    def about(self, target: str) -> str | None:
        """Return what a *target* is about, if others are written together with it."""
        return self.resource.together.about(target) if self.resource.together else None

    def reached(self, live: Json | None, after: Json | None) -> Reach:
        """Return how far *live* is from *after*."""
        return self.resource.reached(self._state(live), self._state(after))

    def change(self, target: str, before: Json | None, after: Json | None) -> Change:
        """Return the change from *before* to *after*, in words too."""
        words = self.resource.words(target, self._state(before), self._state(after))
        return Change(resource=self.resource.name, target=target, before=before, after=after, words=words)

    async def plan(self, target: str, after: Value | None) -> Change:
        """Return the change from what is live to *after*."""
        return (await self.plan_all({target: after}))[0]

    async def plan_all(self, afters: Mapping[str, Value | None]) -> tuple[Change, ...]:
        """Return the change of each target from what is live to what is asked of it."""
        live = await self.read_all(list(afters))
        return tuple(
            self.change(target, live[target], None if after is None else after.model_dump(mode="json"))
            for target, after in afters.items()
        )

    async def back(self, change: Change) -> tuple[Change, bool]:
        """Return the change that takes *change* back, and whether live is still what it left.

        While it is, the change back is its exact mirror, also when somebody has yet to accept; the words
        say what is live. What stays is left as it is, and the words say why: also what is gone, where to have
        it back would be to invite somebody.
        """
        if self.runs:
            said = f"*{change.target}* {self.resource.stays}"
            return change.model_copy(update={"before": None, "after": None, "words": said}), True
        live = await self.read(change.target)
        if self.resource.stays and change.before is None and live is not None:
            said = f"*{change.target}* {self.resource.stays}"
            return change.model_copy(update={"before": live, "after": live, "words": said}), True
        if live is None and change.after is not None and self.resource.invites:
            said = f"*{change.target}* is gone since, and taking back what was given invites nobody"
            return change.model_copy(update={"before": None, "after": None, "words": said}), True
        back = self.change(change.target, live, change.before)
        still = self.reached(live, change.after) is not Reach.NO
        return (back.model_copy(update={"before": change.after}) if still else back), still

    def waits(self, target: str, live: Json | None, until: str) -> str:
        """Return what a *target* that is under way waits for, as it is now, and until when."""
        return self.resource.waiting(target, self._state(live), until)

    def steps(self, change: Change) -> tuple[Change, ...]:
        """Return the ordered changes, one call each, that *change* takes."""
        return self.resource.steps(change)

    def brings(self, target: str, after: Json | None) -> tuple[Brought, ...]:
        """Return what *target* brings about elsewhere by becoming *after*."""
        return self.resource.brings(target, self._state(after))

    def drift(self, target: str, kept: Json | None, live: Json | None) -> Change | None:
        """Return how *live* is not what was *kept*, None when it is.

        That somebody accepted what was pending is no drift, nor that it ran out.
        """
        lapsed = live is None and kept is not None and bool(kept.get("pending"))
        if lapsed or self.reached(live, kept) is not Reach.NO:
            return None
        change = self.change(target, kept, live)
        return change.model_copy(update={"words": change.words.replace("(now: ", "(was: ")})

    def awaited(self, target: str, since: datetime) -> Awaited | None:
        """Return who must act before *target* is so, if it has been under way since *since* for somebody."""
        found = self.resource.awaits(self.client, target)
        if found is None:
            return None
        account, link = found
        return Awaited(account=account, link=link, since=since, until=since + self.resource.patience)

    async def concerns(self, change: Change) -> Concerns:
        """Return what the guards must know of *change*."""
        return await self.resource.concerns(self.client, change)

    async def outside(self, change: Change) -> Look | None:
        """Return how *change* looks from outside; None where there is no outside."""
        return await self.resource.outside(self.client, change) if self.resource.outside else None
