"""What the form offers while somebody types: names asked for live, and within Slack's patience."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.errors import BotError
from bot.core.people import listed

PATIENCE = 1.5
MOST = 99  # and what was typed: Slack takes a hundred


@dataclass(frozen=True)
class Source:
    """Where names of one kind come from: what can be said, and how it is shown; *title* names the place."""

    kind: str
    title: str
    ask: Callable[[], Awaitable[Mapping[str, str]]]


@dataclass(frozen=True)
class Offer:
    """One name that is offered: what is said, how it is shown, and a remark."""

    value: str
    label: str
    note: str = ""


class Offers:
    """Asks every source once at a time, and remembers what it said for when it is slow."""

    def __init__(self, sources: Sequence[Source], patience: float = PATIENCE) -> None:
        self._sources = sources
        self._patience = patience
        self._known: dict[Source, Mapping[str, str]] = {}
        self._asking: dict[Source, asyncio.Task[bool]] = {}

    @property
    def kinds(self) -> frozenset[str]:
        """Return the kinds of names there are."""
        return frozenset(source.kind for source in self._sources)

    async def matching(self, kinds: Sequence[str], typed: str) -> list[Offer]:
        """Return the names of *kinds* that hold what was typed, and at last what was typed itself."""
        names, late = await self._names(kinds)
        note = f"No answer from {listed(late, 'and')} yet: this is what I know" if late else ""
        word = typed.casefold()
        found = [(value, label) for value, label in names.items() if word in f"{value} {label}".casefold()]
        found.sort(key=lambda each: not each[0].casefold().startswith(word))  # the order stays otherwise
        offers = [Offer(value, label, note) for value, label in found[:MOST]]
        if typed and word not in {value.casefold() for value in names}:
            offers.append(Offer(typed, typed, note or "As typed"))
        return offers

    async def close(self) -> None:
        """Ask nobody any more."""
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _names(self, kinds: Sequence[str]) -> tuple[dict[str, str], list[str]]:
        """Return the names known now, each once in any case, and the places that did not answer."""
        asked = {source: self._ask(source) for source in self._sources if source.kind in kinds}
        if asked:
            await asyncio.wait(asked.values(), timeout=self._patience)
        late = [source.title for source, task in asked.items() if not (task.done() and task.result())]
        names: dict[str, tuple[str, str]] = {}
        for source in asked:
            for value, label in self._known.get(source, {}).items():
                names.setdefault(value.casefold(), (value, label))
        return dict(names.values()), list(dict.fromkeys(late))

    def _ask(self, source: Source) -> asyncio.Task[bool]:
        """Return the question under way, or a new one."""
        task = self._asking.get(source)
        if task is None or task.done():
            task = self._asking[source] = asyncio.create_task(self._answered(source))
        return task

    async def _answered(self, source: Source) -> bool:
        try:
            self._known[source] = await source.ask()
        except BotError:
            return False
        return True
