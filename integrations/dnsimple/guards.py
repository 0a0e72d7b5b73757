"""What of the zone needs two owners, and what must not be changed here: pure functions of its records."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.core.change import Change
from integrations.dnsimple.models import ZoneRecord
from integrations.dnsimple.records import parts

KEPT_BY_DNSIMPLE = {"SOA", "NS"}


def current_year(zone: str, records: Iterable[ZoneRecord]) -> str | None:
    """Return the name that the redirect at the apex leads to: the site of the current year."""
    for each in records:
        host = urlsplit(each.content).hostname if each.type == "URL" and not each.name else None
        if host and host.endswith(f".{zone}"):
            return host.removesuffix(f".{zone}")
    return None


def protected(change: Change, zone: str, records: Iterable[ZoneRecord]) -> str | None:
    """Return why two owners are needed for *change*."""
    full, name, kind = parts(change.target, zone)
    if not name:
        return f"the apex, {zone} itself"
    if name == "www":
        return full
    if kind in {"NS", "MX"}:
        return f"{kind} records"
    return f"the current year, {full}" if name == current_year(zone, records) else None


def refused(change: Change, zone: str, records: Iterable[ZoneRecord]) -> str | None:
    """Return why *change* must not happen here."""
    full, name, kind = parts(change.target, zone)
    if kind == "SOA" or (not name and kind in KEPT_BY_DNSIMPLE):
        return f"DNSimple keeps the {kind} records of {zone} itself: they are changed there, by hand."
    mine = [each for each in records if (each.name, each.type) == (name, kind)]
    if any(each.regions != ("global",) for each in mine):
        only = "is served in some regions only, which I could not put back"
        return f"{full} {kind} {only}: change it at DNSimple, by hand."
    return None
