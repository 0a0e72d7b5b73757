"""The zone that the imitated DNSimple holds: its records, and what DNSimple refuses to keep in it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from urllib.parse import urlsplit

NAMESERVERS = tuple(f"ns{number}.dnsimple.com" for number in range(1, 5))
TYPES = frozenset(
    {"A", "AAAA", "ALIAS", "CAA", "CNAME", "DNSKEY", "DS", "HINFO", "HTTPS", "MX", "NAPTR", "NS", "PTR"}
    | {"SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URL"}
)
PAID = frozenset({"POOL"})  # refused with 412 without the plan
HOSTS = frozenset({"ALIAS", "CNAME", "MX", "NS", "PTR"})  # whose content is a host name
RANKED = frozenset({"MX", "SRV"})
LONGEST_TXT = 1000
TAKEN = "Zone record already exists"
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)


class InvalidError(Exception):
    """What DNSimple refuses to keep: texts by the field they are about, as the answer has them."""

    def __init__(self, **errors: str) -> None:
        super().__init__("Validation failed")
        self.errors = {name: [text] for name, text in errors.items()}


@dataclass
class Record:
    """One record; the apex has an empty name."""

    id: int
    name: str
    type: str
    content: str
    ttl: int
    priority: int | None
    created_at: datetime
    updated_at: datetime
    parent_id: int | None = None
    regions: tuple[str, ...] = ("global",)
    system: bool = False


@dataclass
class Zone:
    """The records of one zone, by number."""

    name: str
    clock: Callable[[], datetime]
    records: dict[int, Record] = field(default_factory=dict)
    last: int = 0
    serial: int = 0

    def add(self, given: Mapping[str, Any], *, system: bool = False, parent: int | None = None) -> Record:
        """Keep a new record; InvalidError when DNSimple refuses it."""
        now = self.clock()
        kind = str(given.get("type", "")).upper()
        record = Record(
            id=self.last + 1,
            name="",
            type=kind,
            content="",
            ttl=3600,
            priority=0 if kind in RANKED else None,
            created_at=now,
            updated_at=now,
            parent_id=parent,
            system=system,
        )
        if kind not in TYPES and not system:
            raise InvalidError(record_type="unsupported")
        for needed in ("name", "content"):
            if needed not in given:
                raise InvalidError(**{needed: "can't be blank"})
        self._fill(record, given)
        self.last += 1
        self.records[record.id] = record
        if kind == "ALIAS":
            self.add({"name": record.name, "type": "TXT", "content": _ride(record)}, parent=record.id)
        return record

    def change(self, record: Record, given: Mapping[str, Any]) -> None:
        """Change a record in place; its type stays whatever is said."""
        self._fill(record, given)
        record.updated_at = self.clock()
        for child in self.children(record):
            child.name, child.content = record.name, f'"{_ride(record)}"'

    def remove(self, record: Record) -> None:
        """Forget a record, and what hangs on it."""
        for gone in (record, *self.children(record)):
            del self.records[gone.id]
        self.serial += 1

    def children(self, record: Record) -> list[Record]:
        """Return the records that hang on one."""
        return [each for each in self.records.values() if each.parent_id == record.id]

    def at(self, name: str) -> list[Record]:
        """Return the records of a name."""
        return [each for each in self.records.values() if each.name == name.lower()]

    def _fill(self, record: Record, given: Mapping[str, Any]) -> None:
        """Put what was given into a record; nothing is kept when any of it is refused."""
        name = _name(given["name"]) if "name" in given else record.name
        content = _content(record.type, given["content"]) if "content" in given else record.content
        ttl = _number("ttl", given["ttl"], record.ttl) if "ttl" in given else record.ttl
        priority = record.priority
        if record.type in RANKED and "priority" in given:
            priority = _number("priority", given["priority"], 0)
        if not record.system:
            self._check(record, name, content)
        record.name, record.content, record.ttl, record.priority = name, content, ttl, priority
        self.serial += 1

    def _check(self, record: Record, name: str, content: str) -> None:
        """Refuse what cannot stand beside the other records of *name*."""
        others = [each for each in self.at(name) if each.id != record.id]
        if any((each.type, each.content) == (record.type, content) for each in others):
            raise InvalidError(base=TAKEN)
        if record.type == "CNAME" and not name:
            raise InvalidError(name="a CNAME record is not allowed at the apex of a zone")
        kinds = {each.type for each in others}
        if (record.type == "CNAME" and kinds) or "CNAME" in kinds:
            raise InvalidError(base="a CNAME record must be the only record of its name")


def _ride(record: Record) -> str:
    return f"ALIAS for {record.content}"


def _name(said: object) -> str:
    name = str(said or "").lower()
    labels = name.split(".") if name else []
    good = all(_LABEL.fullmatch(label) or (label == "*" and not at) for at, label in enumerate(labels))
    if not good or name.endswith("."):
        raise InvalidError(name="is invalid")
    return name


def _content(kind: str, said: object) -> str:
    content = str(said or "")
    if not content:
        raise InvalidError(content="can't be blank")
    if kind in {"A", "AAAA"}:
        return _address(kind, content)
    if kind in HOSTS:
        return _host(content)
    if kind == "URL":
        parts = urlsplit(content)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InvalidError(content="must be a URL with its scheme")
    return _quoted(content) if kind in {"TXT", "SPF"} else content


def _address(kind: str, content: str) -> str:
    try:
        return str(IPv4Address(content) if kind == "A" else IPv6Address(content))
    except ValueError:
        raise InvalidError(content=f"is not a valid {'IPv4' if kind == 'A' else 'IPv6'} address") from None


def _host(content: str) -> str:
    host = content.removesuffix(".")
    if not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise InvalidError(content="is not a valid host name")
    return host


def _quoted(content: str) -> str:
    """Return a text in its stored form: quoted, in pieces of at most 255 characters."""
    if not content.startswith('"'):
        text = content.replace("\\", "\\\\").replace('"', '\\"')
        pieces = (text[start : start + 255] for start in range(0, len(text), 255))
        content = " ".join(f'"{piece}"' for piece in pieces)
    if len(content) > LONGEST_TXT:
        raise InvalidError(content=f"is too long (maximum is {LONGEST_TXT} characters)")
    return content


def _number(name: str, said: object, default: int) -> int:
    if said is None:
        return default
    if isinstance(said, bool) or not isinstance(said, int) or said < 0:
        raise InvalidError(**{name: "must be a number of at least 0"})
    return said


def found(records: Iterable[Record], query: Mapping[str, str]) -> Iterator[Record]:
    """Yield the records that the filters of a list let through."""
    name, like, kind = query.get("name"), query.get("name_like"), query.get("type")
    for each in records:
        if (
            (name is None or each.name == name.lower())
            and (like is None or like.lower() in each.name)
            and (kind is None or each.type == kind.upper())
        ):
            yield each
