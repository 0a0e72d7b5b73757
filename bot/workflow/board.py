"""The status board: every vendor is looked at by itself and when asked, and how it did is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core import board as core
from bot.core.board import Board, Seen, seen
from bot.core.errors import Unavailable, VendorError
from bot.core.people import listed
from bot.core.values import Json
from bot.core.vendor import Finding
from bot.store import Transaction, baseline, board
from bot.workflow import takeover
from bot.workflow.wiring import Wiring

EVERY = timedelta(seconds=30)
LONGEST = 20.0  # seconds that one vendor may take
KEPT = timedelta(days=365)
MOST_PAST = 10


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the next look taken in half a minute, unless one is planned already."""
    if wiring.watch and wiring.health:
        await wiring.jobs.enqueue(tx, "board", "board", {}, wiring.clock() + EVERY)


class Boards:
    """Knows how every vendor and service does."""

    def __init__(self, wiring: Wiring, longest: float = LONGEST) -> None:
        self._wiring = wiring
        self._longest = longest

    @property
    def year(self) -> int:
        """Return the year for which it is decided what is needed."""
        return self._wiring.clock().astimezone(self._wiring.organisation.zone).year

    async def look(self, _payload: Json) -> None:
        """Look at every vendor, and keep how it does (job ``board``)."""
        wiring, now = self._wiring, self._wiring.clock()
        asked = wiring.health
        found = dict(zip(asked, await asyncio.gather(*map(self._answer, asked.values())), strict=True))
        changed = False
        async with wiring.store.write() as tx:
            for vendor in sorted(found):  # in one order, so that two processes never wait for each other
                said, last = found[vendor], await board.last(tx, vendor)
                if last and last.looked_at > now:
                    continue  # another process looked later
                mine = said if isinstance(said, str) else (*said, *await self._ours(tx, vendor))
                new = seen(last, vendor, mine, now)
                changed = changed or last is None or (new.health, new.why) != (last.health, last.why)
                await board.put(tx, new)
            await board.prune(tx, now - KEPT)
            if changed:
                await wiring.jobs.enqueue(tx, "homes", "homes", {}, now)
        wiring.jobs.wake()

    async def now(self) -> Board:
        """Look at every vendor, and return the board."""
        await self.look({})
        return await self.kept()

    async def kept(self) -> Board:
        """Return the board as it was looked at last."""
        async with self._wiring.store.read() as tx:
            known, decided = await board.latest(tx), await board.decisions(tx, self.year)
        return core.board(self._wiring.roster, known, decided, self.year)

    async def past(self, vendor: str) -> tuple[Seen, ...]:
        """Return how a vendor did before, the newest first."""
        async with self._wiring.store.read() as tx:
            return await board.past(tx, vendor, MOST_PAST)

    async def _ours(self, tx: Transaction, vendor: str) -> list[Finding]:
        """Return what we know of a vendor ourselves: what others changed there, names anybody could take."""
        found = []
        drift = await baseline.drift(tx, vendor)
        if drift and drift.open:
            text = f"Changed elsewhere: {drift.open[0].change.words}."
            more = len(drift.open) - 1
            text += f" And {more} more." if more else ""
            found.append(Finding(level="warning", text=text, hint="`drift` shows it, to adopt or revert."))
        names = await takeover.told(tx) if vendor in self._wiring.names.pointing else ()
        if names:
            text = f"Leads to what anybody could take: {listed(names, 'and')}."
            found.append(Finding(level="bad", text=text, hint="`dns check` says how to put it right."))
        return found

    async def _answer(self, ask: Callable[[], Awaitable[tuple[Finding, ...]]]) -> tuple[Finding, ...] | str:
        """Return what a vendor says; or why there is no answer, which spoils nobody else's line."""
        try:
            async with asyncio.timeout(self._longest):
                return await ask()
        except TimeoutError:
            return f"It did not answer within {self._longest:.0f} seconds."
        except Unavailable as error:
            return error.message
        except VendorError as error:
            return (Finding(level="bad", text=error.message, hint=error.hint),)
