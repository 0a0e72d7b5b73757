"""What commands may read of our own data: requests and the journal."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.change import Request
from bot.core.command import Grant
from bot.core.event import Event
from bot.core.status import State, Status
from bot.store import Store, grants, journal, requests
from bot.workflow.wiring import status_of


class StoredRequests:
    """Requests as commands read them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def by_number(self, number: int) -> tuple[Request, Status] | None:
        """Return one request and its present status."""
        async with self._store.read() as tx:
            found = await requests.by_number(tx, number)
            return (found[0], await status_of(tx, found[0].id)) if found else None

    async def newest(self, states: Sequence[State] = (), limit: int = 20) -> list[tuple[Request, State]]:
        """Return the newest requests, newest first."""
        async with self._store.read() as tx:
            return await requests.newest(tx, states, limit)

    async def grants(self, target: str | None = None) -> list[Grant]:
        """Return the running time-bound grants, on one target or on all."""
        async with self._store.read() as tx:
            running = await grants.running(tx)
        return [g for g in running if target is None or target in {change.target for change in g.ending}]


class StoredJournal:
    """The journal as commands read it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def lines(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
    ) -> list[Event]:
        """Return the newest matching lines, oldest first."""
        async with self._store.read() as tx:
            return await journal.lines(tx, subject=subject, who=who, since=since, until=until, limit=limit)
