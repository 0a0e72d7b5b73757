"""The bot's home, in the whole product: what was asked is decided, extended and ended there."""

from tests.journeys.play import COLLABORATORS, SITE, Play

VENDORS = ("github",)

FOR_A_TIME = "grant-push organiser-3 website --for 14d because sprints"


async def opens(play: Play, who: str) -> None:
    await play.world.slack.as_(play.world.person(who)).open_home()


async def shows(play: Play, who: str, words: str, *, gone: bool = False) -> None:
    """Wait until somebody's home shows *words*, or with *gone* does so no longer."""

    def so() -> bool:
        view = play.world.slack.home(play.world.person(who))
        return view is not None and (words in str(view.blocks)) is not gone

    await play.wait(so, f"the home of {who} {'lacks' if gone else 'shows'} {words!r}")


async def presses(play: Play, who: str, action: str) -> None:
    view = play.world.slack.home(play.world.person(who))
    assert view is not None
    await play.world.slack.as_(play.world.person(who)).press_in_view(view.id, action)


async def test_a_grant_from_home_to_home(play: Play) -> None:
    """An owner approves at home; who asked extends the grant there, and an owner ends both."""
    await opens(play, "Cory")
    await shows(play, "Cory", "Nothing.")
    await play.asked(FOR_A_TIME)
    await shows(play, "Cory", "*#1*")
    await presses(play, "Cory", "approve")
    await play.card_says(1, "*Applied.* Approved by Cory")
    await shows(play, "Cory", "What else ends")
    await play.holds(COLLABORATORS, SITE, "organiser-3", "Write")
    await opens(play, "organiser-2")
    await shows(play, "organiser-2", "What you were granted for a time")
    await presses(play, "organiser-2", "extend")
    await shows(play, "Cory", "*#2*")
    await shows(play, "organiser-2", "*#2*")
    await presses(play, "organiser-2", "withdraw")
    await shows(play, "Cory", "*#2*", gone=True)
    await presses(play, "Cory", "end_now")
    await play.lacks(COLLABORATORS, SITE, "organiser-3")
    await shows(play, "Cory", "What else ends", gone=True)
