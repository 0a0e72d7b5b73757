"""Asking whoever has yet to accept what was approved for them."""

from bot.core.accepting import next_asking
from bot.core.change import Request
from bot.core.event import Kind
from bot.core.people import CLOCK
from bot.core.status import Status
from bot.core.values import Json
from bot.store import requests
from bot.workflow.wiring import Wiring, record


async def ask_to_accept(wiring: Wiring, request: Request, status: Status) -> Status:
    """Write down that it is asked for again, when that is due; the frontends ask.

    The caller has just seen that it still waits.
    """
    now = wiring.clock()
    asking = next_asking(status, wiring.policy, wiring.organisation.zone, now)
    if asking is None or asking[1] > now:
        return status
    accounts = dict.fromkeys(awaited.account for awaited in status.awaited)
    said: Json = {"stage": asking[0], "names": " ".join(accounts)}
    async with wiring.store.write() as tx:
        await requests.lock(tx, request.id)
        return await record(wiring, tx, request, Kind.REMINDED, CLOCK, said, expected=status.seq)
