"""What Heroku says of its costs: the last year's bills, else its prices of what runs now."""

from decimal import Decimal

from bot.core.costs import Alarm, Charge, Mark, Per, Told
from bot.core.prices import Price
from integrations.heroku.health import unpaid
from integrations.heroku.reads import HerokuReads


async def told(reads: HerokuReads) -> Told:
    """Return what is paid, and that an unpaid bill is about to stop everything."""
    until = await reads.suspended()
    alarms = (Alarm(key=f"heroku:unpaid:{until:%Y-%m-%d}", text=unpaid(until)),) if until else ()
    return Told(charge=await _invoiced(reads) or await _running(reads), alarms=alarms)


async def _invoiced(reads: HerokuReads) -> Charge | None:
    found = await reads.invoices()
    if not found:
        return None
    total = sum((each.total for each in found), Decimal(0)) / 100
    return Charge(
        amount=Price(amount=max(total, Decimal(0)), currency="USD"),
        what=f"{len(found)} invoice{'s' * (len(found) > 1)} of the last year",
        mark=Mark.INVOICED,
        source="Heroku",
        on=found[0].period_end,
    )


async def _running(reads: HerokuReads) -> Charge | None:
    found = await reads.running()
    if found is None:
        return None
    return Charge(
        amount=found,
        per=Per.MONTH,
        what="dynos and add-ons as they are now",
        mark=Mark.ESTIMATED,
        source="Heroku's prices",
        on=reads.now().date(),
    )
