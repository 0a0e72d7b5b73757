"""What Read the Docs costs: nothing on the site for open source, which shows advertisements."""

from bot.core.costs import Charge, Mark, Told
from bot.core.prices import Price
from integrations.readthedocs.reads import ReadTheDocsReads


async def told(reads: ReadTheDocsReads) -> Told:
    """Return what the site of the project costs; no price is in the API, and of Business none is known."""
    seen = {"source": "Read the Docs", "on": reads.today()}
    if not reads.community:
        return Told(charge=Charge(waiting="what Read the Docs for Business costs", **seen))
    nothing = Price.model_validate({"amount": 0, "currency": "USD"})
    return Told(charge=Charge(amount=nothing, what="community, with advertising", mark=Mark.MEASURED, **seen))
