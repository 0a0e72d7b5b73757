"""Proof that the journal is whole, and that every request's state is what its lines add up to."""

from collections.abc import AsyncIterator

from bot.core.event import CUT, Chain
from bot.core.status import fold
from bot.core.values import canonical
from bot.store import Store, journal, requests
from bot.workflow.wiring import subject

MOST = 20


async def verify(store: Store, head: str | None = None) -> list[str]:
    """Return what is wrong, at most twenty problems; empty when nothing is.

    *head* is a hash published earlier: the journal must still contain it.
    """
    chain, met = Chain(), head is None
    async with store.read() as tx:
        async for event in journal.everything(tx):
            chain.follow(event)
            met = met or event.hash == head
        problems = [chain.flaw] if chain.flaw else []
        if chain.head != await journal.head(tx):
            problems.append("the journal does not end where its head says: lines were cut")
        if not met:
            problems.append(CUT)
        async for request, state in requests.everything(tx):
            lines = await journal.of(tx, subject(request.id))
            told = fold(lines).state
            if told is not state:
                problems.append(f"#{request.number} is {state.value}, but its lines say {told.value}")
            if not lines or lines[0].payload.get("digest") != request.digest:
                problems.append(f"#{request.number} is not what was filed: its digest differs")
            if len(problems) >= MOST:
                break
    return problems


async def export(store: Store) -> AsyncIterator[str]:
    """Give the journal as JSON lines, each with its hash, in the form the hashes are made over."""
    async with store.read() as tx:
        async for event in journal.everything(tx):
            yield canonical(event.model_dump(mode="json")).decode() + "\n"
