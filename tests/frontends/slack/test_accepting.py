"""Whoever must accept is asked in Slack, or through who asked for it; when they do not, it is told once."""

import asyncio

from integrations.slack.standin import Message
from tests.frontends.slack.office import CORY, ORGANISER, ORGANISER_2, OWEN, Office, buttons, shown
from tests.workflow.world import EVERYONE


async def waiting(office: Office) -> Message:
    """Return the card of a request that waits for the keeper of a box."""
    office.world.shelf.invites = True
    card = await office.asks("put a=pear")
    await office.presses(CORY, card, "approve")
    return await office.carded("a waits for its keeper until 22 Jun")


async def passes(office: Office, **span: float) -> None:
    """Let time pass, and what is due happen."""
    await office.world.jump(**span)
    office.world.wiring.jobs.wake()


async def test_whom_we_know_is_asked_directly(office: Office) -> None:
    """The keeper gets one message on each day with the link; who asked for it gets none of them."""
    ours = next(person for person in EVERYONE if person.name == "organiser-2")
    await office.world.everyone(ours.model_copy(update={"github": "keeper-of-a"}))
    await waiting(office)
    await passes(office, days=2)
    asked = await office.noted(ORGANISER_2, "Accept by Mon 22 Jun: https://shelf.example/a")
    assert shown(asked).startswith("*You are invited, and not in yet.* Put a=pear, asked for by organiser-1.")
    await office.carded("Asked Wed 17 Jun, 09:00. Next: asked again Sat 20 Jun.")
    await passes(office, days=3)
    await office.carded("Asked Sat 20 Jun, 09:00. Next: runs out Mon 22 Jun.")
    office.world.shelf.accept("a")
    while "✅ a holds pear" not in shown(office.cards[0]):  # a look that goes on is not begun anew
        await passes(office, minutes=1)
        await asyncio.sleep(0.1)
    assert "Next:" not in shown(await office.carded("✅ a holds pear"))
    assert [len(office.direct(who)) for who in (ORGANISER, ORGANISER_2)] == [1, 2]


async def test_whom_slack_cannot_reach_is_asked_through_who_asked(office: Office) -> None:
    """A keeper whose account in Slack is gone is one to forward to."""
    ours = next(person for person in EVERYONE if person.name == "Owen")
    await office.world.everyone(ours.model_copy(update={"github": "keeper-of-a"}))
    await waiting(office)
    office.slack.users[OWEN].deleted = True
    await passes(office, days=2)
    await office.noted(ORGANISER, "#1 waits for keeper-of-a, whom I cannot reach in Slack.")


async def test_what_nobody_accepted_is_asked_for_once_more(office: Office) -> None:
    """Who asked forwards it, is told how it ended, and files one request however often they press."""
    await waiting(office)
    await passes(office, days=2)
    forward = await office.noted(ORGANISER, "#1 waits for keeper-of-a")
    assert "• keeper-of-a, you are invited, and not in yet." in shown(forward)
    await office.world.shelf.put("a", None)
    await passes(office, days=5)
    told = await office.noted(ORGANISER, "*keeper-of-a did not accept, so #1 ended:* Put a=pear.")
    await office.carded("*keeper-of-a did not accept.* Approved by Cory 09:00.")
    assert buttons(told) == ["invite_again", "open"]
    direct = office.slack.direct(ORGANISER)

    def answers() -> int:
        return sum("*#2 is with the owners.*" in shown(m) for m in office.private(ORGANISER, direct))

    await office.presses(ORGANISER, told, "invite_again")
    await office.slack.until(lambda: answers() == 1)
    await office.presses(ORGANISER, told, "invite_again")
    await office.slack.until(lambda: answers() == 2)
    said = [shown(message) for message in office.private(ORGANISER, direct)]
    assert [words for words in said if "*#2 is with the owners.*" not in words and "⏳" not in words] == []
    await office.noted(ORGANISER, "*#2: Put a=pear*")
    assert [len(office.cards), len(office.direct(ORGANISER))] == [2, 4]
