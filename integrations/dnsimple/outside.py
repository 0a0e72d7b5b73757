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
import dns.rdata
import dns.rdatatype
import dns.resolver
from yarl import URL

from integrations.dnsimple.records import RANKED, TEXTS, Record, plain
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
            names = await self._lookup(self.settings.zone, "NS")
            found = await gather(*(self._lookup(name, "A") for name in names))
            servers = [Server(n.rstrip("."), at[0]) for n, at in zip(names, found, strict=True) if at]
            if len(servers) < len(names):
                return tuple(servers)  # asked for again next time
            self._servers = tuple(servers)
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
        return Served(server, frozenset(_content(kind, each) for found in mine for each in found))

    async def exists(self, host: str) -> bool | None:
        """Return whether there is such a name, with an address or not; None when nobody could say."""
        try:
            await self._resolve(host, "A")
        except dns.resolver.NXDOMAIN:
            return False
        except (dns.exception.DNSException, OSError):
            return None
        return True

    async def _lookup(self, name: str, kind: str) -> list[str]:
        """Return what a resolver answers; nothing when it is silent."""
        try:
            return await self._resolve(name, kind)
        except (dns.exception.DNSException, OSError):
            return []

    async def _resolve(self, name: str, kind: str) -> list[str]:
        resolver = dns.asyncresolver.Resolver(configure=self.settings.resolver is None)
        if self.settings.resolver:
            server = Server.at("", self.settings.resolver)
            resolver.nameservers, resolver.port = [server.host], server.port
        answer = await resolver.resolve(name, kind, lifetime=self.seconds, raise_on_no_answer=False)
        return [each.to_text() for each in answer.rrset or ()]

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


def _content(kind: str, answer: dns.rdata.Rdata) -> tuple[int | None, str]:
    """Return the priority and content that one answer spells, as `Record` has them."""
    if kind in TEXTS:
        return None, b"".join(getattr(answer, "strings", ())).decode(errors="replace")
    text = answer.to_text()
    rank, _, rest = text.partition(" ")
    if kind in RANKED:
        host = rest.rstrip(".") if kind == "SRV" else plain(kind, rest)
        return int(rank), host
    return None, plain(kind, text)
