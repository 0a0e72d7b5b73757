"""What the bot asks DNSimple, in our words; answers may be a few seconds old."""

from asyncio import gather
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from bot.core.takeover import Pointing, service
from bot.core.values import Value
from bot.core.vendor import Finding
from integrations.dnsimple import looks
from integrations.dnsimple.check import health
from integrations.dnsimple.client import DnsimpleClient
from integrations.dnsimple.guards import current_year
from integrations.dnsimple.models import Charge, ZoneRecord
from integrations.dnsimple.outside import Server
from integrations.dnsimple.records import RecordSet, ours, parts, target
from integrations.dnsimple.validation import full_name


class Entry(Value):
    """The records of one full name and type; *system* ones are kept by DNSimple itself."""

    name: str
    type: str
    records: RecordSet
    system: bool = False

    @property
    def target(self) -> str:
        """Return what a change of it is about."""
        return target(self.name, self.type)


@dataclass(frozen=True)
class DnsimpleReads:
    """One zone, looked at."""

    _client: DnsimpleClient

    @property
    def zone(self) -> str:
        """Return the zone's name."""
        return self._client.zone_name

    async def entries(self) -> tuple[Entry, ...]:
        """Return all sets of records: the apex first, then by name."""
        return entries(self.zone, await self._records())

    async def at(self, name: str) -> tuple[Entry, ...]:
        """Return the sets of one full name, read anew: what is planned starts from them."""
        _, inside, _ = parts(target(name, "ANY"), self.zone)
        return entries(self.zone, await self._client.records(inside))

    async def current_year(self) -> str | None:
        """Return the full name that the apex redirects to."""
        name = current_year(self.zone, await self._records())
        return f"{name}.{self.zone}" if name else None

    async def _records(self) -> list[ZoneRecord]:
        return await self._client.memo("records", self._client.records)

    def one_person(self, entry: Entry) -> str | None:
        """Return what the server behind an entry is called, if one person keeps it."""
        hosted = self._client.settings.kindly_hosted
        return next((hosted[each.content] for each in entry.records.records if each.content in hosted), None)

    async def pointing(self) -> tuple[Pointing, ...]:
        """Return the names that point at a service which shows whoever claims them there."""
        found = [
            (entry.name, entry.records.records[0].content)
            for entry in entries(self.zone, await self._client.records())
            if entry.type in {"ALIAS", "CNAME"} and service(entry.records.records[0].content)
        ]
        hosts = sorted({host for _, host in found})
        known = dict(zip(hosts, await gather(*map(self.exists, hosts)), strict=True))
        return tuple(Pointing(name=name, host=host, dead=known[host] is False) for name, host in found)

    async def health(self) -> tuple[Finding, ...]:
        """Return how the zone does."""
        return await health(self._client)

    async def plan(self) -> str:
        """Return the plan that the account pays for."""
        return (await self._client.memo("account", self._client.account)).plan_identifier

    async def zones(self) -> tuple[str, ...]:
        """Return the names of the account's zones."""
        return tuple(each.name for each in await self._client.memo("zones", self._client.zones))

    async def charges(self) -> list[Charge]:
        """Return the invoices of the last year."""
        return await self._client.memo("charges", self._client.charges)

    async def distributed(self) -> bool | None:
        """Return whether DNSimple says that all its name servers are up to date; None when it cannot."""
        return await self._client.distributed()

    async def exists(self, host: str) -> bool | None:
        """Return whether the DNS knows a host; None when nobody could say."""
        return await self._client.outside.exists(host)

    async def servers(self) -> tuple[Server, ...]:
        """Return the zone's name servers."""
        return await self._client.outside.servers()

    async def amiss(self, entry: Entry) -> list[str]:
        """Return what is not from outside as an entry says, in words."""
        return await looks.amiss(self._client.outside, entry.name, entry.type, entry.records)


def entries(zone: str, records: Iterable[ZoneRecord]) -> tuple[Entry, ...]:
    """Return *records* as sets: the apex first, then by name."""
    ordered = sorted(records, key=lambda each: (each.name, each.type))
    found = []
    for (name, kind), same in groupby(ordered, key=lambda each: (each.name, each.type)):
        mine = list(same)
        kept = RecordSet.of(map(ours, mine))
        system = any(each.system_record for each in mine)
        if kept:
            found.append(Entry(name=full_name(name, zone), type=kind, records=kept, system=system))
    return tuple(found)
