"""Proof that the journal is whole, and that every request's state is what its lines add up to."""

from collections.abc import AsyncIterator, Iterable

from bot.core.change import Request
from bot.core.event import CUT, Chain, Event
from bot.core.status import State, fold
from bot.core.values import canonical
from bot.store import Store, Transaction, journal, requests
from bot.workflow.wiring import subject

MOST = 20


class _Reading:
    """Follows the journal, and meets the published *head* or not."""

    def __init__(self, head: str | None) -> None:
        self.chain = Chain()
        self._head = head
        self._met = head in {None, self.chain.head[1]}

    def follow(self, event: Event) -> None:
        """Take the next line."""
        self.chain.follow(event)
        self._met = self._met or event.hash == self._head

    def problems(self) -> list[str]:
        """Return what was wrong with the lines taken."""
        return [*filter(None, [self.chain.flaw]), *([] if self._met else [CUT])]

    def unreadable(self) -> str:
        """Return which line could not be taken."""
        return f"a line after line {self.chain.head[0]} cannot be read: it was altered"


async def verify(store: Store, head: str | None = None) -> list[str]:
    """Return what is wrong, at most twenty problems; empty when nothing is.

    *head* is a hash published earlier: the journal must still contain it. All
    is read as it was at one moment; memory grows with the requests, not the lines.
    """
    reading = _Reading(head)
    async with store.read() as tx:
        try:
            async for event in journal.everything(tx):
                reading.follow(event)
        except ValueError:
            return [*reading.problems(), reading.unreadable()]
        problems = reading.problems()
        if reading.chain.head != await journal.head(tx):
            problems.append("the journal does not end where its head says: lines were cut")
        missing = {name for name in reading.chain.subjects if name.startswith(subject(""))}
        async for request, state in requests.everything(tx):
            missing.discard(subject(request.id))
            problems += await _differences(tx, request, state)
            if len(problems) >= MOST:
                return problems[:MOST]
        problems += [f"the request of {name} is gone, but its lines are there" for name in sorted(missing)]
    return problems[:MOST]


async def _differences(tx: Transaction, request: Request, state: State) -> list[str]:
    """Return where the row of a request is not what its lines say."""
    lines = await journal.of(tx, subject(request.id))
    if not lines or lines[0].payload.get("request") != request.model_dump(mode="json"):
        return [f"#{request.number} is not what was filed"]
    told = fold(lines).state
    return [] if told is state else [f"#{request.number} is {state.value}, but its lines say {told.value}"]


async def export(store: Store) -> AsyncIterator[str]:
    """Give the journal as JSON lines, each with its hash, in the form the hashes are made over.

    No transaction is open between two pages, however slowly the lines are taken.
    """
    last = 0
    while True:
        async with store.read() as tx:
            events = await journal.page(tx, last)
        for event in events:
            yield canonical(event.model_dump(mode="json")).decode() + "\n"
        if not events:
            return
        last = events[-1].n


def verify_lines(lines: Iterable[str], head: str | None = None) -> list[str]:
    """Return what is wrong with exported *lines*, which need no database; empty when nothing is."""
    reading = _Reading(head)
    for line in lines:
        try:
            reading.follow(Event.model_validate_json(line))
        except ValueError:
            return [*reading.problems(), reading.unreadable()]
    return reading.problems()
