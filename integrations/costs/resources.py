"""What can change in our record: what a vendor charges."""

from bot.core.costs import Charge
from bot.core.vendor import Resource
from integrations.costs.reads import Record


async def _read(record: Record, target: str) -> Charge | None:
    return await record.charge(target)


async def _write(record: Record, target: str, after: Charge | None) -> None:
    if after is None:
        await record.remove(target)
    else:
        await record.put(target, after)


def _say(target: str, before: Charge | None, after: Charge | None) -> str:
    return f"*{target}* costs {_words(after)} (now: {_words(before)})"


def _words(charge: Charge | None) -> str:
    if charge is None:
        return "what is not recorded"
    return f"{charge} ({charge.source})" if charge.source else f"{charge}"


CHARGE = Resource("costs.charge", Charge, _read, _write, _say, own=True)
