"""*If the bot is silent*: the message in the channel of approvals that helps without the bot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.people import listed
from bot.frontends.slack import kit
from bot.frontends.slack.outgoing import Outgoing, SlackRefused
from bot.store import Store, messages
from bot.store.messages import Message as Sent

TITLE = "If the bot is silent"
KEY = "if-silent"
PLACE = "pin"
LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Help:
    """Who helps when the bot is silent, where it runs, and how its work is done by hand."""

    keeper: str
    owners: tuple[str, ...]
    by_hand: tuple[str, ...]


def drawn(help_: Help) -> kit.Message:
    """Return the message."""
    return kit.message(TITLE, [kit.header(TITLE), *kit.sections(_lines(help_))])


def _lines(help_: Help) -> Iterator[str]:
    yield f"*Who can start it again, and where it runs:* {help_.keeper}"
    yield "Nothing is lost meanwhile: what was asked and approved waits in its database."
    yield f"\n*Until then by hand*, as an owner ({listed(help_.owners, 'and')}):"
    yield from (f"• {step}" for step in help_.by_hand)
    yield "• Time-bound grants end when it is back; what must end now is taken away at the place above."
    yield "\nSay in this channel what you did: the bot finds it as a difference, and does not know why."


async def pin(
    help_: Help, outgoing: Outgoing, store: Store, channel: str, clock: Callable[[], datetime]
) -> None:
    """Post and pin it once; later only bring it up to date. Raises SlackAway and SlackRefused."""
    message = drawn(help_)
    async with store.read() as tx:
        sent = await messages.get(tx, KEY, PLACE)
    ts = sent.ts if sent and sent.channel == channel else None
    ts = ts or await outgoing.find(channel, KEY, clock() - LOOK_BACK)
    if ts is None or not await _renewed(outgoing, channel, ts, message):
        channel, ts = await outgoing.post(channel, message, key=KEY)
    async with store.write() as tx:
        shown = Sent(channel=channel, ts=ts, fingerprint=message.fingerprint)
        await messages.put(tx, KEY, PLACE, shown)
    await outgoing.pin(channel, ts)


async def _renewed(outgoing: Outgoing, channel: str, ts: str, message: kit.Message) -> bool:
    """Bring the message up to date; False when somebody deleted it."""
    try:
        await outgoing.edit(channel, ts, message)
    except SlackRefused as refused:
        if refused.code != "message_not_found":
            raise
        return False
    return True
