"""Reading sales: whole, right, in sums only, and never by anything but GET."""

import ast
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from structlog.testing import capture_logs

from bot.core.errors import BotError, Denied, Malformed, Refused, Unavailable, UsageError
from bot.core.money import Money
from bot.core.tickets import Sale
from integrations.tito import TITO
from integrations.tito.check import check
from integrations.tito.names import NAMES
from integrations.tito.standin import ROUTES
from tests.integrations.tito.conftest import Wire
from tests.integrations.tito.wired import LONDON, SEED, Wired

OURS = Path(__file__).parents[3] / "integrations" / "tito"
RELEASES = "/pyconuk/2026/releases"


async def test_sales_are_summed_by_release(tito: Wired) -> None:
    """Void tickets are counted apart, archived releases belong to the sum, shirts attend nothing."""
    sales = await tito.sales()
    early, regular, shirt = sorted(sales.releases, key=lambda release: release.name)
    assert (early.sold + early.void, early.archived, early.state) == (40, True, Sale.ENDED)
    assert 2 <= early.void <= 10
    assert early.voided == Money.of(150, "GBP") * early.void
    assert early.revenue == Money.of(150, "GBP") * early.sold
    assert (regular.title, regular.capacity, regular.state) == ("Regular", 300, Sale.ON)
    assert (regular.price, regular.net) == (Money.of("190.10", "GBP"), Money.of("158.42", "GBP"))
    assert (shirt.counted, shirt.capacity) == (False, None)
    assert sales.sold == early.sold + regular.sold
    assert sales.revenue == early.revenue + regular.revenue + shirt.revenue
    assert sum(each.sold for each in sales.days if each.kind != "Shirt") == sales.sold
    assert sales.conference.first_day == date(2026, 9, 18)
    assert sales.last_at is not None
    assert sales.last_at <= sales.at == tito.now


async def test_orders_say_what_is_paid_and_what_was_given_back(tito: Wired) -> None:
    """What is not paid yet is apart; what was given back is asked for order by order."""
    sales = await tito.sales()
    early = next(release for release in sales.releases if release.name == "early")
    assert sales.orders.refunded == early.voided
    assert sales.orders.unpaid
    assert sales.orders.paid + sales.orders.unpaid == sales.revenue + early.voided


async def test_days_are_those_of_the_zone(tito: Wired) -> None:
    """A ticket bought at half past midnight in London is one of that day."""
    tito.now = datetime(2026, 6, 20, 23, 30, tzinfo=UTC)
    before = await tito.sales()
    tito.standin.sell("2026", "regular", 2)
    after = await tito.sales()
    assert set(after.days) - set(before.days) == {
        each for each in after.days if (each.day, each.kind) == (date(2026, 6, 21), "Regular")
    }
    assert after.sold == before.sold + 2


async def test_later_reads_ask_only_for_what_changed(tito: Wired) -> None:
    """New and void tickets are found by the filter, in the documents' own spelling."""
    first = await tito.sales()
    tito.now += timedelta(hours=30)
    order = tito.standin.sell("2026", "regular", 3)
    tito.calls.clear()
    second = await tito.sales()
    asked = [call for call in tito.calls if "/tickets" in call]
    assert len(asked) == 1
    assert "%5Bupdated_at%5D%5Bgte%5D=2026-0" in asked[0]
    assert "+UTC" in asked[0]
    assert second.sold >= first.sold + 3
    tito.standin.refund("2026", order)
    assert (await tito.sales()).sold == second.sold - 3


async def test_sums_that_do_not_add_up_are_read_anew(tito: Wired) -> None:
    """What the filter does not show, because it is taken amiss or lost, is found all the same."""
    first = await tito.sales()
    order = tito.standin.world.orders(tito.standin.world.events[0])[-1]
    for ticket in order.tickets:
        ticket.voided_at = tito.now - timedelta(days=30)  # changed, as ti.to tells, before what we asked for
    tito.calls.clear()
    second = await tito.sales()
    assert sum("/tickets" in call for call in tito.calls) >= 2
    assert sum(r.void for r in second.releases) == sum(r.void for r in first.releases) + len(order.tickets)


async def test_lists_are_read_to_their_last_page(tito: Wired) -> None:
    """More tickets than one page holds are all there; each is counted once."""
    tito.standin.sell("2026", "regular", 230)
    sales = await tito.sales()
    pages = {unquote_plus(c).partition("page[number]=")[2][0] for c in tito.calls if "/tickets?" in c}
    assert pages >= {"1", "2", "3"}
    assert next(r for r in sales.releases if r.name == "regular").sold >= 230


async def test_sales_are_remembered_for_a_minute(tito: Wired) -> None:
    """ti.to is not asked again by whoever asks at once."""
    await tito.sales()
    tito.calls.clear()
    await tito.reads.sales(LONDON)
    assert tito.calls == []


