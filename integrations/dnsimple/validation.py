"""What makes a record that DNSimple and the DNS accept: checked before anything is filed."""

import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

import dns.exception
import dns.name

from bot.core.errors import Refused, UsageError
from bot.core.names import suggestion
from integrations.dnsimple.records import RANKED, Record, sent, spelled

EXAMPLES = {
    "CAA": '0 issue "letsencrypt.org"',
    "DS": "60485 8 2 and a digest in hexadecimal",
    "HTTPS": "1 . alpn=h2",
    "NAPTR": '10 20 "s" "SIP+D2U" "" _sip._udp.example.org',
    "SSHFP": "4 2 and a fingerprint in hexadecimal",
    "SVCB": "1 svc.example.org alpn=h2",
    "TLSA": "3 1 1 and a digest in hexadecimal",
}
"""What the contents look like that have parts, by type."""
TYPES = tuple(sorted({"A", "AAAA", "ALIAS", "CNAME", "MX", "NS", "PTR", "SRV", "TXT", "URL", *EXAMPLES}))
ADDRESSES = frozenset({"A", "AAAA", "ALIAS", "URL"})
TTL = range(60, 259_201)
LONGEST_TXT = 1000
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")


def type_of(said: str) -> str:
    """Return the type that somebody means."""
    kind = said.upper()
    if kind not in TYPES:
        raise UsageError(
            f"I change no records of type `{said[:20]}`.",
            suggestion(kind, TYPES)
            or f"I know {', '.join(TYPES)}; anything else is changed at DNSimple itself.",
        )
    return kind


def name_of(said: str, zone: str) -> str:
    """Return the name within the *zone* that somebody means: empty for the apex, in ASCII.

    A name with dots is written in full, so that no other domain's name is taken for one of ours.
    """
    word = said.strip().rstrip(".").lower()
    if word in {"@", "", zone}:
        return ""
    inside = word.removesuffix(f".{zone}")
    if inside == word and "." in word:
        raise UsageError(f"`{said[:100]}` is not in {zone}.", f"Write a name that ends in .{zone}.")
    try:
        encoded = dns.name.from_text(f"{inside}.{zone}.", idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError):
        encoded = None
    labels = encoded.to_text(omit_final_dot=True).removesuffix(f".{zone}").split(".") if encoded else []
    good = all(_HOST.fullmatch(label) or (label == "*" and at == 0) for at, label in enumerate(labels))
    if not labels or not good:
        raise UsageError(
            f"`{said[:100]}` cannot be a name.",
            "A name has parts of at most 63 letters, digits, - and _; * stands for the first part alone.",
        )
    return ".".join(labels)


def full_name(name: str, zone: str) -> str:
    """Return the full name of a name within the *zone*."""
    return f"{name}.{zone}" if name else zone


def record_of(kind: str, full: str, content: str, ttl: int, priority: int | None) -> Record:
    """Return the record of type *kind* that is meant for the name *full*; UsageError says what is wrong."""
    if ttl not in TTL:
        raise UsageError(
            f"A TTL of {ttl} seconds is out of range.", "Say one from 60 (a minute) to 259200 (three days)."
        )
    if kind in RANKED and priority is None:
        raise UsageError(
            f"Records of type {kind} need a priority.", "Say it: `--priority 10`; the lowest is tried first."
        )
    if kind not in RANKED and priority is not None:
        raise UsageError(
            f"Records of type {kind} have no priority.", "Leave `--priority` out; MX and SRV have one."
        )
    if priority is not None and priority not in range(65_536):
        raise UsageError(f"A priority of {priority} is out of range.", "Say one from 0 to 65535.")
    return Record(content=_CONTENT.get(kind, _host)(kind, full, content.strip()), ttl=ttl, priority=priority)


