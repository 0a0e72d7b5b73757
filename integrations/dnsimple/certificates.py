"""The certificates of our sites, as a browser is shown them: whether they fit, and when they end."""

import asyncio
import ssl
from asyncio import gather
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from yarl import URL

from bot.core.duration import day
from bot.core.takeover import service
from bot.core.values import Value
from bot.core.vendor import Finding
from integrations.dnsimple.client import DnsimpleClient
from integrations.dnsimple.validation import full_name

LONGEST = 10.0  # seconds for one site
RENEWED = 0.2  # of its lifetime is left at least while services renew it as they should
ALARM = 7  # days
AT_ONCE = 5


class Certificate(Value):
    """A site's certificate; *trouble* says why there is none that fits."""

    name: str
    since: datetime | None = None
    until: datetime | None = None
    trouble: str = ""


async def certificates(client: DnsimpleClient) -> tuple[Finding, ...]:
    """Return how the certificates of our sites do that a service shows, which has to renew them."""
    if client.settings.web and URL(client.settings.web).scheme != "https":
        text = "No certificate is looked at: `integrations.dnsimple.web` is a sandbox, whose sites have none."
        return (Finding.good(text),)
    found = await client.seldom("certificates", lambda: _all(client))
    return _findings(found, client.http.network.clock())


async def _all(client: DnsimpleClient) -> tuple[Certificate, ...]:
    found = await client.records()
    pointing = {each.name for each in found if each.type in {"ALIAS", "CNAME"} and service(each.content)}
    names = sorted(full_name(name, client.zone_name) for name in pointing if "*" not in name)
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> Certificate:
        async with turns:
            return await certificate(name, client.settings.web)

    return tuple(await gather(*map(one, names)))


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


async def certificate(name: str, at: str | None = None, trust: ssl.SSLContext | None = None) -> Certificate:
    """Return the certificate that the site *name* shows, by default at its own address."""
    where = URL(at) if at else URL.build(scheme="https", host=name)
    try:
        async with asyncio.timeout(LONGEST):
            _, writer = await asyncio.open_connection(
                where.host, where.port, ssl=trust or _trust(), server_hostname=name
            )
    except ssl.SSLCertVerificationError as error:
        return Certificate(name=name, trouble=error.verify_message)
    except (OSError, TimeoutError):
        return Certificate(name=name, trouble="it does not answer")
    shown = writer.get_extra_info("peercert")
    writer.close()
    since, until = (
        datetime.fromtimestamp(ssl.cert_time_to_seconds(shown[each]), UTC)
        for each in ("notBefore", "notAfter")
    )
    return Certificate(name=name, since=since, until=until)


def _findings(found: Sequence[Certificate], now: datetime) -> tuple[Finding, ...]:
    late = [finding for each in found if (finding := _late(each, now))]
    good = sorted(each.until for each in found if each.until)
    if late or not good:
        return tuple(late)
    text = f"{len(found)} sites have certificates that fit; the first ends on {day(good[0].date())}."
    return (Finding(level="good", text=text),)


def _late(each: Certificate, now: datetime) -> Finding | None:
    """Return what is wrong with a certificate, if something is."""
    hint = "See the site's settings at its host: the certificate is made and renewed there."
    if each.since is None or each.until is None:
        return Finding(level="bad", text=f"https://{each.name} cannot be trusted: {each.trouble}.", hint=hint)
    left = each.until - now
    if left > (each.until - each.since) * RENEWED:
        return None
    text = f"The certificate of {each.name} ends on {day(each.until.date())}, in {left.days} days."
    return Finding.model_validate(
        {"level": "bad" if left.days < ALARM else "warning", "text": text, "hint": hint}
    )