async def test_events_are_found_newest_first(tito: Wired) -> None:
    """Archived ones are shown only when asked for; forms offer the others."""
    assert [each.name for each in await tito.reads.conferences()] == ["2026", "2025"]
    assert [each.name for each in await tito.reads.conferences(archived=True)] == ["2026", "2025", "2019"]
    assert await NAMES["conferences"](tito.reads) == ["2026", "2025"]
    assert (await tito.sales("2025")).sold == 60
    assert (await tito.sales("2019")).releases == ()


async def test_an_unknown_event_is_said_to_be_unknown(wire: Wire) -> None:
    """Whoever asks gets the nearest name; a wrong setting is the maintainer's."""
    tito = await wire({"event": "2062"})
    with pytest.raises(UsageError, match="no event `2055`") as asked:
        await tito.sales("2055")
    assert "`2025`" in asked.value.hint
    with pytest.raises(UsageError, match=r"no event `\.\./hello`"):
        await tito.sales("../hello")
    with pytest.raises(Refused, match="no event `2062` in pyconuk") as configured:
        await tito.sales()
    assert "integrations.tito.event" in configured.value.hint


async def test_a_token_of_the_other_mode_reads_nothing(wire: Wire) -> None:
    """A test token would show test tickets as sales."""
    tito = await wire(mode="test")
    with pytest.raises(Denied, match="test mode"):
        await tito.sales()
    assert tito.calls == ["GET /hello?version=3.0"]


async def test_test_tickets_are_in_no_sum(tito: Wired) -> None:
    """Even if ti.to let them through."""
    before = await tito.sales()
    test = tito.standin.sell("2026", "regular", 2)
    world = tito.standin.world
    world.see_tests = test.test_mode = True
    tito.calls.clear()
    after = await tito.sales()
    assert any("/tickets" in call for call in tito.calls)
    assert (after.sold, after.orders) == (before.sold, before.orders)
    assert sum(order.test_mode for order in world.orders(world.events[0])) == 3


@pytest.mark.parametrize(
    ("body", "status", "error", "said"),
    [
        ('{"errors": {"api_token": ["is wrong"]}, "hint": "x"}', 401, Denied, "does not accept our token"),
        ('{"errors": {"status": 403, "title": "Forbidden", "detail": "no"}}', 403, Denied, "Forbidden"),
        ('{"status": 422, "message": "That request was invalid"}', 422, BotError, "was invalid"),
        ("{}", 429, Unavailable, "asks us to wait"),
        ("<h1>504 Gateway Time-out</h1>", 504, Unavailable, "has trouble"),
        ('{"releases": "none"}', 200, Malformed, "does not fit"),
        ('{"releases": [{"id": 1, "slug": "a"}], "meta": {}}', 200, Malformed, "title"),
        ('["odd"]', 200, Malformed, "does not fit"),
        ("<html>", 200, Malformed, "not JSON"),
    ],
)
async def test_refusals_and_odd_answers_are_told(
    tito: Wired, body: str, status: int, error: type[BotError], said: str
) -> None:
    """Each answer that is not a good one becomes an error of ours, with a next step."""
    tito.instead(RELEASES, body, status)
    with pytest.raises(error, match=said) as told:
        await tito.sales()
    assert told.value.hint


async def test_wrong_tokens_and_forbidden_calls_are_told(wire: Wire) -> None:
    """The stand-in's own refusals, in their documented shapes."""
    wrong = await wire({"token": "another"})
    with pytest.raises(Denied, match="does not accept our token"):
        await wrong.sales()
    forbidden = await wire(forbidden=True)
    findings = await check(forbidden.client)
    assert findings[0].level == "bad"
    assert "not authorized" in findings[0].text


async def test_a_list_without_end_is_left(tito: Wired) -> None:
    """A page that names itself as the next one ends the list."""
    tito.instead(RELEASES, '{"releases": [], "meta": {"next_page": 1}}')
    assert (await tito.sales()).releases == ()


async def test_the_check_proves_token_event_and_mode(wire: Wire) -> None:
    """Good is said in a line each; what is missing has its remedy."""
    good = await check((await wire()).client)
    assert {each.level for each in good} == {"good"}
    assert "PyCon UK 2026, pyconuk/2026" in good[0].text
    lost = await check((await wire({"event": "2062"})).client)
    assert [each.level for each in lost] == ["bad"]
    test = await check((await wire(mode="test")).client)
    assert "id.tito.io" in test[0].hint
    empty = await check((await wire({"event": "2019", "webhook_secret": "s"})).client)
    assert [each.level for each in empty] == ["good", "good", "warning", "good"]
    silent = await wire()
    silent.instead("/hello", "", 504)
    assert (await check(silent.client))[0].level == "bad"


