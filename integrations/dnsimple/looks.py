"""Whether a change works: each name server has it, and the site behind the name answers."""

import re
from collections.abc import Sequence
from datetime import timedelta

from yarl import URL

from bot.core.change import Change
from bot.core.people import listed
from bot.core.takeover import service
from bot.core.vendor import Look
from integrations.dnsimple.client import DnsimpleClient
from integrations.dnsimple.outside import PUBLISHED, Outside, Page, Served, key
from integrations.dnsimple.records import RecordSet, parts

_YEAR = re.compile(r"\d{4}\.")  # the name of a year's site, which may be on a server without a certificate


async def look(client: DnsimpleClient, change: Change) -> Look:
    """Look from outside whether what *change* made is there, and how long others may see what was before."""
    full, _, kind = parts(change.target, client.zone_name)
    before, after = (
        None if s is None else RecordSet.model_validate(s) for s in (change.before, change.after)
    )
    wrong = await amiss(client.outside, full, kind, after)
    return Look(good=not wrong, text="; ".join(wrong), lingers=before.ttl if before else timedelta(0))


async def amiss(outside: Outside, full: str, kind: str, wanted: RecordSet | None) -> list[str]:
    """Return what is not from outside as the set *wanted* says, in words."""
    served = await outside.served(full, kind)
    if not served:
        return ["no name server could be found"]
    wrong = _servers(served, kind, wanted)
    return wrong or ([] if wanted is None else await _site(outside, full, kind, wanted))


async def leads_nowhere(client: DnsimpleClient, change: Change) -> str | None:
    """Return why visitors of the apex and www must not be sent on: to a site of ours that does not answer."""
    _, name, kind = parts(change.target, client.zone_name)
    if kind != "URL" or name not in {"", "www"} or change.after is None:
        return None
    there = RecordSet.model_validate(change.after).records[0].content
    host = URL(there).host or ""
    page = await client.outside.fetch(there) if host.endswith(f".{client.zone_name}") else Page()
    if not page.trouble and page.status < 400:
        return None
    return f"{there} shows no page{_but(page.trouble or f'status {page.status}')}: visitors would be lost."


def _servers(served: Sequence[Served], kind: str, wanted: RecordSet | None) -> list[str]:
    """Return which name servers do not answer, or not yet so."""
    silent = [each.server.name for each in served if each.contents is None]
    behind = [
        each.server.name for each in served if each.contents is not None and not _fits(each, kind, wanted)
    ]
    found = [f"{listed(silent, 'and')} {_do(silent)} not answer"] if silent else []
    return [*found, f"{listed(behind, 'and')} {_do(behind)} not have it"] if behind else found


def _do(names: Sequence[str]) -> str:
    return "does" if len(names) == 1 else "do"


def _fits(served: Served, kind: str, wanted: RecordSet | None) -> bool:
    """Return whether a server answers as it should; the addresses of URL and ALIAS are DNSimple's own."""
    if kind in PUBLISHED:
        return bool(served.contents) or wanted is None
    return served.contents == frozenset(map(key, wanted.records if wanted else ()))


async def _site(outside: Outside, full: str, kind: str, wanted: RecordSet) -> list[str]:
    """Return what is wrong with the site behind a name, where we know that there is to be one."""
    content = wanted.records[0].content
    if kind == "URL" and "*" not in full:
        page = await outside.fetch(f"http://{full}/")
        sends = page.location.rstrip("/") == content.rstrip("/")
        return [] if sends else [f"http://{full} does not lead to {content}{_but(page.trouble)}"]
    served = kind in {"CNAME", "ALIAS"} and service(content) and "*" not in full
    if served or (kind in {"A", "AAAA"} and _YEAR.match(full)):
        address = f"{'https' if served else 'http'}://{full}"
        page = await outside.fetch(f"{address}/")
        if not page.trouble and page.status < 400:
            return []
        return [f"{address} shows no page{_but(page.trouble or f'status {page.status}')}"]
    return []


def _but(why: str) -> str:
    return f": {why}" if why else ""
