"""How somebody who may log in at DNSimple does there, by hand, what the bot does."""

from bot.core.runbook import ByHand, Call, Runbook
from integrations.dnsimple.resources import RECORD
from integrations.dnsimple.settings import DnsimpleSettings


def runbook(settings: DnsimpleSettings) -> Runbook:
    """Return how records are changed, one at a time."""
    records = f"{settings.url}/{settings.account}/zones/{settings.zone}/records"
    new = {"name": "NAME", "type": "CNAME", "content": "CONTENT", "ttl": 3600}
    record = ByHand(
        what="The records of a name",
        where=(
            f"https://dnsimple.com/a/{settings.account}/domains/{settings.zone}/records: Add, or its pencil. "
            "A redirect is a record of the type URL; NAME is what stands before the domain, empty for the "
            "domain itself."
        ),
        calls=(
            Call(what="Find a record's ID", method="GET", url=f"{records}?name=NAME"),
            Call(what="Add one", method="POST", url=records, body={**new}),
            Call(what="Change one", method="PATCH", url=f"{records}/ID", body={"content": "CONTENT"}),
            Call(what="Remove one", method="DELETE", url=f"{records}/ID"),
        ),
    )
    headers = ("Authorization: Bearer $DNSIMPLE_TOKEN", "Accept: application/json")
    return Runbook(headers=headers, pages={RECORD.name: record})
