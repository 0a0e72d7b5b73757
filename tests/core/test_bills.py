"""What moved between two bills: what vendors take, never what only exchange rates did."""

from datetime import date

from bot.core.bills import difference, moved
from bot.core.costs import Bill, Line, Mark
from bot.core.money import Money


def line(vendor: str, said: str, low: int | None, high: int | None = None) -> Line:
    """Return what a vendor takes."""
    amounts = [None if each is None else Money.of(each, "GBP") for each in (low, high or low)]
    mark = Mark.UNKNOWN if low is None else Mark.ESTIMATED
    return Line(vendor=vendor, title=vendor.title(), said=said, low=amounts[0], high=amounts[1], mark=mark)


def bill(*lines: Line) -> Bill:
    """Return a bill."""
    return Bill(currency="GBP", today=date(2026, 6, 15), tariff="today", lines=lines)


THEN = bill(
    line("dns", "$50 a year", 37), line("code", "free", 0), line("sms", "waiting", None), line("old", "£3", 3)
)


def test_what_vendors_take_is_told_and_what_rates_did_is_not() -> None:
    """What moved although the vendor takes the same is the exchange rate's; an unknown is no zero."""
    now = bill(
        line("dns", "$50 a year", 38),
        line("code", "£4 to £9", 4, 9),
        line("sms", "$12", 9),
        line("new", "£1", 1),
    )
    assert moved(now, THEN) == (
        "*Code:* £4.00 to £9.00 a year (was: £0.00)",
        "*Sms:* £9.00 a year (was: unknown)",
        "*New:* £1.00 a year, new on the bill",
        "*Old:* on the bill no more (was: £3.00 a year)",
    )
    assert moved(THEN, THEN) == ()
    assert moved(bill(*THEN.lines[:3], line("old", "£3 by invoice", 3)), THEN) == ()


def test_how_much_more_or_less_it_is() -> None:
    """By what is known at least."""
    more = bill(*THEN.lines, line("new", "£1", 1))
    assert [difference(*each) for each in ((more, THEN), (THEN, more), (THEN, THEN))] == [
        "£1.00 more than",
        "£1.00 less than",
        "as much as",
    ]
