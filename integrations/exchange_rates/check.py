"""What ``infra check`` finds out about exchange rates."""

from bot.core.errors import VendorError
from bot.core.vendor import Finding
from integrations.exchange_rates.client import RatesClient
from integrations.exchange_rates.reads import BANK, RatesReads


async def check(client: RatesClient) -> tuple[Finding, ...]:
    """Return whose rates are used, and of which day."""
    try:
        found = await RatesReads(client).rates(client.today())
    except VendorError as error:
        hint = "Costs are converted with `costs.rates`, or those that came with the bot."
        return (Finding(level="warning", text=error.message, hint=hint),)
    if found.source != BANK:
        text = f"Exchange rates: {found}. The bank's own file is not there."
        return (Finding(level="warning", text=text, hint="Nothing to do: the figures are the same."),)
    if found.stale(client.today()):
        text = f"Exchange rates: {found}, which is long ago."
        return (
            Finding(level="warning", text=text, hint="See whether `integrations.exchange_rates.url` moved."),
        )
    return (Finding(level="good", text=f"Exchange rates: {found}."),)
