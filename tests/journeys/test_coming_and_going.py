"""Somebody comes, and goes: one plan each for all places, with what people do by hand."""

from tests.journeys.play import CORE, INVITATIONS, Play

VENDORS = ("github", "slack_workspaces")
LINE = "people add helper-1 --slack <@U0000000009> --github helper-1 because does the badges"
VAULT = "1Password: George can share the vault Infrastructure with them"


async def test_somebody_comes_and_goes_and_is_back(play: Play) -> None:
    """Invited, in, out half-way and then of everything, and with one press back in our list and invited."""
    card = await play.asked(LINE)
    assert VAULT in card.replace("*", "")
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "helper-1 is invited and must accept by 22 Jun")
    assert VAULT in (await play.hears("organiser-2", "1Password")).replace("*", "")
    await play.holds(INVITATIONS, "helper-1", "organisation")
    play.world.github.accept("helper-1")
    await play.card_says(1, "✅ helper-1 joins team *core*")
    await play.ask("organiser-2", "people show helper-1", "helper-1")
    refused = await play.ask("organiser-2", "people remove George", "George cannot go yet")
    assert "the vault *Infrastructure*: nobody else opens it" in refused
    card = await play.asked("people remove helper-1", number=2)
    assert "*Slack, organisers*: george deactivates their account" in card
    play.world.github.world.set_member("helper-1", "admin")
    await play.press("Cory", "Approve", "#2")
    card = await play.card_says(2, "*Only partly applied.*")
    assert "✅ helper-1 leaves team *core*" in card
    assert "⚠️ helper-1 leaves the organisation and all its teams" in card
    play.world.github.world.set_member("helper-1", "member")
    await play.press("organiser-2", "Continue with what is left", "#2")
    await play.card_says(3, "*One owner decides:*")
    await play.press("Cory", "Approve", "#3")
    card = await play.card_says(3, "*Applied.*")
    steps = ("leaves the organisation and all its teams", "leaves our people")
    assert [step for step in steps if f"✅ helper-1 {step}" in card] == [*steps]
    assert "*By hand*" in card
    await play.lacks(CORE, "helper-1")
    await play.press("Cory", "Undo", "#3")
    await play.card_says(4, "helper-1 is invited and must accept by 22 Jun")
    await play.ask("organiser-2", "people show helper-1", "helper-1")
