"""What GitHub says of its costs: the plan, and what of our repositories means that they change."""

from bot.core.costs import Alarm, Charge, Mark, Told
from bot.core.prices import Price
from integrations.github.reads import GithubReads

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
        nothing = Price.model_validate({"amount": 0, "currency": "USD"})
        return Charge(amount=nothing, what="Free plan", mark=Mark.MEASURED, **seen)
    seats = f" for {plan.filled_seats} people" if plan.filled_seats else ""
    return Charge(waiting=f"what the plan {plan.name} costs{seats}", **seen)


def _said(name: str) -> str:
    return f"`{name}` is a private repository: GitHub and Travis-CI are free for public ones."
