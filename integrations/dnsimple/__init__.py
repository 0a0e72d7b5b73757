"""DNSimple: the zone, its records, and how they look from outside."""

from bot.core.vendor import Vendor
from integrations.dnsimple.check import check
from integrations.dnsimple.client import DnsimpleClient, connect
from integrations.dnsimple.costs import DOMAINS, told
from integrations.dnsimple.live import live
from integrations.dnsimple.names import NAMES
from integrations.dnsimple.reads import DnsimpleReads, Entry
from integrations.dnsimple.records import DEFAULT_TTL, HOSTS, Record, RecordSet, bold, lifetime, target
from integrations.dnsimple.resources import RECORD, remembered
from integrations.dnsimple.runbook import runbook
from integrations.dnsimple.settings import DnsimpleSettings
from integrations.dnsimple.setup import ASKS, by_hand, entries
from integrations.dnsimple.validation import fitting, full_name, name_of, record_of, type_of
from integrations.dnsimple.webhooks import webhooks

__all__ = [
    "DEFAULT_TTL",
    "DNSIMPLE",
    "DOMAINS",
    "HOSTS",
    "RECORD",
    "DnsimpleReads",
    "DnsimpleSettings",
    "Entry",
    "Record",
    "RecordSet",
    "bold",
    "fitting",
    "full_name",
    "lifetime",
    "name_of",
    "record_of",
    "remembered",
    "target",
    "type_of",
]

DNSIMPLE: Vendor[DnsimpleSettings, DnsimpleClient, DnsimpleReads] = Vendor(
    name="dnsimple",
    title="DNSimple",
    settings=DnsimpleSettings,
    connect=connect,
    reads=DnsimpleReads,
    resources=(RECORD,),
    check=check,
    webhooks=webhooks,
    names=NAMES,
    live=live,
    costs=told,
    pointing=DnsimpleReads.pointing,
    account=DnsimpleClient.email,
    health=DnsimpleReads.health,
    site=DnsimpleReads.current_year,
    asks=ASKS,
    entries=entries,
    by_hand=by_hand,
    runbook=runbook,
)
