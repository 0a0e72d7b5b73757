"""Asking for push access: what is filed, what is answered at once, what is not understood."""

import pytest

from bot.sandbox.scene import content
from tests.journeys.play import ASK, CORE, INVITATIONS, REPOSITORIES, SITE, SITE_GRANT, Play, playing

VENDORS = ("github",)


async def test_the_main_job(play: Play) -> None:
    """An organiser asks, an owner approves, GitHub changes; card, asker and journal say so."""
    card = await play.asked()
    assert "Write on *9 repositories*, this one included" in card
    assert "*23 people* in core: Write on this repository" in card
    assert "Charlie, Cory, George, Kristian, Owen or Peter" in card
    await play.press("Cory", "Approve", "#1")
    await play.card_says(1, "organiser-1 is invited and must accept by 22 Jun; no push until then")
    await play.holds(REPOSITORIES, SITE, "Write")
    await play.holds(INVITATIONS, "organiser-1", "organisation and core")
    play.world.github.accept("organiser-1")
    play.later(minutes=2)
    await play.card_says(1, "✅ organiser-1 joins team *core*")
    await play.holds(CORE, "organiser-1", "member", "active")
    assert play.writes() == [f"PUT {SITE_GRANT}", "PUT /orgs/PyconUK/teams/core/memberships/organiser-1"]
    await play.wait(
        lambda: any("*Applied.*" in note for note in play.notes("organiser-2")), "the asker hears"
    )
    assert (await play.told(until="finished"))[:3] == ["filed", "approved", "applying"]


async def test_the_main_job_over_socket_mode() -> None:
    """With no public address the same happens over a socket that the bot opens."""
    async with playing(mode="socket") as play:
        calls = play.world.faults["slack"].calls
        await play.wait(lambda: any(call.resource == "/link/" for call in calls), "a link")
        await play.approved()
        assert {delivery.mode for delivery in play.world.slack.deliveries} == {"socket"}
    assert len(play.writes()) == 2


async def test_a_helper_nobody_knows(play: Play) -> None:
    """A helper unknown to the bot gets push through one request, and may ask from then on."""
    await play.ask("helper-1", "help", "I do not know you yet", "general")
    await play.ask("organiser-2", "grant-push @helper-1 ironcage", "Say their GitHub login")
    card = await play.asked("grant-push @helper-1 ironcage --login helper-1")
    assert "account since 2019" in card
    await play.press("Peter", "Approve", "#1")
    await play.holds(INVITATIONS, "helper-1")
    play.world.github.accept("helper-1")
    play.later(minutes=2)
    await play.card_says(1, "*Applied.*")
    await play.holds(CORE, "helper-1", "member", "active")
    await play.ask("helper-1", "access helper-1", "ironcage", "general")


async def test_what_is_so_already_is_not_filed(play: Play) -> None:
    """Who can push already is told why, and nothing is filed."""
    answer = await play.ask("organiser-1", "grant-push organiser-2 ironcage", "can already push")
    assert "Nothing is missing, so nothing was filed." in answer
    assert play.card(1) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("grant-pusch organiser-1 website", "grant-push"),
        ("grant-push organiser-1 websit", "website"),
        ("grant-push nobody-at-all website", "GitHub has no account `nobody-at-all`"),
        ("grant-push ge0rge website", "is with the owners"),
        ("grant-push organiser-1 2019.pyconuk.org", "is archived"),
        ("grant-push organiser-1", "REPO"),
        ("grant-push organiser-1 website --for 9000d", "at most"),
        ('grant-push "organiser-1 website', "quotation mark"),
        ("grant-push organiser-1 ticketing", "has no repository"),
    ],
)
async def test_what_is_wrong_is_said_with_the_next_step(play: Play, line: str, expected: str) -> None:
    """Whatever is wrong with a line is said to who asked, and nothing at a vendor changes."""
    await play.ask("organiser-2", line, expected)
    assert play.writes() == []


async def test_a_look_alike_is_named(play: Play) -> None:
    """The card of an account that looks like one of ours, and is young, says both loudly."""
    card = await play.asked("grant-push ge0rge website")
    assert "*Looks like George*" in card
    assert "account only 14 days old" in card


async def test_an_answer_is_shared_where_it_was_asked(play: Play) -> None:
    """What somebody was answered alone is there for all in the channel once they press *Share here*."""
    answer = await play.ask("organiser-1", "access website", "can push", "general")
    await play.press("organiser-1", "Share here")
    await play.hears("organiser-1", "Shared here.")
    [shared] = [said for m in play._seen("organiser-2") if "Shared by" in (said := content(m))]
    assert shared.startswith(
        answer.removesuffix("Share here") + "Shared by organiser-1, as of Mon 15 Jun, 09:0"
    )


async def test_a_narrower_grant_is_for_one_repository(play: Play) -> None:
    """With --direct somebody gets this repository alone."""
    card = await play.asked("grant-push organiser-1 website --direct")
    assert "Write on *2026.pyconuk.org* alone" in card
    await play.press("Cory", "Approve", "#1")
    await play.holds(INVITATIONS, "organiser-1", f"{SITE} with Write")
    assert play.writes() == [f"PUT /repos/PyconUK/{SITE}/collaborators/organiser-1"]


async def test_the_bots_own_messages_answer_plain_text(play: Play) -> None:
    """A line said to the bot directly is answered there, without a slash."""
    await play.say("organiser-2", "help grant-push", room="")
    assert "grant-push USER REPO" in await play.hears("organiser-2", "Let somebody push")


@pytest.mark.parametrize(("who", "room"), [("guest-1", "general"), ("stranger-1", "venue-2026")])
async def test_guests_and_strangers_file_nothing(play: Play, who: str, room: str) -> None:
    """Guests and people of another workspace are refused."""
    await play.say(who, f"/infra {ASK}", room)
    await play.wait(lambda: play.notes(who), f"{who} is answered")
    assert play.card(1) is None
    assert not [line for line in await play.lines() if line.subject.startswith("request:")]
