"""Deciding: who may, who may not, and what each is told."""

import asyncio

from tests.journeys.play import ASK, INVITATIONS, REPOSITORIES, SITE, Play, playing

VENDORS = ("github",)

TWO_OWNERS = {"policy": {"rules": [{"resource": "github.team_repo", "needs": 2}]}}
PAUSE = {"policy": {"rules": [{"resource": "github.*", "wait": "1h"}]}}


async def unchanged(play: Play) -> None:
    """Assert that GitHub is as it was."""
    await play.holds(REPOSITORIES, SITE, "Read")
    assert play.writes() == []


async def test_two_owners_at_once(play: Play) -> None:
    """Of two owners who press together one decides; the other is told who did; it happens once."""
    await play.asked()
    presses = (play.press("Cory", "Approve", "#1"), play.press("George", "Approve", "#1"))
    await asyncio.gather(*presses)
    card = await play.card_says(1, "*Applied.*")
    first, second = ("Cory", "George") if "Approved by Cory" in card else ("George", "Cory")
    await play.wait(
        lambda: any(f"#1 was approved by {first}" in note for note in play.notes(second)), "told who did"
    )
    assert len(play.writes()) == 2


async def test_a_double_click(play: Play) -> None:
    """One owner who presses twice approves once."""
    await play.asked()
    await asyncio.gather(play.press("Cory", "Approve", "#1"), play.press("Cory", "Approve", "#1"))
    await play.card_says(1, "*Applied.*")
    assert len(play.writes()) == 2
    assert [line.kind.value for line in await play.lines()].count("approved") == 1


async def test_an_organiser_cannot_approve(play: Play) -> None:
    """An organiser's press does nothing; they are told the rule, who can, and when owners are asked."""
    await play.asked()
    await play.press("organiser-1", "Approve", "#1")
    told = await play.hears("organiser-1", "*Only an owner can approve #1.* Nothing happened.")
    assert "Any of Charlie, Cory, George, Kristian, Owen or Peter can." in told
    assert "Two owners are asked at 11:00." in told
    assert "Ask now" in told
    await unchanged(play)


async def test_ask_now_asks_the_owners(play: Play) -> None:
    """The button on that refusal asks the owners by name at once."""
    await play.asked()
    await play.press("organiser-1", "Approve", "#1")
    await play.press("organiser-1", "Ask now", "Only an owner can approve #1.")
    await play.hears("organiser-1", "I asked")
    await play.wait(lambda: any("#1 needs an owner" in note for note in play.notes("Kristian")), "asked")


async def test_an_owner_does_not_approve_their_own(play: Play) -> None:
    """Who asked does not decide: another owner does."""
    await play.asked(who="George")
    await play.press("George", "Approve", "#1")
    told = await play.hears("George", "*You asked for #1, so another owner decides.* Nothing happened.")
    assert "Charlie, Cory, Kristian, Owen or Peter can." in told
    await unchanged(play)


async def test_denied_with_a_reason(play: Play) -> None:
    """A deny takes a reason, ends the request, and who asked reads it."""
    await play.asked()
    await play.press("Owen", "Deny…", "#1")
    form = await play.form("Owen")
    assert form.body["title"]["text"] == "Deny #1"
    await play.fill("Owen", {"reason": "not before the talks are announced"})
    await play.card_says(1, '*Denied by Owen 09:00*: "not before the talks are announced".')
    await play.hears("organiser-2", "not before the talks are announced")
    await unchanged(play)


async def test_a_deny_needs_a_reason(play: Play) -> None:
    """Slack sends no deny without words, and the request stays open."""
    await play.asked()
    await play.press("Owen", "Deny…", "#1")
    await play.fill("Owen", {"reason": ""})
    assert (await play.form("Owen")).errors
    await play.card_says(1, "One owner decides")


async def test_withdrawn_by_who_asked(play: Play) -> None:
    """Who asked may withdraw, and nothing happens."""
    await play.asked()
    await play.press("organiser-2", "Withdraw #1")
    await play.card_says(1, "*Withdrawn by organiser-2 09:00*")
    await unchanged(play)


async def test_two_owners_needed() -> None:
    """Where policy asks for two owners, one approval waits for another and can be taken back."""
    async with playing(TWO_OWNERS) as play:
        assert "*Two owners decide:*" in await play.asked()
        await play.press("Cory", "Approve", "#1")
        await play.card_says(1, "*One more owner decides:*")
        await play.press("Cory", "Take back my approval", "#1")
        await play.card_says(1, "*Two owners decide:*")
        await play.press("Cory", "Approve", "#1")
        await play.card_says(1, "*One more owner decides:*")
        await unchanged(play)
        await play.press("Owen", "Approve", "#1")
        await play.card_says(1, "Approved by Cory 09:00 and Owen 09:00")
        await play.holds(REPOSITORIES, SITE, "Write")


async def test_a_pause_in_which_anybody_can_stop_it() -> None:
    """Where policy asks for a pause, an organiser can stop an approved request before it starts."""
    async with playing(PAUSE) as play:
        await play.asked()
        await play.press("Cory", "Approve", "#1")
        await play.card_says(1, "any organiser can stop it until then")
        await play.press("organiser-1", "Stop", "#1")
        await play.card_says(1, "*Stopped by organiser-1")
        play.later(hours=2)
        await unchanged(play)


async def test_an_owner_applies_alone_when_nobody_can_be_reached() -> None:
    """Breaking the glass takes a reason, tells all owners, waits a quarter of an hour, then applies."""
    async with playing(TWO_OWNERS) as play:
        await play.asked(who="Kristian")
        await play.press("Kristian", "Apply alone…", "#1")
        await play.fill("Kristian", {"reason": "everybody is on a plane"})
        await play.card_says(1, '*Kristian applies this alone* (09:00): "everybody is on a plane"')
        await play.wait(lambda: any("alone" in note for note in play.notes("Peter")), "owners are told")
        await unchanged(play)
        play.later(minutes=16)
        await play.holds(REPOSITORIES, SITE, "Write")
        await play.holds(INVITATIONS, "organiser-1")


async def test_somebody_who_is_no_owner_on_github_any_more(play: Play) -> None:
    """An owner in our list who lost the role on GitHub cannot approve."""
    await play.asked()
    play.world.github.world.set_owner("cory", owner=False)
    await play.press("Cory", "Approve", "#1")
    await play.hears("Cory", "not active in Slack or not an owner on GitHub")
    await unchanged(play)


async def test_asked_again_after_a_deny_is_a_new_request(play: Play) -> None:
    """The same words said again later are a request of their own."""
    await play.asked()
    await play.press("organiser-2", "Withdraw #1")
    await play.card_says(1, "*Withdrawn")
    await play.asked(ASK, number=2)
    await play.press("Cory", "Approve", "#2")
    await play.card_says(2, "*Applied.*")
