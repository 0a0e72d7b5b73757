"""Records in our words: sets of one name and type, and the way from one set to another."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from ipaddress import AddressValueError, IPv6Address

import dns.exception
import dns.rdata
import dns.rdataclass

from bot.core.duration import spell
from bot.core.errors import Rejected
from bot.core.values import Value
from integrations.dnsimple.models import ZoneRecord

DEFAULT_TTL = 3600
RANKED = frozenset({"MX", "SRV"})
HOSTS = frozenset({"ALIAS", "CNAME", "MX", "NS", "PTR"})
TEXTS = frozenset({"TXT", "SPF"})
DETAILED = frozenset(  # their contents have parts, in which case, quotes and spaces may differ
    {"CAA", "CDNSKEY", "CDS", "DNSKEY", "DS", "HINFO", "HTTPS", "NAPTR", "SSHFP", "SVCB", "TLSA"}
)
_LAST_DOT = re.compile(r"(?<=\w)\.(?= |$)")


class Record(Value):
    """One record of a set: *ttl* in seconds, *priority* for MX and SRV alone."""

    content: str
    ttl: int = DEFAULT_TTL
    priority: int | None = None

    @property
    def words(self) -> str:
        """Return the record as people read it."""
        rank = "" if self.priority is None else f"{self.priority} "
        shown = self.content.replace("`", "'")
        return f"`{rank}{shown}`, TTL {lifetime(self.ttl)}"


class RecordSet(Value):
    """All records of one name and type, in a fixed order; there is no empty one."""

    records: tuple[Record, ...]

    @classmethod
    def of(cls, records: Iterable[Record]) -> "RecordSet | None":
        """Return the set of *records*; None when there are none."""
        ordered = tuple(sorted(records, key=lambda each: (each.priority or 0, each.content, each.ttl)))
        return cls(records=ordered) if ordered else None

    @property
    def words(self) -> str:
        """Return the set as people read it."""
        return " and ".join(each.words for each in self.records)

    @property
    def ttl(self) -> timedelta:
        """Return how long others may remember the set."""
        return timedelta(seconds=max(each.ttl for each in self.records))


def lifetime(seconds: int) -> str:
    """Return a TTL in words."""
    return spell(timedelta(seconds=seconds)) if seconds % 60 == 0 and seconds else f"{seconds} s"


def target(full: str, kind: str) -> str:
    """Return the target of a set: the full name and the type."""
    return f"{full}/{kind}"


def parts(said: str, zone: str) -> tuple[str, str, str]:
    """Return what a target names: the full name, the name within the *zone* (apex: empty), the type."""
    full, slash, kind = said.rpartition("/")
    name = full.removesuffix(zone).removesuffix(".")
    if not slash or not kind or (full != zone and full != f"{name}.{zone}"):
        raise Rejected("DNSimple", f"`{said}` is no record of {zone}.", f"Write NAME.{zone}/TYPE.")
    return full, name, kind


def bold(name: str) -> str:
    """Return a name in bold; a wildcard's star would end it."""
    return f"`{name}`" if "*" in name else f"*{name}*"


def plain(kind: str, content: str) -> str:
    """Return a content as we compare it: hosts small and without the last dot, texts without quotes."""
    if kind in HOSTS:
        return content.rstrip(".").lower()
    if kind in TEXTS and content.startswith('"'):
        return _unquoted(content)
    if kind in DETAILED:
        try:
            return spelled(kind, content)
        except (dns.exception.DNSException, ValueError):
            return content
    return _ipv6(content) if kind == "AAAA" else content


def spelled(kind: str, content: str) -> str:
    """Return a content in the DNS's one spelling, hosts without the last dot, which DNSimple does not take.

    Raises DNSException or ValueError when it is none of this type.
    """
    return _LAST_DOT.sub("", dns.rdata.from_text(dns.rdataclass.IN, kind, content).to_text())


def _ipv6(content: str) -> str:
    """Return an address in its one spelling; what is none stays as it is."""
    try:
        return str(IPv6Address(content))
    except AddressValueError:
        return content


def sent(kind: str, content: str) -> str:
    """Return a content as DNSimple stores it: a text in quoted pieces of at most 255 octets."""
    return " ".join(f'"{_escaped(piece)}"' for piece in pieces(content)) if kind in TEXTS else content


def pieces(text: str) -> list[str]:
    """Return *text* in pieces of at most 255 octets, no character cut."""
    found, size = [""], 0
    for character in text:
        octets = len(character.encode())
        if size + octets > 255:
            found.append("")
            size = 0
        found[-1] += character
        size += octets
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _unquoted(content: str) -> str:
    """Return the text that quoted pieces spell."""
    text, inside, escaped = "", False, False
    for character in content:
        if escaped:
            text, escaped = text + character, False
        elif character == "\\" and inside:
            escaped = True
        elif character == '"':
            inside = not inside
        elif inside:
            text += character
    return text


def ours(found: ZoneRecord) -> Record:
    """Return a record in our words."""
    return Record(
        content=plain(found.type, found.content),
        ttl=found.ttl,
        priority=found.priority if found.type in RANKED else None,
    )


def unlike(one: Iterable[Record], other: Iterable[Record]) -> tuple[list[Record], list[Record]]:
    """Return the records that only *one* has, and those that only the *other* has."""
    left, right = list(one), list(other)
    for each in list(left):
        if each in right:
            left.remove(each)
            right.remove(each)
    return left, right


def links(before: RecordSet | None, after: RecordSet | None) -> Sequence[RecordSet | None]:
    """Return the sets on the way from *before* to *after*, that one included: each differs in one record.

    What can be changed in place is; beyond that, what is new is added before what is old goes.
    """
    now = list(before.records) if before else []
    found: list[RecordSet | None] = []
    for old, new in _paired(*unlike(now, after.records if after else ())):
        now = [each for each in now if each is not old] + ([new] if new else [])
        found.append(RecordSet.of(now))
    return found


def _paired(gone: list[Record], new: list[Record]) -> Iterator[tuple[Record | None, Record | None]]:
    """Yield what becomes what: the same content first, then whatever is left, in order."""
    for fresh in list(new):
        old = next((each for each in gone if each.content == fresh.content), None)
        if old:
            gone.remove(old)
            new.remove(fresh)
            yield old, fresh
    both = min(len(gone), len(new))
    yield from zip(gone[:both], new[:both], strict=True)
    yield from ((None, fresh) for fresh in new[both:])
    yield from ((old, None) for old in gone[both:])
