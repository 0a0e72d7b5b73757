"""*If the bot is silent*, pinned in the channel of approvals."""

from dataclasses import replace

from bot.frontends.slack.outgoing import Outgoing
from bot.frontends.slack.silent import KEY, PLACE, Help, pin
from bot.store import messages
from bot.store.messages import Message
from tests.frontends.slack.office import APPROVALS, AT_ONCE, Office, shown

HELP = Help("Cory, on the laptop", ("Cory", "George"), ("Push access: https://example.org/team",))


async def test_it_is_pinned_once_and_kept_up_to_date(office: Office) -> None:
    """Again it is edited in its place, also by a bot whose database is new; deleted, it is posted anew."""
    slack, store, clock = office.slack, office.world.store, office.world.clock
    out = Outgoing(slack.url("/api/"), "xoxb-test", AT_ONCE)
    channel = slack.channels[APPROVALS]
    await out.open()
    await pin(HELP, out, store, APPROVALS, clock)
    (message,) = channel.messages
    for said in ("Cory, on the laptop", "https://example.org/team", "(Cory and George)"):
        assert said in shown(message)
    await pin(replace(HELP, keeper="George"), out, store, APPROVALS, clock)
    async with store.write() as tx:
        await messages.put(tx, KEY, PLACE, Message(channel="C0OTHER", ts="1", fingerprint=""))
    await pin(replace(HELP, keeper="Owen"), out, store, APPROVALS, clock)
    assert [message.ts] == channel.pins == [each.ts for each in channel.messages]
    assert "Owen" in shown(message)
    slack.remove(message)
    await pin(HELP, out, store, APPROVALS, clock)
    await out.close()
    assert [each.ts for each in channel.messages] == channel.pins != [message.ts]
