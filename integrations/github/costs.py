"""What GitHub says of its costs: the plan, and what of our repositories means that they change."""

from datetime import date, timedelta
from decimal import Decimal

from bot.core.costs import Alarm, Charge, Mark, Per, Told
from bot.core.errors import VendorError
from bot.core.prices import Price
from integrations.github.models import Usage
from integrations.github.reads import GithubReads

ACTIONS = "actions"
FREE = "free"  # what GitHub calls the plan that costs nothing


async def told(reads: GithubReads) -> Told:
    """Return what the plan costs, and the private repositories: with them something may have to be paid."""
    private = [each.name for each in await reads.repositories() if each.private]
    alarms = tuple(Alarm(key=f"github:private:{name}", text=_said(name)) for name in private)
    return Told(charge=await _plan(reads), alarms=alarms)


async def _plan(reads: GithubReads) -> Charge | None:
    """Return the plan as a charge; None when our token may not know it. No price is in GitHub's API."""
    plan = await reads.plan()
    if plan is None or not plan.name:
        return None
    seen = {"source": "GitHub", "on": reads.today()}
    if plan.name == FREE:
        month = (reads.today().replace(day=1) - timedelta(days=1)).replace(day=1)
        usage = await _usage(reads, month)
        what = f"Free plan; {_minutes(usage, month)}"
        net = sum((each.net for each in usage.items), Decimal(0)) if usage else Decimal(0)
        amount = Price(amount=net, currency="USD")
        return Charge(amount=amount, per=Per.MONTH, what=what, mark=Mark.MEASURED, **seen)
    seats = f" for {plan.filled_seats} people" if plan.filled_seats else ""
    return Charge(waiting=f"what the plan {plan.name} costs{seats}", **seen)


async def _usage(reads: GithubReads, month: date) -> Usage | None:
    """Return what was used in a month; None when GitHub does not say, which spoils nothing else."""
    try:
        return await reads.usage(month)
    except VendorError:
        return None


def _minutes(usage: Usage | None, month: date) -> str:
    """Return how many minutes of Actions were used; GitHub lists none where nobody pays for them."""
    used = [each for each in usage.items if each.product.casefold() == ACTIONS] if usage else []
    minutes = sum((each.quantity for each in used if each.unit.casefold() == "minutes"), Decimal(0))
    if not used:
        return f"GitHub does not say how many minutes of Actions were used in {month:%B}"
    return f"{minutes.normalize():,f} minutes of Actions in {month:%B}"


def _said(name: str) -> str:
    return f"`{name}` is a private repository: GitHub and Travis-CI are free for public ones."
