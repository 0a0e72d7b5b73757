"""`infra check`: each part, then what no part sees: the clock, the way in, what hangs on one thing."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

import aiohttp

from bot.app import nightly
from bot.app.compose import Clock, Core, core
from bot.app.serving import readers, slack_frontend
from bot.core import keys
from bot.core.duration import spell
from bot.core.errors import BotError
from bot.core.people import listed
from bot.core.secret import accounts
from bot.core.vendor import Finding
from bot.http import Answer
from bot.store.inbox import Inbox
from bot.workflow import exports
from config.settings import Settings
from integrations import VENDORS
from integrations.keys import KEYS
from integrations.onepassword import ONEPASSWORD
from integrations.people import PEOPLE, PERSON

SLOW = timedelta(seconds=30)  # a clock that is off by more is worth a word
WRONG = timedelta(minutes=4)  # Slack's calls are refused from five on
REACHED_WITHIN = aiohttp.ClientTimeout(total=10)
FEW = 3  # owners: with two, one who is away stops the other's requests

Section = tuple[str, Sequence[Finding]]


async def checked(settings: Settings, clock: Clock) -> list[Section]:
    """Return what was looked at, part by part: each with what was found, and what to do."""
    clocks = Clocks(clock)
    async with core(settings, clock, heard=clocks.heard) as opened:
        found = [section async for section in _parts(opened)]
        found.append(("This machine's clock", clocks.findings()))
        found.append(("The way in, from outside", [each async for each in _way_in(opened)]))
        found.append(("In whose accounts the bot's tokens were made", await _accounts(opened)))
        found.append(("What hangs on one person or one thing", [each async for each in _alone(opened)]))
    return [(title, findings) for title, findings in found if findings]


async def _parts(opened: Core) -> AsyncIterator[Section]:
    """Check the database, Slack, our people and each vendor that is set up."""
    settings = opened.settings
    yield "Database", [Finding.good(f"Database: {opened.store.dialect}, migrated.")]
    if settings.slack:
        yield "Slack", await slack_frontend(opened, Inbox(opened.store)).check()
    clients = {PEOPLE.name: opened.wiring.bound[PERSON.name].client, **opened.clients}
    for vendor in (PEOPLE, *VENDORS):
        if vendor.name in clients and vendor.check:
            yield vendor.title, await _looked(vendor.title, vendor.check(clients[vendor.name]))
    if settings.export:
        yield exports.TITLE, await nightly.check(opened.store, settings.export)


async def _looked(title: str, look: Awaitable[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """Return what a vendor's check finds, or why it finds nothing."""
    try:
        return await look
    except BotError as error:
        text = error.message if error.message.startswith(title) else f"{title}: {error.message}"
        return (Finding(level="bad", text=text, hint=error.hint),)


@dataclass
class Clocks:
    """How far this machine's clock is from those of the vendors that answered."""

    clock: Clock
    off: dict[str, float] = field(default_factory=dict)  # seconds, by vendor

    def heard(self, vendor: str, answer: Answer | None, _seconds: float) -> None:
        """Note what time a vendor said it was."""
        if answer is not None and (said := answer.date) is not None:
            self.off[vendor] = (said - self.clock()).total_seconds()

    def findings(self) -> list[Finding]:
        """Return how wrong the clock is, by most of them; nothing while nobody said."""
        if not self.off:
            return []
        off = timedelta(seconds=median(self.off.values()))
        by = f"by what {listed(sorted(self.off), 'and')} {'says' if len(self.off) == 1 else 'say'}"
        if abs(off) < SLOW:
            return [Finding.good(f"It is right, {by}.")]
        text = f"It is {spell(abs(off))} {'slow' if off > timedelta(0) else 'fast'}, {by}."
        hint = "Set it by the network (`timedatectl set-ntp true`): calls of Slack's count for five minutes."
        return [Finding(level="bad" if abs(off) >= WRONG else "warning", text=text, hint=hint)]


