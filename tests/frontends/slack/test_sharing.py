"""What somebody was answered alone can be shared where they asked, once."""

import asyncio
from datetime import timedelta

from bot.store import answers
from bot.workflow.timers import Timers
from tests.frontends.slack.faults import Faults
from tests.frontends.slack.office import (
    CORY,
    GENERAL,
    ORGANISER,
    Office,
    buttons,
    shown,
)


def public(office: Office, channel: str = GENERAL) -> list[str]:
    """Return what the bot said for all to see."""
    seen = office.slack.messages(channel, CORY)
    return [shown(message) for message in seen if message.bot_id and not message.ephemeral_to]


async def test_an_answer_is_shared_once(office: Office) -> None:
    """The answer is posted where it was asked, with who shared it and as of when; a second press is told."""
    await office.says(ORGANISER, "/infra choose")
    answer = await office.told(ORGANISER, "Which?")
    office.world.clock.now += timedelta(hours=2)
    await asyncio.gather(*(office.presses(ORGANISER, answer, "share") for _ in range(2)))
    left = await office.told(ORGANISER, "hared here")
    await office.settled()
    press = office.slack.deliveries[-1]
    await office.slack.deliver(press.kind, press.payload | {"trigger_id": "of a third press"})
    await office.told(ORGANISER, "It is shared here already.")
    assert buttons(left) == ["say:0", "say:1"]
    assert public(office) == ["*Two ways*\nWhich?\n(Shared by organiser-1, as of Mon 15 Jun, 09:00.)"]


async def test_a_thread_keeps_what_was_asked_in_it(office: Office) -> None:
    """What was asked in a thread is shared in the thread; a picture comes along."""
    parent = office.slack.post(GENERAL, CORY, "how do sales go?")
    await office.says(ORGANISER, "@infra draw", thread=parent.ts)
    answer = await office.told(ORGANISER, "120 of 400 sold")
    await office.presses(ORGANISER, answer, "share")
    await office.told(ORGANISER, "Shared here.")
    posted = [m for m in office.slack.messages(GENERAL, CORY) if m.bot_id and not m.ephemeral_to]
    assert [message.thread_ts for message in posted] == [parent.ts, parent.ts]
    assert [file.content for message in posted for file in message.files] == [b"png"]


async def test_a_picture_is_not_lost_when_slack_goes_away(office: Office, faults: Faults) -> None:
    """When Slack goes away after the message, its picture follows at the next try, once."""
    await office.says(ORGANISER, "/infra draw")
    answer = await office.told(ORGANISER, "120 of 400 sold")
    await office.settled()
    faults.broken["files.getUploadURLExternal"] = 1
    for _ in range(2):
        await office.presses(ORGANISER, answer, "share")
        await office.settled()
    posted = [m for m in office.slack.messages(GENERAL, CORY) if m.bot_id and not m.ephemeral_to]
    assert [[file.content for file in message.files] for message in posted] == [[], [b"png"]]


async def test_where_the_bot_is_not_in_it_says_how_to_invite_it(office: Office) -> None:
    """Where the bot is no member, whoever shares reads how to invite it, and can press again then."""
    members = office.slack.channels[GENERAL].members
    members.remove("U0BOT")
    await office.says(ORGANISER, "/infra look")
    await office.presses(ORGANISER, await office.told(ORGANISER, "0 requests"), "share")
    refused = await office.told(ORGANISER, "*I am not in this channel, so I cannot post here.*")
    assert "Say `/invite @infra`" in shown(refused)
    members.append("U0BOT")
    await office.presses(ORGANISER, refused, "share")
    await office.told(ORGANISER, "Shared here.")
    assert len(public(office)) == 1


async def test_what_is_private_is_not_offered(office: Office) -> None:
    """A refusal, an answer marked private, and what is asked in a direct conversation have no such button."""
    for line, words in (("lok", "I do not know"), ("whisper", "For you alone"), ("put a=pear", "#1 is with")):
        await office.says(ORGANISER, f"/infra {line}")
        assert "share" not in buttons(await office.told(ORGANISER, words))
    await office.says(ORGANISER, "look", office.slack.direct(ORGANISER))
    assert buttons(await office.noted(ORGANISER, "1 request")) == []


async def test_a_long_answer_keeps_its_button(office: Office) -> None:
    """What is left out of an answer that is too long is never the button."""
    await office.says(ORGANISER, "/infra table")
    answer = await office.told(ORGANISER, "… and 43 more parts that do not fit here.")
    assert len(answer.blocks) == 50
    assert buttons(answer) == ["share"]


async def test_an_old_answer_is_asked_for_anew(office: Office) -> None:
    """An answer is kept for a day; whoever shares it later reads that it is too old."""
    await office.says(ORGANISER, "/infra look")
    answer = await office.told(ORGANISER, "0 requests")
    await office.settled()
    office.world.clock.now += answers.REMEMBERED + timedelta(seconds=1)
    await Timers(office.world.wiring).sweep()
    await office.presses(ORGANISER, answer, "share")
    await office.told(ORGANISER, "*That answer is too old to be shared.*")
    assert public(office) == []
