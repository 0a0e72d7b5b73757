"""What `infra init` asks about DNSimple, and how to do the bot's work there by hand."""

from bot.core.vendor import Ask
from integrations.dnsimple.settings import DnsimpleSettings

ASKS = (
    Ask(
        "account",
        "The number of the account at DNSimple",
        "The zone belongs to it.",
        "It stands in the addresses of DNSimple's pages: dnsimple.com/a/NUMBER/…",
    ),
    Ask("zone", "The zone", "Its records are what the bot shows and changes.", default="{domain}"),
    Ask(
        "token",
        "A token of the account at DNSimple",
        "With it the bot reads the zone, and carries out what owners approved. It is not shown.",
        "On DNSimple: Account, Automation, New token. A token of the account, not of a user.",
    ),
)


def by_hand(settings: DnsimpleSettings) -> tuple[str, ...]:
    """Return how to change records at DNSimple, as somebody who may log in there."""
    where = f"https://dnsimple.com/a/{settings.account}/domains/{settings.zone}/records"
    return (f"Point a name somewhere else: {where}",)