async def _way_in(opened: Core) -> AsyncIterator[Finding]:
    """Check whether Slack and vendors reach us, as far as that can be seen from here."""
    server, slack = opened.settings.server, opened.settings.slack
    callers = ["Slack"] if slack and slack.transport == "http" else []
    hooked = readers(opened.settings)
    callers += [vendor.title for vendor in VENDORS if vendor.name in hooked]
    if not callers:
        yield Finding.good("Nobody need reach the bot: it calls Slack, and looks at vendors by itself.")
    elif server.public_url is None:
        yield Finding.warning(
            f"It is not known where {listed(callers, 'and')} can reach the bot.", "Set `server.public_url`."
        )
    elif why := await _unreached(f"{server.public_url.rstrip('/')}/healthz"):
        hint = "Is `infra serve` running there? Some networks cannot reach their own address from inside."
        yield Finding.warning(f"{server.public_url} {why}: {listed(callers, 'and')} call there.", hint)
    else:
        yield Finding.good(f"{server.public_url} leads to the bot: {listed(callers, 'and')} call there.")


async def _unreached(url: str) -> str | None:
    """Return why the bot is not at *url*."""
    try:
        async with aiohttp.ClientSession(timeout=REACHED_WITHIN) as session, session.get(url) as answer:
            alive = answer.status == 200 and await answer.json(content_type=None) == {"alive": True}
            return None if alive else f"answers {answer.status}, not as the bot does"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return f"was not reached from here ({type(error).__name__})"


async def _accounts(opened: Core) -> list[Finding]:
    """Return what vendors tell of it and people said, and of which nobody knows it."""
    record = opened.wiring.readers[KEYS.name]
    secrets, people = await record.secrets(), (await opened.service.situation()).people
    whose = accounts(await record.accounts(), secrets, people)
    titles = {vendor.name: vendor.title for vendor in VENDORS}
    found = [
        Finding.good(f"{titles[name]}: {listed(of, 'and')}.") for name, of in whose.items() if name in titles
    ]
    names = {each.vendor: each.name for each in reversed(secrets) if each.vendor in {*titles} - {*whose}}
    if names:
        text = f"Nobody knows it of those for {listed((titles[name] for name in names), 'and')}."
        hint = f"Who knows says it, such as `keys rotated {next(iter(names.values()))} --account ACCOUNT`."
        found.append(Finding.warning(text, hint))
    return found


async def _alone(opened: Core) -> AsyncIterator[Finding]:
    """Check what is lost with one person, one account or one disk."""
    settings, situation = opened.settings, await opened.service.situation()
    if len([owner for owner in situation.owners if owner.slack]) < FEW:
        hint = "Add an owner: `people change NAME --role owner`."
        yield Finding.warning(f"Fewer than {FEW} can decide: with one away, requests of others wait.", hint)
    lines, today = (await opened.service.board.kept()).vendors, opened.clock().date()
    proofs = await opened.wiring.readers[KEYS.name].proofs()
    few = [each.title for each in keys.doors(lines, proofs, situation.people, {}) if not each.enough(today)]
    if few:
        hint = "Whoever can logs in there, and says so: `keys attest VENDOR`; `keys` shows who did."
        yield Finding.warning(f"Fewer than two people are known to get in at {listed(few, 'and')}.", hint)
    for finding in await _looked(ONEPASSWORD.title, opened.wiring.health[ONEPASSWORD.name]()):
        yield finding
    if not settings.server.keeper:
        hint = "Say who, and where it runs: `server.keeper`; `infra init` pins it."
        yield Finding.warning("Nobody is named who can start the bot again.", hint)
    if settings.heartbeat_url is None:
        hint = "Set `heartbeat_url`: docs/operations.md, While it was away."
        yield Finding.warning("Nobody is told when the bot goes silent.", hint)
    if opened.store.dialect == "sqlite" and settings.export is None:
        hint = "Have it written elsewhere every night: docs/operations.md, Every night."
        yield Finding.warning("All that the bot knows is in one file on this machine.", hint)
