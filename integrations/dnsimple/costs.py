"""What DNSimple says of its costs: its invoices, and what of our account means that they change."""

from decimal import Decimal

from bot.core.costs import Alarm, Charge, Mark, Told
from bot.core.errors import Denied
from bot.core.people import listed
from bot.core.prices import Price
from integrations.dnsimple.reads import DnsimpleReads

DOMAINS = 5  # at most, for the price that the organisers' page speaks of
SINGLE = "solo"  # how the plans of one user begin


async def told(reads: DnsimpleReads) -> Told:
    """Return what was invoiced in the last year, and what people must know of the account."""
    plan, zones = await reads.plan(), await reads.zones()
    found = []
    if len(zones) > DOMAINS:
        names = listed(zones, "and")
        text = f"DNSimple has {len(zones)} domains, and $50 a year are for {DOMAINS}: {names}."
        found.append(Alarm(key="dnsimple:domains", text=text))
    if plan.startswith(SINGLE):
        text = f"The account at DNSimple has a single user (plan {plan}): without them nobody gets in."
        found.append(Alarm(key="dnsimple:single user", text=text))
    return Told(charge=await _invoiced(reads), alarms=tuple(found))


async def _invoiced(reads: DnsimpleReads) -> Charge | None:
    """Return the sum of the last year's invoices; None when there is none, or our token may not see them."""
    try:
        paid = [charge for charge in await reads.charges() if charge.state != "refunded"]
    except Denied:
        return None
    if not paid:
        return None
    total = sum((charge.total_amount for charge in paid), Decimal(0))
    return Charge(
        amount=Price(amount=total, currency="USD"),
        what=f"{len(paid)} invoice{'s' * (len(paid) > 1)} of the last year",
        mark=Mark.INVOICED,
        source="DNSimple",
        on=max(charge.invoiced_at for charge in paid).date(),
    )
