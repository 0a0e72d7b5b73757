"""What the zone holds now of all that is kept in the baseline: every set of records."""

from bot.core.baseline import Live
from integrations.dnsimple.client import DnsimpleClient
from integrations.dnsimple.reads import entries
from integrations.dnsimple.resources import RECORD


async def live(client: DnsimpleClient) -> Live:
    """Return the sets of the zone; the SOA is left out, since each change of anything counts it up."""
    found = entries(client.zone_name, await client.records())
    return Live(
        states={
            (RECORD.name, each.target): each.records.model_dump(mode="json")
            for each in found
            if each.type != "SOA"
        }
    )