def fitting(kind: str, full: str, zone: str, others: Iterable[str]) -> None:
    """Refuse a set of type *kind* that cannot stand at the name *full* beside sets of the types *others*."""
    kinds = sorted({*others} - {kind})
    if kind == "CNAME" and full == zone:
        raise Refused(
            f"{zone} itself cannot have a CNAME: the DNS does not allow it at the top of a zone.",
            "Use ALIAS for another host's addresses, or URL to send people on.",
        )
    if kind == "CNAME" and kinds:
        raise Refused(
            f"{full} has {', '.join(kinds)} already, and a CNAME must stand alone.",
            f"Remove the others first, or turn it into one: `dns change {full} … --type CNAME`.",
        )
    if "CNAME" in kinds:
        raise Refused(
            f"{full} is a CNAME, which must stand alone.",
            f"Change where it points, or turn it into something else: `dns change {full} … --type {kind}`.",
        )
    clash = sorted({*kinds} & ADDRESSES - {"A", "AAAA"}) if kind in ADDRESSES else []
    clash = clash or (sorted({*kinds} & ADDRESSES) if kind in {"ALIAS", "URL"} else [])
    if clash:
        raise Refused(
            f"{full} has {', '.join(clash)} already, which answers with addresses as {kind} does.",
            f"Turn it into the other: `dns change {full} … --type {kind}`.",
        )


def _wrong(kind: str, content: str, hint: str) -> UsageError:
    return UsageError(f"`{content[:100]}` cannot be the content of a record of type {kind}.", hint)


def _ipv4(kind: str, _full: str, content: str) -> str:
    try:
        return str(IPv4Address(content))
    except AddressValueError:
        hint = "Write an IPv4 address such as 192.0.2.1; for a host name use CNAME, for IPv6 use AAAA."
        raise _wrong(kind, content, hint) from None


def _ipv6(kind: str, _full: str, content: str) -> str:
    try:
        return str(IPv6Address(content))
    except AddressValueError:
        hint = "Write an IPv6 address such as 2001:db8::1; for IPv4 use A."
        raise _wrong(kind, content, hint) from None


def _host(kind: str, full: str, content: str) -> str:
    """Return a host name in ASCII, without the last dot."""
    if "://" in content:
        raise _wrong(kind, content, "Write the host's name alone; a whole address is for the type URL.")
    try:
        name = dns.name.from_text(f"{content.rstrip('.')}.", idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError):
        raise _wrong(kind, content, "Write a host's name, such as pyconuk.github.io.") from None
    host = name.to_text(omit_final_dot=True).lower()
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdecimal() or not all(map(_HOST.fullmatch, labels)):
        hint = "Write a host's full name, such as pyconuk.github.io; for an address use A or AAAA."
        raise _wrong(kind, content, hint)
    if host == full and kind in {"ALIAS", "CNAME"}:
        raise _wrong(kind, content, "It would point at itself.")
    return host


def _url(kind: str, full: str, content: str) -> str:
    try:
        there = urlsplit(content)
        good = there.scheme in {"http", "https"} and there.hostname and there.port != 0
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in content):
        raise _wrong(kind, content, "Write where people are sent to, with https://.")
    if there.hostname == full:
        raise _wrong(
            kind, content, "It would send people in a circle: a redirect cannot lead to its own name."
        )
    return content


def _text(kind: str, _full: str, content: str) -> str:
    """Return a text as it is; the quotes around it, and its pieces, are made when it is sent."""
    text = content[1:-1] if len(content) > 1 and content[0] == content[-1] == '"' else content
    if not text or not text.isprintable():
        raise _wrong(kind, content, "Write a text without line breaks or other signs that do not print.")
    if len(sent("TXT", text)) > LONGEST_TXT:
        hint = f"With the quotes around each 255 octets it may have at most {LONGEST_TXT} characters."
        raise _wrong(kind, text, hint)
    return text


def _detailed(kind: str, _full: str, content: str) -> str:
    return _parsed(kind, content, content, f"Write for example: {EXAMPLES[kind]}")


def _srv(kind: str, full: str, content: str) -> str:
    """Return weight, port and host."""
    hint = "Write WEIGHT PORT HOST, such as 5 5060 sip.example.org, and the priority as `--priority`."
    weight, _, rest = content.partition(" ")
    port, _, host = rest.strip().partition(" ")
    _parsed(kind, content, f"0 {content}", hint)
    return f"{int(weight)} {int(port)} {_host(kind, full, host)}"


def _parsed(kind: str, content: str, wire: str, hint: str) -> str:
    try:
        return spelled(kind, wire)
    except (dns.exception.DNSException, ValueError):
        raise _wrong(kind, content, hint) from None


_CONTENT: Mapping[str, Callable[[str, str, str], str]] = {
    "A": _ipv4,
    "AAAA": _ipv6,
    **dict.fromkeys(EXAMPLES, _detailed),
    "SRV": _srv,
    "TXT": _text,
    "URL": _url,
}
