"""The card that says what others changed."""

from datetime import timedelta

from bot.core.approval import Situation
from bot.core.change import Change
from bot.core.drift import Difference, Drift
from bot.core.policy import Policy
from bot.core.values import Json
from bot.frontends.slack.drift import card
from bot.store import baseline
from tests.frontends.slack.drawing import drawn
from tests.frontends.slack.office import APPROVALS, Office, buttons, shown
from tests.workflow.world import EVERYONE, LONDON, START

NOW = Situation(EVERYONE, Policy(), LONDON, START)
NAMED: Json = {"vendor": "shelf", "episode": 1}


def drift(count: int = 1, **first: str) -> Drift:
    """Return an episode of some boxes."""
    made = [
        Change(
            resource="shelf.box",
            target=f"box-{number}",
            before=None,
            after={"holds": "fig"},
            words=f"box-{number} holds *fig* (was: nothing)",
        )
        for number in range(count)
    ]
    found = [Difference(number=17 + n, change=change, since=START) for n, change in enumerate(made)]
    found[0] = found[0].model_copy(update=first)
    return Drift(vendor="shelf", episode=1, seq=1, since=START, differences=tuple(found))


def test_what_differs_with_its_buttons() -> None:
    """Each with its number and since when; who did it as far as the vendor says."""
    assert drawn(card(drift(2, by="charlie"), "The shelf", NOW)) == (
        "# The shelf was changed elsewhere\n"
        "17. box-0 holds *fig* (was: nothing) · noticed 09:00, The shelf says by charlie\n"
        "18. box-1 holds *fig* (was: nothing) · noticed 09:00\n"
        "(*Adopt*: it stays so. *Revert*: a request puts it back. `drift` shows it at any time.)\n"
        "[Adopt] [Revert]"
    )


def test_what_goes_against_a_guard_comes_first_and_names_the_owners() -> None:
    """It is loud, in the notification too."""
    message = card(drift(alarm="Only 1 owner is left; at least 2 must stay."), "The shelf", NOW)
    lines = drawn(message).splitlines()
    assert lines[1].startswith("🚨 *Only 1 owner is left; at least 2 must stay.* <@U0CHARLIE> <@U0CORY>")
    assert "Only 1 owner is left" in message.text


def test_what_is_settled_says_how_and_when_all_is() -> None:
    """With nothing left to settle there are no buttons."""
    later = START + timedelta(days=1)
    half = drift(2).settle({17: "accepted by Cory (#3)"}, later)
    said = drawn(card(half, "The shelf", NOW))
    assert "✅ 17. box-0 holds *fig* (was: nothing): *accepted by Cory (#3)*, Tue 16 Jun, 09:00" in said
    whole = drawn(card(half.settle({18: "as accepted again"}, later), "The shelf", NOW))
    assert "*Everything is as accepted again.*" in whole
    assert "[Adopt" not in whole


def test_a_huge_difference_stays_within_slacks_limits() -> None:
    """How many more there are is said, and the buttons are for all that the card counts."""
    message = card(drift(900), "The shelf", NOW)
    assert "… and 870 more: `drift` lists them." in drawn(message)
    assert len(message.blocks) < 50
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    assert isinstance(row["elements"], list)
    assert [button["value"] for button in row["elements"] if isinstance(button, dict)] == [
        "drift adopt 17-916",
        "drift revert 17-916",
    ]
    settled = drift(900).settle(dict.fromkeys(range(17, 917), "as accepted again"), START)
    assert "✅ 890 more were settled before." in drawn(card(settled, "The shelf", NOW))


async def test_one_card_that_is_edited_in_place(office: Office) -> None:
    """The job may run twice and finds what is newest; an episode that is unknown has no card."""
    await office.frontend.drift(NAMED)
    assert office.cards == []
    found = drift(2)
    async with office.world.store.write() as tx:
        await baseline.put_drift(tx, found)
    await office.frontend.drift(NAMED)
    await office.frontend.drift(NAMED)
    async with office.world.store.write() as tx:
        await baseline.put_drift(tx, found.settle({17: "as accepted again"}, START))
    await office.frontend.drift(NAMED)
    [message] = office.cards
    assert (message.channel, buttons(message)) == (APPROVALS, ["say:0", "say:1"])
    assert "✅ 17." in shown(message)
