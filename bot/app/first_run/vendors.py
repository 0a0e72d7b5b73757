"""The step of a vendor: what its face asks, and its check until nothing is missing."""

from collections.abc import Awaitable, Collection, Sequence
from typing import Any

from bot.app.first_run.interview import Interview
from bot.core.errors import BotError
from bot.core.vendor import Ask, Entries, Finding, Vendor
from bot.frontends.terminal.dialogue import Question
from bot.http import Network
from integrations import VENDORS
from integrations.github import GITHUB


def optional() -> list[Vendor[Any, Any, Any]]:
    """Return the vendors that the bot can do without."""
    return [vendor for vendor in VENDORS if vendor is not GITHUB]


def wanted(talk: Interview, also: Collection[str]) -> list[Vendor[Any, Any, Any]]:
    """Return the vendors to set up: those that are begun or named in *also*, and whom somebody chooses now.

    A configuration that is complete is not asked about more: `--with` adds them.
    """
    left = [each for each in optional() if talk.draft.get(_section(each)) is None]
    if left and not also and not talk.draft.foreign:
        question = Question(
            "Which other vendors do you use? They can be set up now, or later",
            "Their numbers, such as 2 or 1 3, or `all`. Enter: none now.",
            "Each asks where you are there, and for a token if it needs one. Later: infra init --with NAME.",
            optional=True,
            options=tuple(vendor.title for vendor in left),
        )
        for chosen in talk.dialogue.choose_several(question):
            talk.keep(_section(left[chosen]), {})
    return [each for each in optional() if each.name in also or talk.draft.get(_section(each)) is not None]


def _section(vendor: Vendor[Any, Any, Any]) -> str:
    return f"integrations.{vendor.name}"


async def settle(talk: Interview, vendor: Vendor[Any, Any, Any], net: Network) -> Any:
    """Settle one vendor's section; return its client."""
    client = await _connected(talk, vendor, net)
    if vendor.entries:
        await _filled(talk, vendor, vendor.entries(vendor.reads(client)))
    return client


async def _filled(
    talk: Interview, vendor: Vendor[Any, Any, Any], look: Awaitable[tuple[Entries, ...]]
) -> None:
    """Ask about what is live there, once; nothing need be answered."""
    try:
        found = await talk.dialogue.during(f"{vendor.title} is asked", look)
    except BotError as error:
        talk.dialogue.wrong(
            f"{vendor.title}: {error.message}", "Run this again, to be asked about what is there."
        )
        return
    for each in found:
        key = f"{_section(vendor)}.{each.key}"
        if each.asks and talk.known(key) is None:
            said = {
                ask.key: talk.dialogue.ask(Question(ask.title, ask.why, ask.how, optional=True))
                for ask in each.asks
            }
            talk.keep(key, {name: answer for name, answer in said.items() if answer})
            talk.done(key)


async def _connected(talk: Interview, vendor: Vendor[Any, Any, Any], net: Network) -> Any:
    """Ask and check until nothing is missing, or it is left as it is; return the client."""
    section = _section(vendor)
    if talk.draft.get(section) is None and not vendor.asks:
        talk.keep(section, {})
    asks = _of_one_way(talk, vendor)
    while True:
        for ask in asks:
            if f"{section}.{ask.key}" in talk.again:
                talk.answer(section, ask, await _offers(talk, vendor, ask, net))
            elif not ask.spare:
                talk.answer(section, ask)
        client = vendor.connect(talk.section(vendor), net)
        found = await _checked(talk, vendor, client)
        talk.dialogue.findings(found)
        if all(finding.level != "bad" for finding in found) or not _repair(talk, vendor, asks, found):
            return client


def _of_one_way(talk: Interview, vendor: Vendor[Any, Any, Any]) -> list[Ask]:
    """Return what is asked of the one way that is gone; what belongs to the others is forgotten."""
    section = _section(vendor)
    ways = tuple(dict.fromkeys(ask.way for ask in vendor.asks if ask.way))
    way = next((a.way for a in vendor.asks if a.way and talk.draft.get(f"{section}.{a.key}")), "")
    if ways and (not way or section in talk.again):
        question = Question(f"How does the bot act on {vendor.title}?", default="1", options=ways)
        way = ways[talk.dialogue.choose(question)]
        for other in {ask.key.partition(".")[0] for ask in vendor.asks if ask.way not in ("", way)}:
            if talk.draft.get(f"{section}.{other}"):
                talk.keep(f"{section}.{other}", None)
        for key in (f"{section}.{ask.key}" for ask in vendor.asks if ask.way == way):
            if talk.is_secret(key):  # where it will be: so the next run knows the way
                talk.keep(key, str(talk.reference(key)))
        talk.done(section)
    return [ask for ask in vendor.asks if ask.way in ("", way)]


async def _offers(talk: Interview, vendor: Vendor[Any, Any, Any], ask: Ask, net: Network) -> tuple[str, ...]:
    """Return what can be chosen from, when the vendor says."""
    if not ask.offers:
        return ()
    reads = vendor.reads(vendor.connect(talk.section(vendor), net))
    try:
        return tuple(await talk.dialogue.during(f"{vendor.title} is asked", vendor.names[ask.offers](reads)))
    except BotError:
        return ()


async def _checked(talk: Interview, vendor: Vendor[Any, Any, Any], client: Any) -> tuple[Finding, ...]:
    if vendor.check is None:
        return ()
    try:
        return await talk.dialogue.during(f"{vendor.title} is asked", vendor.check(client))
    except BotError as error:
        return (Finding(level="bad", text=f"{vendor.title}: {error.message}", hint=error.hint),)


def _repair(
    talk: Interview, vendor: Vendor[Any, Any, Any], asks: Sequence[Ask], found: Sequence[Finding]
) -> bool:
    """Ask what to answer anew; False to go on as it is."""
    keys = [f"{_section(vendor)}.{ask.key}" for ask in asks]
    options = ("look again", *(ask.title for ask in asks), f"go on, and put {vendor.title} right later")
    secrets = [n for n, key in enumerate(keys, 1) if talk.is_secret(key)]
    nothing_works = all(finding.level == "bad" for finding in found)
    default = secrets[0] + 1 if nothing_works and secrets else 1
    why = "Put right what ✗ names and look again, or answer something anew."
    chosen = talk.dialogue.choose(Question("What now?", why, default=str(default), options=options))
    if 0 < chosen <= len(keys):
        talk.anew(keys[chosen - 1])
    return chosen <= len(keys)
