"""Proof that the journal is whole, and that every request's state is what its lines add up to."""

from collections.abc import AsyncIterator

from bot.core.change import Request
from bot.core.event import Kind
from bot.core.values import canonical, sha256
from bot.store import Store, Transaction, journal, requests
from bot.verify import ALTERED, MOST, Reading
from bot.workflow.wiring import subject


async def verify(store: Store, head: str | None = None) -> list[str]:
    """Return what is wrong, at most twenty problems; empty when nothing is.

    *head* is a hash published earlier: the journal must still contain it. All
    is read as it was at one moment; memory grows with the requests, not the lines.
    """
    async with store.read() as tx:
        return await verified(tx, head)


async def verified(tx: Transaction, head: str | None = None) -> list[str]:
    """Return what is wrong, as *tx* sees it."""
    reading, filed = Reading(head), dict[str, str]()
    try:
        async for event in journal.everything(tx):
            reading.follow(event.line)
            if event.kind is Kind.FILED:
                filed[event.subject] = _whole(Request.model_validate(event.payload["request"]))
    except ALTERED:
        return [*reading.problems(), reading.unreadable()]
    problems = reading.problems()
    if reading.head != await journal.head(tx):
        problems.append("the journal does not end where its head says: lines were cut")
    async for request, state in requests.everything(tx):
        told = reading.requests.pop(request.id, {}).get("state")
        if filed.get(subject(request.id)) != _whole(request):
            problems.append(f"#{request.number} is not what was filed")
        elif told != state.value:
            problems.append(f"#{request.number} is {state.value}, but its lines say {told}")
        if len(problems) >= MOST:
            return problems[:MOST]
    missing = sorted(reading.requests)
    problems += [f"the request of {subject(id_)} is gone, but its lines are there" for id_ in missing]
    return problems[:MOST]


def _whole(request: Request) -> str:
    """Return a hash over all of a request, whichever version filed it."""
    return sha256(request.model_dump(mode="json"))


async def export(store: Store, until: int | None = None) -> AsyncIterator[str]:
    """Give the journal as JSON lines, each with its hash, in the form the hashes are made over.

    With *until* it ends with that line. No transaction is open between two pages, however slowly the
    lines are taken.
    """
    last = 0
    while until is None or last < until:
        async with store.read() as tx:
            events = await journal.page(tx, last)
        for event in events:
            if until is None or event.n <= until:
                yield canonical(event.line).decode() + "\n"
        if not events:
            return
        last = events[-1].n
