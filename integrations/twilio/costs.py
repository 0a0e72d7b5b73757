"""What Twilio says of its costs: what was used in the last twelve months, and that the balance runs low."""

from decimal import Decimal

from bot.core.costs import Alarm, Charge, Mark, Told
from bot.core.prices import Price
from integrations.twilio.health import low
from integrations.twilio.reads import TwilioReads


async def told(reads: TwilioReads) -> Told:
    """Return what was used, and say once a month that the balance is low."""
    text = low(await reads.balance(), reads.floor)
    key = f"twilio:balance:{reads.today():%Y-%m}"
    return Told(charge=await _used(reads), alarms=(Alarm(key=key, text=text),) if text else ())


async def _used(reads: TwilioReads) -> Charge | None:
    """Return what this month and the eleven before came to; None when nothing was ever counted."""
    months, this = await reads.by_month(), await reads.this_month()
    if this is None:
        return None
    total = sum((each.price.amount for each in months), Decimal(0))
    return Charge(
        amount=Price(amount=total, currency=this.price.currency),
        what=f"used in the last 12 months, {this.price} of it this month",
        mark=Mark.MEASURED,
        source="Twilio",
        on=reads.today(),
    )
