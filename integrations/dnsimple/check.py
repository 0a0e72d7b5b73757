"""Looks from outside: what ``infra check`` finds out about DNSimple and the zone."""

from bot.core.errors import Denied, VendorError
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.dnsimple.certificates import certificates
from integrations.dnsimple.client import DnsimpleClient

WHERE = "DNSimple, Account, Automation"
PATH = "/webhooks/dnsimple"


async def check(client: DnsimpleClient) -> tuple[Finding, ...]:
    """Return what was looked at, how it is, and what to do."""
    try:
        return (*await health(client), *_kind(client))
    except Denied as error:
        return (
            Finding.bad(error.message, f"Make a token at {WHERE}; `integrations.dnsimple.token` names it."),
        )
    except VendorError as error:
        return (Finding.bad(error.message, error.hint),)


async def health(client: DnsimpleClient) -> tuple[Finding, ...]:
    """Return how the zone does: servers, distribution, webhooks, certificates; raises VendorError."""
    account = await client.account()
    zone = await client.zone()
    if str(account.id) != client.settings.account:
        text = f"The token for DNSimple is for account {account.id}, not {client.settings.account}."
        return (Finding.bad(text, "Set `integrations.dnsimple.account`, or use that account's token."),)
    if zone is None:
        hint = "Set `integrations.dnsimple.zone`, or let the token see it."
        return (Finding.bad(f"DNSimple shows our token no zone {client.zone_name}.", hint),)
    plan = account.plan_identifier or "unknown"
    return (
        Finding.good(f"DNSimple answers for the zone {zone.name} (plan {plan})."),
        *([] if zone.active else [_inactive(zone.name)]),
        await _servers(client),
        await _distribution(client),
        await _webhooks(client),
        *await certificates(client),
    )


def _kind(client: DnsimpleClient) -> list[Finding]:
    """Return which servers of ours one person keeps."""
    servers = [f"{address} ({who})" for address, who in client.settings.kindly_hosted.items()]
    hint = "What leads there is lost with that person: `dns` names it. Is there a second one who can help?"
    return [Finding.warning(f"Kept by one person: {listed(servers, 'and')}.", hint)] if servers else []


def _inactive(zone: str) -> Finding:
    return Finding.bad(f"{zone} is not active: nobody can look it up.", "Activate it at DNSimple.")


async def _servers(client: DnsimpleClient) -> Finding:
    """Return whether each of the zone's name servers answers us."""
    served = await client.outside.served(client.zone_name, "SOA")
    silent = [each.server.name for each in served if not each.contents]
    if not served:
        hint = "Is port 53 open here? Set `integrations.dnsimple.nameservers` if it must be another one."
        return Finding.warning("No name server of the zone could be found: changes cannot be checked.", hint)
    if silent:
        hint = "They may be down, or port 53 is closed here: then changes cannot be checked from outside."
        return Finding.warning(f"Name servers that do not answer: {listed(silent, 'and')}.", hint)
    return Finding.good(f"{len(served)} name servers answer for {client.zone_name}.")


async def _distribution(client: DnsimpleClient) -> Finding:
    said = await client.distributed()
    if said:
        return Finding.good("DNSimple says that all its name servers are up to date.")
    if said is None:
        return Finding.warning("DNSimple could not check its name servers.", "Look again in a minute.")
    return Finding.warning("DNSimple says that not all its name servers are up to date.", "Look again soon.")


async def _webhooks(client: DnsimpleClient) -> Finding:
    """Return whether DNSimple tells us what happens; the address holds a secret, so it is not repeated."""
    secret = client.settings.hook
    if not secret:
        return Finding.good("Webhooks are off, which is fine: the bot looks by itself.")
    try:
        found = await client.webhooks()
    except VendorError:
        text = f"Webhooks are on, at {PATH}; whether DNSimple sends there, our token may not see."
        return Finding.good(text)
    ours = [each for each in found if each.url.endswith(f"{PATH}/{secret}")]
    if not ours:
        text = f"Webhooks are on, at {PATH}, but DNSimple does not send there."
        return Finding.warning(text, "Tell it the address: docs/operations.md, DNSimple.")
    if all(each.suppressed_at for each in ours):
        text = "DNSimple gave up sending webhooks: too many could not be delivered."
        return Finding.warning(text, "See that it can reach the bot, then switch them on there again.")
    return Finding.good(f"Webhooks are on, at {PATH}: what others change is looked at at once.")
