"""What Travis CI says of its costs: the credits that were used; what they cost depends on the plan."""

from bot.core.costs import Charge, Mark, Told
from bot.core.prices import Price
from integrations.travis_ci.reads import TravisReads


async def told(reads: TravisReads) -> Told:
    """Return the use of this month: nothing used costs nothing; of anything else no price is in the API."""
    used, seen = await reads.used(), {"source": "Travis-CI", "on": reads.today()}
    if used:
        return Told(charge=Charge(waiting=f"what {used} credits of this month cost", **seen))
    nothing = Price.model_validate({"amount": 0, "currency": "USD"})
    return Told(charge=Charge(amount=nothing, what="no credits used this month", mark=Mark.MEASURED, **seen))
