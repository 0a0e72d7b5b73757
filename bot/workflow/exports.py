"""The night's export: written once a night by whichever process comes first; a failure is told once."""

from datetime import date, datetime, timedelta

from bot.core.errors import BotError
from bot.core.event import Kind
from bot.core.values import Json
from bot.store import Transaction, journal
from bot.store.jobs import Later
from bot.workflow.wiring import Wiring, note_found

SUBJECT = "export"
TITLE = "The night's export"
NEXT_TRY = timedelta(hours=1)


async def due(wiring: Wiring, tx: Transaction) -> date | None:
    """Return the local date of the night's export that is due, if one is."""
    zone = wiring.organisation.zone
    today = wiring.clock().astimezone(zone).date()
    if wiring.clock() < datetime.combine(today, wiring.export_at, tzinfo=zone):
        return None
    last = await journal.last(tx, SUBJECT)
    return None if last and str(last.payload["night"]) >= today.isoformat() else today


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the night's export written when it is due."""
    if wiring.export and (night := await due(wiring, tx)):
        await wiring.jobs.enqueue(tx, f"export:{night}", "export", {"night": str(night)}, wiring.clock())


class Exports:
    """Writes the night's export."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def write(self, payload: Json) -> None:
        """Write it if it is still due; note what came of it, and have told what changed (job ``export``)."""
        wiring, night = self._wiring, str(payload["night"])
        async with wiring.store.read() as tx:
            last, today = await journal.last(tx, SUBJECT), await due(wiring, tx)
        if today is None or today.isoformat() != night:
            return
        failing, why = bool(last and last.payload["detail"]), await self._written()
        if not (failing and why):  # what is told is not told again in other words
            said: Json = {"night": "" if why else night, "detail": why}
            post: Json = {
                "vendor": TITLE,
                "lacks": [why] if why else [],
                "then": "I try again every hour.",
                "well": f"{TITLE} is written again.",
            }
            told = post if why or failing else None
            await note_found(wiring, last, SUBJECT, Kind.EXPORTED, said, "lacks", told)
        if why:
            raise Later(wiring.clock() + NEXT_TRY)

    async def _written(self) -> str:
        """Write it; return why not, empty when it is written."""
        assert self._wiring.export is not None  # or nothing is planned
        try:
            await self._wiring.export()
        except BotError as error:
            return f"{error.message} {error.hint}".strip()
        return ""
