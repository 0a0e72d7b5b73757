"""DNS: a name is pointed elsewhere, works from outside, and comes back; what half fails is put back."""

import dns.asyncquery
import dns.message

from tests.journeys.play import Play, playing

ZONE = "pyconuk.org"


async def answers(play: Play, name: str, kind: str) -> list[str]:
    """Return what the name servers say of a name, which is the same of each, over UDP and over TCP."""
    said = []
    for server in play.world.dnsimple.servers.values():
        host, _, port = server.address.partition(":")
        for transport in (dns.asyncquery.udp, dns.asyncquery.tcp):
            answer = await transport(dns.message.make_query(name, kind), host, timeout=5, port=int(port))
            said.append([text for found in answer.answer for text in found.to_text().splitlines()])
    assert len(said) == 8
    assert all(each == said[0] for each in said)
    return said[0]


async def held(play: Play, *row: str) -> None:
    """Wait until the zone has a row."""
    await play.holds(ZONE, *row, vendor="dnsimple")


async def test_a_name_points_elsewhere_and_comes_back(play: Play) -> None:
    """Two owners move the current year; the card says that it works, and from when; one tap takes it back."""
    before = play.world.dnsimple.pane()
    pages = await answers(play, "2026.pyconuk.org", "A")
    assert pages[0] == "2026.pyconuk.org. 3600 IN CNAME pyconuk.github.io."
    card = await play.asked("dns change 2026 192.0.2.99 --type A because the new host is ready")
    assert "any two of" in card
    assert "the current year, 2026.pyconuk.org" in card
    assert "leads nowhere" in card
    await play.press("Cory", "Approve", "#1")
    await play.press("Owen", "Approve", "#1")
    card = await play.card_says(1, "Works from outside after")
    assert "*Applied.*" in card
    assert "Some people see what was there before until 10:0" in card
    await held(play, "2026.pyconuk.org A", "192.0.2.99")
    assert await answers(play, "2026.pyconuk.org", "A") == ["2026.pyconuk.org. 3600 IN A 192.0.2.99"]
    await play.press("George", "Undo", "#1")
    await play.card_says(2, "Works from outside after")
    assert play.world.dnsimple.pane() == before
    assert await answers(play, "2026.pyconuk.org", "A") == pages


async def test_a_type_that_cannot_be_changed_is_put_back(play: Play) -> None:
    """When DNSimple refuses the second step, the first is undone as the approved plan says."""
    await play.asked("dns change 2014 pyconuk.github.io --type CNAME")
    play.world.dnsimple.world.zone.add({"name": "2014", "type": "TXT", "content": "no CNAME fits here"})
    before = play.world.dnsimple.pane()
    await play.press("Cory", "Approve", "#1")
    card = await play.card_says(1, "*Failed")
    assert "What was done was put back." in card
    assert play.world.dnsimple.pane() == before


async def test_what_does_not_work_from_outside_is_said(play: Play) -> None:
    """While a name server has the old zone the card says which; if it stays so, the card says what to do."""
    slow = play.world.dnsimple.servers["ns3.dnsimple.com"]
    slow.fall_behind(play.world.dnsimple.world.zone)
    await play.approved("dns change 2014 192.0.2.15")
    await play.card_says(1, "From outside: ns3.dnsimple.com does not have it. I keep looking.")
    play.later(minutes=10)
    card = await play.card_says(1, "not seen to work from outside:* ns3.dnsimple.com does not have it.")
    assert "undo it" in card


async def test_names_that_anybody_could_take_are_told() -> None:
    """Within a day the channel hears of the app that is gone, and of the site that was taken down; once."""
    async with playing({"watch_seconds": 3600}) as play:
        await play.seeded("dnsimple")
        site = play.world.github.world.repo("2017.pyconuk.org")
        assert site is not None
        site.pages = None
        play.later(hours=13)
        said = await play.channel_says("to what anybody could take")
        assert "2 of our names" in said  # every other year's site is ours
        assert "*voting.pyconuk.org* points at `pyconuk-voting.herokudns.com`, and there is no such" in said
        assert "*2017.pyconuk.org* points at `pyconuk.github.io`, and nothing of ours there has this" in said
        await play.ask("Cory", "dns check 2017", "*2017.pyconuk.org* points at `pyconuk.github.io`")
        await play.press("Owen", "Remove 2017.pyconuk.org", "2 of our names")
        assert "*2017.pyconuk.org* CNAME: nothing" in await play.card_says(1, "owner")
