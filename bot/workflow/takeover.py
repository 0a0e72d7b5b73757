"""Names of ours that anybody could take: looked for daily, each told once."""

from datetime import timedelta

from bot.core.errors import Unavailable, VendorError
from bot.core.event import Event, Kind
from bot.core.values import Json
from bot.store import Transaction, journal
from bot.store.jobs import Later
from bot.workflow.wiring import Wiring, note_found

SUBJECT = "names"
EVERY = timedelta(hours=12)
NEXT_TRY = timedelta(minutes=10)


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the next look taken in half a day, unless one is planned already."""
    if wiring.names.pointing:
        await wiring.jobs.enqueue(tx, "names", "names", {}, wiring.clock() + EVERY)


async def told(tx: Transaction) -> tuple[str, ...]:
    """Return the names of ours that anybody could take, as they were told last."""
    last = await journal.last(tx, SUBJECT)
    return tuple(key.partition(" ")[0] for key in _keys(last))


def _keys(last: Event | None) -> list[str]:
    return str(last.payload["names"]).splitlines() if last else []


class Danglers:
    """Looks which of our names lead to what is not ours."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def look(self, _payload: Json) -> None:
        """Look, and have told what was not told yet (job ``names``); later when the vendor is away.

        What cannot be known this time neither alarms nor counts as put right.
        """
        wiring = self._wiring
        try:
            held = await wiring.names.held()
        except Unavailable:
            raise Later(wiring.clock() + NEXT_TRY) from None
        except VendorError:
            return  # what our tokens may not do is told elsewhere
        async with wiring.store.read() as tx:
            last = await journal.last(tx, SUBJECT)
        before = _keys(last)
        danglers = {each.pointing.key: each for each in held if each.ours is False}
        unknown = {each.pointing.key for each in held if each.ours is None}
        told = sorted({*danglers, *(unknown & {*before})})
        if told == before:
            return
        said: Json = {"names": "\n".join(told), "text": "; ".join(told)}
        new = [each.model_dump(mode="json") for key, each in danglers.items() if key not in before]
        post: Json | None = {"danglers": [*new]} if new else None
        await note_found(wiring, last, SUBJECT, Kind.DANGLED, said, "danglers", post)
