"""``tickets``: how they sell, how that compares, where it leads, and what is said when nobody knows."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from bot.charts import Bars, draw
from bot.core.errors import BotError, Refused, Unavailable, UsageError
from bot.core.reply import Chart
from bot.core.tickets import Kind, Season, Sold
from bot.core.vendor import NoSettings
from integrations.sales import SALES, SEASON
from tests.commands.world import World, rows, words
from tests.integrations.tito.wired import SEED, Wired, wired

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def tito() -> AsyncIterator[Wired]:
    """Give a ti.to that sells our tickets."""
    async with wired({}) as found:
        yield found


@pytest.fixture
async def sold(world: World, tito: Wired) -> World:
    """Give a world in which ti.to sells our tickets."""
    world.ticketing = tito.reads
    return world


def year(number: int, days: int = 150) -> Season:
    """Return a year in which two tickets were sold a day."""
    first = date(number, 9, 18)
    daily = tuple(Sold(day=first - timedelta(days=n), kind="All", sold=2) for n in range(days))
    return Season(year=number, first_day=first, kinds=(Kind(title="All", sold=2 * days),), days=daily)


async def test_each_kind_is_shown_with_its_figures(sold: World, tito: Wired) -> None:
    """Sold, capacity, price, revenue and what became void; archived kinds in one row unless asked for."""
    sales = await tito.sales()
    early, regular, _ = sorted(sales.releases, key=lambda each: each.name)
    reply = await sold.reply("tickets", by="reader-1")
    assert reply.title == f"PyCon UK 2026: {sales.sold} of 330 sold, {sales.revenue.short}"
    void = f"{early.void} void ({early.voided.short})"
    regulars = ("Regular", f"{regular.sold} of 300", "£190.10", regular.revenue.short, "", "on sale")
    assert rows(reply)[0] == regulars
    assert rows(reply)[1][0] == "Shirt (no ticket)"
    assert rows(reply)[2][:5] == ("Archived: 1", str(early.sold), "–", early.revenue.short, void)
    assert f"Orders: {sales.orders.number}: {sales.orders.paid.short} paid" in words(reply)
    assert f"Given back: {early.voided.short}" in words(reply)
    every = await sold.reply("tickets show 2026 --archived")
    assert rows(every)[2][:2] == ("Early bird, archived", f"{early.sold} of 40")


async def test_other_events_are_shown_by_their_name(sold: World) -> None:
    """What has ended is not on sale; an event without tickets says so; an unknown one is refused."""
    over = await sold.reply("tickets show 2025")
    assert over.title == "PyCon UK 2025: 60 of 60 sold, £10,800"
    assert "No ticket is on sale now." in words(over)
    assert "No ticket has been made for it yet." in words(await sold.reply("tickets show 2019"))
    with pytest.raises(UsageError, match="no event `2062`"):
        await sold.reply("tickets show 2062")


async def test_while_the_seller_is_away_our_record_is_shown(sold: World, tito: Wired) -> None:
    """With its age, and whose fault it is; without a record of that event the fault is all there is."""
    sales = await tito.sales()
    tito.client.memo.clear()
    tito.instead("/pyconuk/2026/releases", "", 504)
    sold.record.snapped.append(sales)
    said = words(await sold.reply("tickets"))
    assert "The fault is ti.to's, not ours." in said
    assert "These figures are our own record of Mon 15 Jun, 09:00." in said
    assert f"{sales.sold} of 330 sold" in said
    tito.instead("/pyconuk/2026/releases", "{}", 403)
    assert "The fault is ours." in words(await sold.reply("tickets"))
    tito.instead("/pyconuk/2025", "", 429)
    with pytest.raises(Unavailable):
        await sold.reply("tickets show 2025")


async def test_both_charts_are_drawn(sold: World) -> None:
    """Against past years, of which some are known by their end alone, and by week; each in words too."""
    sold.record.kept = {2024: year(2024), 2015: Season(year=2015, kinds=(Kind(title="All", sold=332),))}
    reply = await sold.reply("tickets chart")
    across, weekly = reply.blocks
    assert isinstance(across, Chart)
    assert isinstance(weekly, Chart)
    assert across.png.startswith(PNG)
    assert weekly.png.startswith(PNG)
    assert across.png != weekly.png
    assert "95 days before the first day." in across.words
    assert "in 2025 (in the end 60) and 110 in 2024 (in the end 300)." in across.words
    assert across.words.endswith("Only their ends are known: 2015: 332.")
    assert weekly.words.startswith("This week: ")
    assert "Shirt" not in weekly.words


async def test_nothing_to_draw_is_said(build: Any) -> None:
    """Before the first sale there is no chart, and no forecast either."""
    world = await build()
    none = SEED["events"][0] | {"releases": [SEED["events"][0]["releases"][1] | {"sells": 0}], "tests": 0}
    async with wired({"events": [none]}) as tito:
        world.ticketing = tito.reads
        assert "Nothing is sold yet to draw." in words(await world.reply("tickets chart"))
        said = words(await world.reply("tickets forecast"))
    assert "no forecast yet" in said
    assert "Too early: no past year's sales are known day by day. `infra import-sales FILE`" in said


async def test_the_forecast_says_how_far_off_it_would_have_been(sold: World, tito: Wired) -> None:
    """A range, the years it is told by, and by how much they would have missed each other."""
    sold.record.kept = {number: year(number) for number in (2023, 2024)}
    reply = await sold.reply("tickets forecast")
    said = words(reply)
    assert reply.title.startswith("PyCon UK 2026 lands between ")
    assert "Told by: 2023, 2024 and 2025" in said
    assert "Back-tested: 96 days before, the others would have missed 2023 by" in said
    sold.record.kept = {2025: year(2025)}
    assert "Back-tested: not possible with a single past year" in words(await sold.reply("tickets forecast"))
    sold.now += timedelta(days=120)
    assert (await sold.reply("tickets forecast")).title.startswith("PyCon UK 2026 is over: ")


async def test_too_early_is_said(sold: World, tito: Wired) -> None:
    """When past years had sold hardly anything by now."""
    sold.record.kept = {number: year(number, days=100) for number in (2025, 2024, 2023, 2022)}
    said = words(await sold.reply("tickets forecast"))
    assert "Too early: at this point past years had sold 4% of their tickets. Ask later." in said


async def test_without_a_seller_or_a_date_it_is_refused(world: World, tito: Wired) -> None:
    """Whoever asks is told what is missing."""
    with pytest.raises(Refused, match="Nobody who sells our tickets"):
        await world.reply("tickets")
    world.ticketing = tito.reads
    event = '{"event": {"id": 1, "slug": "2026", "title": "PyCon UK 2026", "currency": "GBP"}}'
    tito.instead("/pyconuk/2026", event)
    with pytest.raises(Refused, match="does not know when PyCon UK 2026 begins"):
        await world.reply("tickets forecast")


async def test_a_chart_that_cannot_be_drawn_is_told() -> None:
    """Whoever draws too long is stopped, and nobody waits for ever."""
    with pytest.raises(BotError, match="could not be drawn"):
        await draw([Bars(title="", up="", names=("a",), parts=(("x", (1,)),))], seconds=0)


async def test_the_record_changes_like_everything_else(world: World) -> None:
    """An import is a change of our own data: planned, said in words, taken back."""
    record = SALES.connect(NoSettings(), world.record)
    bound = SEASON
    assert await bound.read(record, "2015") is None
    past = Season(year=2015, kinds=(Kind(title="All", sold=332), Kind(title="Young", sold=9, counted=False)))
    assert bound.words("2015", None, past) == (
        "Ticket sales of *2015*: 332 sold and 9 beside, 2 kinds (now: nothing known)"
    )
    prices = Season(year=2016, kinds=(Kind(title="Day"),))
    assert "how many is not known, 1 kinds" in bound.words("2016", prices, prices)
    await bound.write(record, "2015", past)
    assert await SALES.reads(record).seasons() == (past,)
    assert await SALES.reads(record).snapshots("2026", date(2026, 1, 1)) == ()
    await bound.write(record, "2015", None)
    assert await bound.read(record, "2015") is None
