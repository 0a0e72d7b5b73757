"""What `infra init` asks about DNSimple, and how to do the bot's work there by hand."""

from bot.core.people import listed
from bot.core.vendor import Ask, Entries
from integrations.dnsimple.reads import DnsimpleReads
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


async def entries(reads: DnsimpleReads) -> tuple[Entries, ...]:
    """Return what to ask about the servers that the zone leads to: whether one person keeps them."""
    servers: dict[str, list[str]] = {}
    for entry in await reads.entries():
        for record in entry.records.records if entry.type in {"A", "AAAA"} else ():
            servers.setdefault(record.content, []).append(entry.name)
    return (Entries("kindly_hosted", tuple(_about(*each) for each in servers.items())),)


def _about(address: str, names: list[str]) -> Ask:
    return Ask(
        address,
        f"What to call the server {address}, if one person keeps it for you",
        f"{listed(names, 'and')} {'leads' if len(names) == 1 else 'lead'} there. Enter: nobody alone does.",
        "`dns` then shows these names as depending on that person: server kindly hosted by somebody.",
    )


def by_hand(settings: DnsimpleSettings) -> tuple[str, ...]:
    """Return how to change records at DNSimple, as somebody who may log in there."""
    where = f"https://dnsimple.com/a/{settings.account}/domains/{settings.zone}/records"
    return (f"Point a name somewhere else: {where}",)
