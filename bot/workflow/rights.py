"""What our tokens may not do any more: looked at hourly, and as soon as something was denied; told once."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.core.errors import Denied, VendorError
from bot.core.event import Kind
from bot.core.values import Json
from bot.core.vendor import Finding
from bot.store import Transaction, journal
from bot.workflow.wiring import Wiring, note_found

EVERY = timedelta(hours=1)


def subject(vendor: str) -> str:
    """Return the journal subject of what is in our way at a vendor."""
    return f"rights:{vendor}"


async def plan(wiring: Wiring, tx: Transaction) -> None:
    """Have the next look taken in an hour, unless one is planned already."""
    if wiring.checks:
        await wiring.jobs.enqueue(tx, "rights", "rights", {}, wiring.clock() + EVERY)


async def denied(wiring: Wiring) -> None:
    """Have a look taken now: a vendor has just denied something."""
    if not wiring.checks:
        return
    async with wiring.store.write() as tx:
        await wiring.jobs.enqueue(tx, "rights:now", "rights", {}, wiring.clock())
    wiring.jobs.wake()


class Rights:
    """Looks whether vendors let us do what we must."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    async def look(self, _payload: Json) -> None:
        """Ask each vendor's check; have told what changed since the last look (job ``rights``)."""
        for vendor, check in self._wiring.checks.items():
            lacks = await _lacks(check)
            if lacks is not None:
                await self._compare(vendor, lacks)

    async def _compare(self, vendor: str, lacks: Sequence[str]) -> None:
        """Write down what is in our way now and have it told, when it is not what was told last."""
        lines = "\n".join(lacks)
        async with self._wiring.store.read() as tx:
            last = await journal.last(tx, subject(vendor))
        if lines == (str(last.payload["detail"]) if last else ""):
            return
        said: Json = {"vendor": vendor, "detail": lines}
        post: Json = {"vendor": vendor, "lacks": [*lacks]}
        await note_found(self._wiring, last, subject(vendor), Kind.LACKED, said, "lacks", post)


async def _lacks(check: Callable[[], Awaitable[tuple[Finding, ...]]]) -> list[str] | None:
    """Return what is in our way, each with the remedy; None while the vendor does not answer."""
    try:
        return [f"{each.text} {each.hint}" for each in await check() if each.level == "bad"]
    except Denied as error:
        return [f"{error.message} {error.hint}"]
    except VendorError:
        return None
