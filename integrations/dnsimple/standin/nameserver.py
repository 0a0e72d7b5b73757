"""A name server on loopback, over UDP and TCP, that answers from the zone as it now is."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from .zone import RANKED, Record, Zone

IN = dns.rdataclass.IN
A = dns.rdatatype.A
SOON = 60  # the TTL of names elsewhere
PLAIN_UDP = 512
REDIRECTOR = "127.0.0.1"
ADDRESSES = {"A", "ALIAS", "URL"}  # the types that answer a question for an address
CHAIN = 8


class Answers:
    """Answers questions about a zone, and for addresses of a few names *elsewhere* as a resolver would."""

    def __init__(self, zone: Callable[[], Zone], elsewhere: Mapping[str, str]) -> None:
        self._zone = zone
        self._elsewhere = elsewhere

    def to(self, query: dns.message.Message, records: Sequence[Record] | None = None) -> dns.message.Message:
        """Return the answer; *records* are what an outdated server still has."""
        answer = dns.message.make_response(query)
        asked = query.question[0] if query.question else None
        if asked is None or query.opcode() != 0 or asked.rdclass != IN:
            answer.set_rcode(dns.rcode.NOTIMP)
            return answer
        zone = self._zone()
        kept = list(zone.records.values()) if records is None else list(records)
        inside = asked.name.is_subdomain(dns.name.from_text(zone.name))
        if inside:
            answer.flags |= dns.flags.AA
            self._authoritative(zone, kept, asked, answer)
            if query.flags & dns.flags.RD and answer.answer:
                self._follow(asked, answer)
        elif str(asked.name).lower().rstrip(".") in self._elsewhere:
            answer.answer += self._addresses(asked.name, asked.rdtype)
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def _authoritative(
        self, zone: Zone, kept: Sequence[Record], asked: dns.rrset.RRset, answer: dns.message.Message
    ) -> None:
        name = asked.name
        for _ in range(CHAIN):
            here = _at(zone, kept, name)
            if here is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
                break
            alias = next((each for each in here if each.type == "CNAME"), None)
            if alias is None or asked.rdtype == dns.rdatatype.CNAME:
                answer.answer += self._sets(name, here, asked.rdtype)
                break
            answer.answer += self._sets(name, [alias], dns.rdatatype.CNAME)
            name = dns.name.from_text(alias.content)
            if not name.is_subdomain(dns.name.from_text(zone.name)):
                break
        if not answer.answer:
            start = [each for each in kept if each.type == "SOA"]
            answer.authority += self._sets(dns.name.from_text(zone.name), start, dns.rdatatype.SOA)

    def _follow(self, asked: dns.rrset.RRset, answer: dns.message.Message) -> None:
        """Add where a chain of names ends elsewhere, as a resolver does for whom it serves."""
        last = answer.answer[-1]
        if last.rdtype == dns.rdatatype.CNAME != asked.rdtype:
            end = dns.name.from_text(last[0].to_text())
            if str(end).lower().rstrip(".") in self._elsewhere:
                answer.answer += self._addresses(end, asked.rdtype)

    def _sets(
        self, name: dns.name.Name, records: Sequence[Record], kind: dns.rdatatype.RdataType
    ) -> list[dns.rrset.RRset]:
        """Return the records of *name* that answer a question for *kind*."""
        texts: list[str] = []
        ttls: list[int] = []
        for each in records:
            if kind == A and each.type in ADDRESSES:
                texts += [self._address(each)] if self._address(each) else []
            elif dns.rdatatype.to_text(kind) == each.type:
                texts.append(_wire(each))
            else:
                continue
            ttls.append(each.ttl)
        return [_rrset(name, min(ttls), kind, texts)] if texts else []

    def _address(self, record: Record) -> str:
        """Return the address that a record answers with: its own, the redirector's, or its target's."""
        if record.type == "URL":
            return REDIRECTOR
        return record.content if record.type == "A" else self._elsewhere.get(record.content, "")

    def _addresses(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> list[dns.rrset.RRset]:
        address = self._elsewhere[str(name).lower().rstrip(".")]
        return [_rrset(name, SOON, kind, [address])] if kind == A else []


def _rrset(
    name: dns.name.Name, ttl: int, kind: dns.rdatatype.RdataType, texts: Sequence[str]
) -> dns.rrset.RRset:
    """Return what is answered; host names stand there without their last dot."""
    return dns.rrset.from_text_list(name, ttl, IN, kind, texts, origin=dns.name.root, relativize=False)


def _at(zone: Zone, kept: Sequence[Record], name: dns.name.Name) -> list[Record] | None:
    """Return the records of a name, or of the wildcard that covers it; None when nothing is there."""
    relative = str(name.relativize(dns.name.from_text(zone.name))).lower()
    label = "" if relative == "@" else relative
    here = [each for each in kept if each.name == label]
    below = any(each.name.endswith(f".{label}") for each in kept)
    if here or below or not label:
        return here
    wild = f"*.{label.partition('.')[2]}".rstrip(".")
    return [each for each in kept if each.name == wild] or None


def _wire(record: Record) -> str:
    """Return a record's content as a zone file has it."""
    return f"{record.priority} {record.content}" if record.type in RANKED else record.content


class NameServer:
    """One of the zone's servers; while it is *behind* it answers from what there was then."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._behind: list[Record] | None = None
        self._port = 0
        self._tcp: asyncio.Server | None = None
        self._udp: asyncio.DatagramTransport | None = None
        self.silent = False

    @property
    def address(self) -> str:
        """Return where it listens."""
        return f"127.0.0.1:{self._port}"

    def fall_behind(self, zone: Zone | None) -> None:
        """Answer from what *zone* holds now, whatever comes; None: be up to date again."""
        self._behind = None if zone is None else [Record(**vars(each)) for each in zone.records.values()]

    async def start(self, host: str) -> None:
        """Listen on one port over both transports."""
        loop = asyncio.get_running_loop()
        while self._udp is None:
            self._tcp = await asyncio.start_server(self._serve, host, 0)
            self._port = self._tcp.sockets[0].getsockname()[1]
            try:
                self._udp, _ = await loop.create_datagram_endpoint(
                    lambda: _Datagrams(self), local_addr=(host, self._port)
                )
            except OSError:  # the port is taken over UDP: try another
                self._tcp.close()

    async def stop(self) -> None:
        """Listen no more."""
        if self._udp and self._tcp:
            self._udp.close()
            self._tcp.close()
            await self._tcp.wait_closed()
        self._udp = self._tcp = None

    def answer(self, wire: bytes, most: int | None = None) -> bytes | None:
        """Return the answer to a question; None for what is none."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if self.silent:
            return None
        answer = self._answers.to(query, self._behind)
        if most is None:
            return answer.to_wire()
        try:
            return answer.to_wire(max_size=max(most, query.payload))
        except dns.exception.TooBig:
            short = dns.message.make_response(query)
            short.flags |= dns.flags.AA | dns.flags.TC
            return short.to_wire()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size = int.from_bytes(await reader.readexactly(2))
                answer = self.answer(await reader.readexactly(size))
                if answer is None:
                    break
                writer.write(len(answer).to_bytes(2) + answer)
                await writer.drain()
        writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    """Questions over UDP."""

    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._server.answer(data, PLAIN_UDP)
        if answer:
            self._transport.sendto(answer, addr)
