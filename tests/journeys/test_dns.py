"""DNS: a name is pointed elsewhere, works from outside, and comes back; what half fails is put back."""

from tests.journeys.play import Play

ZONE = "pyconuk.org"


async def held(play: Play, *row: str) -> None:
    """Wait until the zone has a row."""
    await play.holds(ZONE, *row, vendor="dnsimple")


async def test_a_name_points_elsewhere_and_comes_back(play: Play) -> None:
    """Two owners move the current year; the card says that it works, and from when; one tap takes it back."""
    before = play.world.dnsimple.pane()
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
    await play.press("George", "Undo", "#1")
    await play.card_says(2, "Works from outside after")
    assert play.world.dnsimple.pane() == before


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