async def test_nothing_personal_is_kept_or_logged(tito: Wired) -> None:
    """The stand-in plants a word in each personal field and each event's secret; it is nowhere afterwards."""
    with capture_logs() as logs:
        sales = await tito.sales()
        events = await tito.reads.conferences(archived=True)
        tito.instead(RELEASES, "{}", 403)
        with pytest.raises(Denied):
            await tito.sales()
    kept = (sales, events, tito.client, tito.client._http.__dict__, tito.reads._known, logs)
    memo = [
        task.result() for task in tito.client.memo._asked.values() if task.done() and not task.exception()
    ]
    assert "canary" not in repr((*kept, memo)).casefold()
    assert "canary" in json.dumps(_shown(tito)).casefold()


def _shown(tito: Wired) -> object:
    from integrations.tito.standin import shapes

    world = tito.standin.world
    return [shapes.ticket(world, ticket) for ticket in world.tickets(world.events[0])]


async def test_an_answer_with_an_entity_tag_is_not_kept_either(tito: Wired) -> None:
    """Other vendors' answers are kept with their tag; these hold people."""
    tito.instead(RELEASES, '{"releases": []}', ETag='"1"')
    await tito.sales()
    assert not tito.client._http._kept


async def test_nothing_is_ever_written(tito: Wired) -> None:
    """Whatever is asked, only GET leaves, and each documented read of ours is used."""
    await tito.sales()
    await tito.reads.conferences(archived=True)
    await check(tito.client)
    assert {call.split()[0] for call in tito.calls} == {"GET"}
    asked = {call.split()[1].partition("?")[0].removeprefix("/pyconuk") for call in tito.calls}
    assert {route.replace("/{account}", "").replace("{event}", "2026") for route in ROUTES} >= {
        path for path in asked if "/registrations/" not in path
    }
    assert len(asked) >= len(ROUTES)


def test_no_write_is_coded() -> None:
    """No resource, and no call of ours but ``get`` and ``find``: no token exists that can only read."""
    assert TITO.resources == ()
    sources = [path for path in OURS.glob("*.py") if path.name != "__init__.py"]
    used = {
        node.attr
        for path in sources
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "_http"
    }
    assert used == {"get", "find", "fit", "network"}
    words = " ".join(path.read_text() for path in sources)
    assert not any(word in words for word in ('"POST"', '"PATCH"', '"PUT"', '"DELETE"', "aiohttp"))


def test_whoever_may_log_in_is_told_where(tito: Wired) -> None:
    """While the bot is silent, its work is looked up by hand."""
    assert TITO.by_hand is not None
    assert TITO.by_hand(tito.client.settings) == (
        "See how tickets sell: https://dashboard.tito.io/pyconuk/2026",
    )


def test_the_seed_is_checked() -> None:
    """A word that the stand-in does not know is a mistake."""
    from integrations.tito.standin import StandIn

    with pytest.raises(ValueError, match="unknown keys: colour"):
        StandIn(SEED | {"colour": "red"}, lambda: datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("event", "now", "level", "said"),
    [
        (
            "2026",
            datetime(2026, 6, 15, tzinfo=UTC),
            "good",
            "PyCon UK 2026: 2 of 2 kinds of tickets are on sale.",
        ),
        ("2026", datetime(2026, 1, 15, tzinfo=UTC), "good", "PyCon UK 2026: nothing is on sale yet."),
        ("2026", datetime(2026, 9, 16, tzinfo=UTC), "warning", "PyCon UK 2026: no ticket can be bought."),
        (
            "2026",
            datetime(2026, 9, 18, tzinfo=UTC),
            "good",
            "PyCon UK 2026 has begun: nothing is on sale any more.",
        ),
        ("2061", datetime(2026, 6, 15, tzinfo=UTC), "bad", "ti.to has no event `2061` in pyconuk."),
    ],
)
async def test_how_the_sale_does(wire: Wire, event: str, now: datetime, level: str, said: str) -> None:
    """That nothing can be bought is a warning only while it should be possible."""
    tito = await wire({"event": event})
    tito.now = now
    assert TITO.health is not None
    [found] = await TITO.health(tito.reads)
    assert (found.level, found.text) == (level, said)
    assert bool(found.hint) is (level != "good")


async def test_everything_is_about_the_event_that_is_followed(wire: Wire) -> None:
    """The board, the check and the figures are of the event that our record follows, once it follows one."""
    tito, follows = await wire(), ["2019"]

    async def followed() -> str | None:
        return follows[0] or None

    assert TITO.follows is not None
    client = TITO.follows(tito.client, followed)
    reads = TITO.reads(client)
    title = "PyCon UK 2019"
    assert await reads.current() == "2019"
    assert (await reads.health())[0].text.startswith(title)
    assert title in (await check(client))[0].text
    assert (await reads.sales(LONDON)).conference.title == title
    follows[0] = "2061"
    [gone, *_] = await check(client)
    assert (gone.level, gone.hint) == ("bad", "`new-year YEAR --event EVENT` follows another.")
    follows[0] = ""
    assert (await reads.health())[0].text.startswith("PyCon UK 2026")
