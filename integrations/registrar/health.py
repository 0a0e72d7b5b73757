"""How the domain does at its registry: what the registrar should have done, and what people must do."""

from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatch

from bot.core.duration import day
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.registrar.reads import Facts, RegistrarReads
from integrations.registrar.settings import RegistrarSettings

WARNED = (60, 30, 14, 7, 3, 1)  # days before the end
ALARM = 14
LOG_IN = "Whoever has the login at 123-reg"
ALARMING = {
    "auto renew period": (
        "the registry has moved its end on, paid or not, and it is lost in 45 days if it was not paid",
        f"{LOG_IN} sees whether the invoice was paid.",
    ),
    "redemption period": (
        "it is lost, and can be bought back for about 30 days only",
        f"{LOG_IN} asks 123-reg to restore it now; that costs extra.",
    ),
    "pending delete": (
        "it is deleted within days, and anybody can take it then",
        "Nothing stops that: be ready to register it anew at once.",
    ),
    "client hold": ("the registrar took it out of the DNS", f"{LOG_IN} asks why, and pays what is open."),
    "server hold": ("the registry took it out of the DNS", f"{LOG_IN} asks 123-reg why."),
    "pending transfer": (
        "somebody is moving it to another registrar",
        f"{LOG_IN} refuses that within five days, unless an owner asked for it.",
    ),
}


async def health(reads: RegistrarReads) -> tuple[Finding, ...]:
    """Return what the registry says of the domain, against what it should."""
    facts, settings = await reads.domain(), reads.settings
    if facts is None:
        text = f"{settings.domain} is registered by nobody: anybody can take it."
        return (Finding.bad(text, "Register it at once, at any registrar."),)
    return tuple(_findings(facts, settings, reads.now()))


def left(ends_at: datetime, now: datetime) -> int:
    """Return how many days are left."""
    return (ends_at.date() - now.date()).days


def ending(domain: str, ends_at: datetime, now: datetime) -> str:
    """Return in words when the domain ends."""
    days = left(ends_at, now)
    when = f"in {days} day{'s' * (days != 1)}" if days >= 0 else "that is past"
    return f"{domain} ends on {day(ends_at.date())}, {when}."


def _findings(facts: Facts, settings: RegistrarSettings, now: datetime) -> Iterator[Finding]:
    domain = settings.domain
    who = facts.registrar or "a registrar that is not named"
    until = f" until {day(facts.ends_at.date())}" if facts.ends_at else ""
    yield Finding(level="good", text=f"{domain} is registered with {who}{until}.")
    for status, (why, hint) in ALARMING.items():
        if status in facts.status:
            yield Finding.bad(f"{domain} is in “{status}”: {why}.", hint)
    yield from _end(facts, domain, now)
    if settings.registrar.casefold() not in who.casefold():
        hint = f"If that is wanted, the maintainer sets `integrations.registrar.registrar`; if not, {_CALL}"
        yield Finding.bad(f"{domain} is registered with {who}, not with {settings.registrar}.", hint)
    yield from _delegation(facts, settings)
    if settings.locked and not facts.locked and not domain.endswith(".uk"):  # .uk has no such lock
        hint = f"{LOG_IN} locks it: the domain's page, Transfer lock."
        yield Finding(level="warning", text=f"{domain} is not locked: it could be moved away.", hint=hint)
    if facts.signed is not None and facts.signed is not settings.dnssec:
        yield _signed(facts.signed, domain)


_CALL = "call 123-reg: it may have been taken."


def _end(facts: Facts, domain: str, now: datetime) -> Iterator[Finding]:
    if facts.ends_at is None:
        hint = f"{LOG_IN} sees it there: `costs record 123-reg AMOUNT --per year --renews DATE …` keeps it."
        yield Finding(level="warning", text=f"The registry does not say when {domain} ends.", hint=hint)
    elif left(facts.ends_at, now) <= WARNED[0]:
        level = "bad" if left(facts.ends_at, now) <= ALARM else "warning"
        hint = f"{LOG_IN} renews it, and sees that the card on file is good."
        text = ending(domain, facts.ends_at, now)
        yield Finding.model_validate({"level": level, "text": text, "hint": hint})


def _delegation(facts: Facts, settings: RegistrarSettings) -> Iterator[Finding]:
    others = [
        host for host in facts.nameservers if not any(fnmatch(host, each) for each in settings.nameservers)
    ]
    there = listed(sorted(facts.nameservers), "and") if facts.nameservers else "no name server"
    if facts.nameservers and not others:
        yield Finding(level="good", text=f"{settings.domain} is delegated to {there}.")
        return
    text = f"{settings.domain} is delegated to {there}, not to {listed(settings.nameservers, 'and')}."
    hint = f"{LOG_IN} sets them: the domain's page, Nameservers. Registrars point unpaid names elsewhere."
    yield Finding.bad(text, hint)


def _signed(signed: bool, domain: str) -> Finding:
    if signed:
        text = f"The registry has DNSSEC keys of {domain}"
        text += ": unless DNSimple signs with them, nobody can look it up."
        return Finding.bad(text, f"{LOG_IN} removes the DS record, or DNSimple signs the zone.")
    text = f"{domain} is not signed: the registry has no DNSSEC keys."
    return Finding(level="warning", text=text, hint=f"{LOG_IN} enters the DS record that DNSimple shows.")
