"""How the zone looks from outside: its name servers asked one by one, names looked up, sites fetched."""

from asyncio import gather
from dataclasses import dataclass, field
from ssl import SSLError

import aiohttp
import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
from yarl import URL

from integrations.dnsimple.records import RANKED, Record, plain
from integrations.dnsimple.settings import DnsimpleSettings

LONGEST = 10.0  # for a page
PUBLISHED = {"ALIAS": "A", "URL": "A"}  # DNSimple's own types are served as addresses


@dataclass(frozen=True)
class Server:
    """One of the zone's name servers."""

    name: str
    host: str
    port: int = 53

    @classmethod
    def at(cls, name: str, address: str) -> "Server":
        """Return the server at "192.0.2.1" or "192.0.2.1:53"."""
        host, _, port = address.partition(":")
        return cls(name, host, int(port or 53))


@dataclass(frozen=True)
class Served:
    """What one server has at a name: None when it does not answer."""

    server: Server
    contents: frozenset[tuple[int | None, str]] | None


@dataclass(frozen=True)
class Page:
    """What a site answers: *location* where it sends us on, *trouble* why there is no answer."""

    status: int = 0
    location: str = ""
    trouble: str = ""


def key(record: Record) -> tuple[int | None, str]:
    """Return what of a record can be seen from outside."""
    return record.priority, record.content


@dataclass
class Outside:
    """Asks as anybody on the internet could."""

    settings: DnsimpleSettings
    session: aiohttp.ClientSession
    seconds: float = 3.0  # for one question
    _servers: tuple[Server, ...] = field(default=(), init=False)

    async def servers(self) -> tuple[Server, ...]:
        """Return the zone's name servers: those configured, else those that the DNS names."""
        if not self._servers and self.settings.nameservers:
            self._servers = tuple(Server.at(*each) for each in self.settings.nameservers.items())
        if not self._servers:
            names = await self._lookup(self.settings.zone, "NS") or ()
            found = await gather(*(self._lookup(name, "A") for name in names))
            self._servers = tuple(
                Server(name.rstrip("."), addresses[0])
                for name, addresses in zip(names, found, strict=True)
                if addresses
            )
        return self._servers

    async def served(self, name: str, kind: str) -> list[Served]:
        """Return what each server has at a full name; for URL and ALIAS the addresses it answers with."""
        servers = await self.servers()
        return list(await gather(*(self._served(server, name, kind) for server in servers)))

    async def _served(self, server: Server, name: str, kind: str) -> Served:
        kind = PUBLISHED.get(kind, kind)
        asked = dns.message.make_query(name, kind)
        asked.flags &= ~dns.flags.RD
        try:
            answer, _ = await dns.asyncquery.udp_with_fallback(
                asked, server.host, timeout=self.seconds, port=server.port
            )
        except (dns.exception.DNSException, OSError):
            return Served(server, None)
        if answer.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
            return Served(server, None)
        wanted = dns.name.from_text(name)
        mine = [s for s in answer.answer if s.name == wanted and s.rdtype == asked.question[0].rdtype]
        return Served(server, frozenset(_content(kind, each.to_text()) for found in mine for each in found))

    async def resolves(self, host: str) -> bool | None:
        """Return whether a host has an address; None when that could not be found out."""
        found = await self._lookup(host, "A")
        return bool(found or await self._lookup(host, "AAAA")) if found is not None else None

    async def _lookup(self, name: str, kind: str) -> list[str] | None:
        """Return what a resolver answers: none when there is none, None when it is silent."""
        try:
            resolver = dns.asyncresolver.Resolver(configure=self.settings.resolver is None)
            if self.settings.resolver:
                server = Server.at("", self.settings.resolver)
                resolver.nameservers, resolver.port = [server.host], server.port
            answer = await resolver.resolve(name, kind, lifetime=self.seconds)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError):
            return None
        return [each.to_text() for each in answer]

    async def fetch(self, address: str) -> Page:
        """Fetch one page without following where it leads; what is wrong with a certificate is trouble."""
        url = URL(address)
        there = URL(self.settings.web).with_path(url.path) if self.settings.web else url
        try:
            async with self.session.get(
                there,
                headers={"Host": url.host or ""},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=LONGEST),
                server_hostname=url.host if there.scheme == "https" else None,
            ) as answer:
                return Page(answer.status, answer.headers.get("Location", ""))
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, SSLError):
            return Page(trouble="its certificate does not fit its name yet")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Page(trouble="it does not answer")


def _content(kind: str, text: str) -> tuple[int | None, str]:
    """Return the priority and content that one answer spells, as `Record` has them."""
    rank, _, rest = text.partition(" ")
    if kind in RANKED:
        host = rest.rstrip(".") if kind == "SRV" else plain(kind, rest)
        return int(rank), host
    return None, plain(kind, text)
