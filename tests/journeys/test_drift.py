"""Drift: what somebody changes on a vendor's own pages is noticed, accepted once, put back once."""

from contextlib import suppress

from bot.sandbox.scene import APPROVALS, PATIENCE, DidNotHappenError, content
from bot.sandbox.standins import Message
from tests.journeys.play import REPOSITORIES, SITE, SITE_GRANT, Play, playing

WATCHING = {"watch_seconds": 45}


def cards(play: Play) -> list[Message]:
    """Return the cards that say what others changed."""
    channel, cory = play._room("cory", APPROVALS), play.world.person("cory")
    return [m for m in play.world.slack.messages(channel, cory) if "was changed elsewhere" in content(m)]


async def says(play: Play, words: str, card: int = 0, within: float = PATIENCE) -> str:
    """Wait until the newest card says *words*; there are as many as *card* before it."""

    def so() -> str | None:
        there = cards(play)
        return content(there[card]) if len(there) == card + 1 and words in content(there[card]) else None

    return await play.wait(so, f"card {card + 1} says {words!r}", "Cory", within)


async def in_time(play: Play, words: str, card: int) -> None:
    """Let time pass until the card says *words*: the first look may have begun before what it is to find."""
    for _ in range(5):
        play.later(seconds=50)
        with suppress(DidNotHappenError):
            await says(play, words, card, within=5)
            return
    raise AssertionError(words)


async def test_noticed_adopted_once_and_reverted_once() -> None:
    """A webhook names who did it; a burst is one card; without webhooks it is noticed within a minute."""
    async with playing(WATCHING) as play:
        await play.seeded("github")
        github = play.world.github.world
        github.set_team_member("core", "helper-1")
        card = await says(play, "helper-1 joins team *core* (was: not in it)")
        assert "GitHub says by charlie" in card
        assert play.writes() == []
        await play.press("organiser-1", "Adopt", "was changed elsewhere")
        told = await play.hears("organiser-1", "`drift adopt` is for owners; you are organiser.")
        assert "Charlie, Cory, George, Kristian, Owen or Peter can ask for it." in told
        await play.press("Cory", "Adopt", "was changed elsewhere")
        await says(play, "accepted by Cory (#1)")
        await says(play, "Everything is as accepted again.")
        await play.ask("Owen", "drift adopt 1", "1 is settled already: accepted by Cory (#1)")
        await play.ask("Owen", "drift", "Nothing differs")
        assert play.writes() == []

        github.set_team_repo("core", SITE, "admin")
        await says(play, f"*{SITE}* joins core with *Admin* (was: Read)", card=1)
        await play.press("George", "Revert", f"*{SITE}* joins core")
        await play.card_says(2, "owner")
        await play.press("Cory", "Approve", "#2")
        await play.card_says(2, "*Applied.*")
        await play.holds(REPOSITORIES, SITE, "Read")
        await says(play, "settled by #2", card=1)
        assert play.writes() == [f"PUT {SITE_GRANT}"]

        play.world.github.hooks.point("http://127.0.0.1:9/", "nobody listens")
        for n in (3, 4, 5, 6):
            github.set_team_member("core", f"organiser-{n}", None)
        github.set_owner("peter", owner=False)
        play.later(seconds=50)
        loud = await says(play, "🚨 *It touches what two owners protect: owner list.*", card=2)
        assert loud.count(" leaves team *core* (was: member)") == 4
        assert "peter becomes *member* of the organisation (was: owner)" in loud
        play.later(minutes=5)
        for n in (3, 4, 5, 6):
            github.set_team_member("core", f"organiser-{n}")
        github.set_owner("peter")
        await in_time(play, "Everything is as accepted again.", card=2)


async def test_a_name_that_was_pointed_elsewhere() -> None:
    """DNSimple's webhook names who did it; adopted, it stays; reverted, one call puts the record back."""
    async with playing(WATCHING) as play:
        await play.seeded("dnsimple")
        zone, calls = play.world.dnsimple.world.zone, play.world.faults["dnsimple"].calls
        [old], [apex] = zone.at("2014"), [each for each in zone.at("") if each.type == "URL"]
        zone.change(old, {"content": "192.0.2.99"})
        card = await says(
            play, "*2014.pyconuk.org* A: `192.0.2.99`, TTL 1 hour (was: `192.0.2.14`, TTL 1 hour)"
        )
        assert "DNSimple says by charlie@example.org" in card
        await play.press("Cory", "Adopt", "was changed elsewhere")
        await says(play, "accepted by Cory (#1)")
        zone.change(apex, {"content": "https://elsewhere.example"})
        zone.add({"name": "gone", "type": "A", "content": "192.0.2.66"})
        card = await says(play, "*gone.pyconuk.org* A", card=1)
        assert "*pyconuk.org* URL: `https://elsewhere.example`" in card
        assert "🚨 *It touches what two owners protect: the apex, pyconuk.org itself.*" in card
        assert [call for call in calls if call.method != "GET"] == []
        await play.press("George", "Revert", "*gone.pyconuk.org* A")
        await play.card_says(2, "*Two owners are needed:* the apex")
        await play.press("Cory", "Approve", "#2")
        await play.card_says(2, "*Applied.*")
        await says(play, "Everything is as accepted again.", card=1)
        assert (apex.content, zone.at("gone")) == ("https://2026.pyconuk.org", [])
        assert sorted(call.method for call in calls if call.method != "GET") == ["DELETE", "PATCH"]
