"""What DNSimple says of its costs: invoices, a sixth domain, an account of one user."""

from decimal import Decimal

from aiohttp import web

from bot.core.costs import Mark, Told
from integrations.dnsimple import DNSIMPLE
from tests.integrations.dnsimple.wired import Wired


async def told(dnsimple: Wired) -> Told:
    """Return what is said now."""
    assert DNSIMPLE.costs
    dnsimple.client.memo.clear()
    return await DNSIMPLE.costs(dnsimple.reads)


async def test_the_invoices_of_a_year_are_its_cost(dnsimple: Wired) -> None:
    """What was collected in the last year is the yearly figure, marked as invoiced, with its day."""
    dnsimple.standin.world.charges += [
        {"invoiced_at": "2026-04-01T00:00:00Z", "total_amount": "1.50", "state": "collected"},
        {"invoiced_at": "2026-05-01T00:00:00Z", "total_amount": "9.99", "state": "refunded"},
    ]
    charge = (await told(dnsimple)).charge
    assert charge is not None
    assert charge.amount is not None
    assert (charge.amount.amount, charge.amount.currency) == (Decimal("51.50"), "USD")
    assert (charge.mark, f"{charge.on}", charge.what) == (
        Mark.INVOICED,
        "2026-04-01",
        "2 invoices of the last year",
    )
    dnsimple.standin.world.charges.clear()
    assert (await told(dnsimple)).charge is None


async def test_a_token_that_may_not_see_invoices_still_tells_the_rest(dnsimple: Wired) -> None:
    """Without the right to see invoices the figure is left to what else is known."""
    body = '{"message": "Permission Denied. Required Scope: billing:*:read"}'
    dnsimple.answers["GET /1010/billing/charges"] = web.Response(
        status=403, text=body, content_type="application/json"
    )
    said = await told(dnsimple)
    assert (said.charge, len(said.alarms)) == (None, 1)


async def test_one_user_and_a_sixth_domain_are_alarms(dnsimple: Wired) -> None:
    """An account of one user is named, and more domains than the organisers' plan has."""
    assert [alarm.key for alarm in (await told(dnsimple)).alarms] == ["dnsimple:single user"]
    dnsimple.standin.world.plan = "teams-v2-monthly"
    dnsimple.standin.world.others = [f"{n}.example" for n in range(4)]
    assert (await told(dnsimple)).alarms == ()
    dnsimple.standin.world.others.append("sixth.example")
    [alarm] = (await told(dnsimple)).alarms
    assert "DNSimple has 6 domains, and $50 a year are for 5: 0.example," in alarm.text
