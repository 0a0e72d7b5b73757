"""The bill: honest marks, one table of rates, budgets told once; what is unknown is never zero."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.costs import SHARES, Alarm, Bill, Book, Charge, Mark, Per, Tariff, Told, bill, news, spoken
from bot.core.errors import UsageError
from bot.core.fees import FeePlan, Part
from bot.core.money import Money
from bot.core.prices import Price, Rates, price
from bot.core.tickets import Conference, Orders, Release, Sale, Sales

TODAY = date(2026, 6, 15)
ECB = Rates(on=date(2026, 3, 18), table={"USD": Decimal("1.15"), "GBP": Decimal("0.86393")}, source="ECB")
FEES = (
    FeePlan(name="all", parts=(Part(payee="Box", percent=Decimal(3)),), besides="the card processor"),
    FeePlan(name="charities", parts=(Part(payee="Box", percent=Decimal(2)),)),
)
TARIFF = Tariff(
    name="today",
    on=date(2025, 6, 15),
    source="a page",
    tickets=FEES,
    vendors={
        "dns": Charge(amount=price("50 USD"), source="a page", on=date(2025, 1, 1)),
        "code": Charge(amount=price("0 GBP"), what="Free"),
        "names": Charge(waiting="the renewal"),
        "apps": Charge(
            amount=price("5 USD"), most=price("7 USD"), per=Per.MONTH, times=Decimal(2), unit="dyno"
        ),
    },
)
BOOK = Book(titles={"dns": "DNS Co", "names": "Names", "box": "Box"}, sells="box", tariffs=(TARIFF,))


def sold(tickets: int) -> Sales:
    """Return sales of one kind of ticket at £100."""
    none, paid = Money.of(0, "GBP"), Money.of(100 * tickets, "GBP")
    return Sales(
        conference=Conference(name="2026", title="2026", currency="GBP"),
        at=datetime(2026, 6, 15, tzinfo=UTC),
        releases=(Release(name="r", title="R", state=Sale.ON, sold=tickets, revenue=paid, voided=none),),
        orders=Orders(number=tickets, paid=paid, unpaid=none, refunded=none),
    )


def made(book: Book = BOOK, **known: Any) -> Bill:
    """Return the bill of today."""
    asked: dict[str, Any] = {"recorded": {}, "told": {}, "sales": sold(214), "rates": ECB}
    return bill(book, TARIFF, TODAY, **asked | known)


def spans(of: Bill) -> dict[str, tuple[str, str, str]]:
    """Return what each line comes to, and its mark."""
    return {line.title: (str(line.low), str(line.high), line.mark.value) for line in of.lines}


def test_each_line_is_marked_and_converted_once() -> None:
    """All lines are there by their titles, each with how sure it is, in our currency, to the penny."""
    found = made()
    assert spans(found) == {
        "apps": ("£90.15", "£126.21", "estimated"),
        "Box": ("£428.00", "£642.00", "estimated"),
        "code": ("£0.00", "£0.00", "estimated"),
        "DNS Co": ("£37.56", "£37.56", "estimated"),
        "Names": ("None", "None", "unknown"),
    }
    assert found.headline == "At least £555.71 a year; 1 vendor unknown (Names)."
    assert [str(found.least.each(number)) for number in (12, 214)] == ["£46.31", "£2.60"]
    assert found.attendees == 214
    box, dns = found.lines[1], found.lines[3]
    assert box.said == "2 % or 3 %, on the 214 paid tickets sold so far; on top comes the card processor"
    assert box.age(TODAY) == "15 Jun 2025, 1 year old"
    assert dns.age(date(2025, 7, 1)) == "1 Jan 2025"
    assert dns.age(date(2025, 9, 1)) == "1 Jan 2025, 8 months old"
    assert dns.age(date(2027, 9, 1)) == "1 Jan 2025, 2 years old"
    assert found.lines[0].age(TODAY) == "–"
    assert found.lines[0].said == "$5 to $7 a month × 2 dyno"


def test_who_knows_better_wins() -> None:
    """A record counts before the vendor's word, that before the configuration, that before the tariff."""

    def cost(amount: str, mark: Mark = Mark.ESTIMATED) -> Charge:
        return Charge(amount=price(amount), mark=mark)

    book = BOOK.model_copy(update={"vendors": {"names": cost("£1"), "dns": cost("£2"), "code": cost("£3")}})
    alarm = Alarm(key="a", text="Look.")
    told = {
        "dns": Told(charge=cost("£5", Mark.MEASURED)),
        "code": Told(charge=cost("£6", Mark.INVOICED), alarms=(alarm,)),
        "apps": None,
    }
    found = made(book, told=told, recorded={"code": cost("£7")})
    assert {name: span[::2] for name, span in spans(found).items()} == {
        "apps": ("£90.15", "estimated"),
        "Box": ("£428.00", "estimated"),
        "code": ("£7.00", "estimated"),
        "DNS Co": ("£5.00", "measured"),
        "Names": ("£1.00", "estimated"),
    }
    assert (found.alarms, found.silent) == ((alarm,), ("apps",))
    assert made(book, recorded={"DNS Co": cost("£7")}).lines[3].low == Money.of(7, "GBP")
    assert made(recorded={"Box": cost("£9")}).lines[1].said == "£9 a year"


def test_who_knows_only_when_it_is_paid_says_so() -> None:
    """What a vendor says of the next renewal joins the price that somebody else knows."""
    on = date(2027, 3, 14)
    told = {"names": Told(renews=on), "nobody": Told(renews=on)}
    found = made(told=told, recorded={"names": Charge(amount=price("£12"))})
    assert [(line.title, f"{line.low}", line.renews) for line in found.renewals] == [("Names", "£12.00", on)]


def test_a_bill_without_gaps_says_its_span() -> None:
    """When all is known the sum is a figure, or a span where plans differ."""
    book = BOOK.model_copy(update={"sells": "", "vendors": {"names": Charge(amount=price("£1"))}})
    assert made(book).headline == "Between £128.71 and £164.77 a year; nothing is unknown."
    fixed = {**book.vendors, "apps": Charge(amount=price("£2"))}
    assert made(book.model_copy(update={"vendors": fixed})).headline == "£40.56 a year; nothing is unknown."


def test_a_plan_with_rates_of_its_own_says_so() -> None:
    """The fee of a past tariff is converted at the rates of then, whatever the rest of the bill is."""
    plan = FEES[1].model_copy(update={"rates": ECB.model_copy(update={"on": date(2016, 3, 11)})})
    asked: dict[str, Any] = {"recorded": {}, "told": {}, "sales": sold(214), "rates": ECB}
    found = bill(BOOK, TARIFF.model_copy(update={"tickets": (plan,)}), TODAY, **asked)
    fee = next(line for line in found.lines if line.vendor == "box")
    assert fee.said.endswith("on the 214 paid tickets sold so far; at the rates of ECB, 11 Mar 2016")


def test_what_comes_on_top_is_not_passed_over() -> None:
    """A fee that nobody knows the price of makes the sum a lower end, also when each vendor has a figure."""
    book = BOOK.model_copy(update={"vendors": {"names": Charge(amount=price("£1"))}})
    assert made(book).headline == "At least £556.71 a year; on top comes the card processor."


def test_what_cannot_be_worked_out_is_unknown() -> None:
    """Without sales, or without a rate, a line is unknown and says why; the rest stands."""
    found = made(sales=None, rates=None)
    assert [line.title for line in found.unknown] == ["apps", "Box", "DNS Co", "Names"]
    assert found.lines[3].said == "$50 a year. No exchange rate of USD is known."
    assert "nobody says how many" in found.lines[1].said
    assert (found.least, found.attendees) == (Money.of(0, "GBP"), None)
    euro = FeePlan(name="all", parts=(Part(payee="Box", per_year=price("1 NOK")),))
    other = TARIFF.model_copy(update={"tickets": (euro,)})
    box = bill(BOOK, other, TODAY, recorded={}, told={}, sales=sold(1), rates=ECB).lines[1]
    assert (box.low, box.said) == (None, "There is no NOK among the exchange rates of ECB, 18 Mar 2026.")


@settings(max_examples=30)
@given(st.lists(st.one_of(st.none(), st.integers(0, 10**7)), min_size=1, max_size=6))
def test_sums_are_those_of_the_lines(pence: list[int | None]) -> None:
    """The sum is that of what is known; what is unknown is counted and never a zero."""
    vendors = {
        f"v{n}": Charge(waiting="x")
        if each is None
        else Charge(amount=Price(amount=Decimal(each).scaleb(-2), currency="GBP"))
        for n, each in enumerate(pence)
    }
    found = bill(
        Book(),
        TARIFF.model_copy(update={"vendors": vendors}),
        TODAY,
        recorded={},
        told={},
        sales=None,
        rates=None,
    )
    known = [each for each in pence if each is not None]
    assert found.least == found.most == Money(minor=sum(known), currency="GBP")
    assert (len(found.known), len(found.unknown)) == (len(known), pence.count(None))


@settings(max_examples=30)
@given(st.integers(0, 3000), st.integers(1, 3000))
def test_each_share_of_a_budget_is_reached_once(spent: int, limit: int) -> None:
    """The notices are the shares that are reached, and whoever was told of one is not told again."""
    vendors = {"dns": Charge(amount=Price(amount=Decimal(spent), currency="GBP"))}
    budget = {"total": Price(amount=Decimal(limit), currency="GBP")}
    book = Book(vendors=vendors, budget=budget)
    empty = TARIFF.model_copy(update={"vendors": {}})
    notices = bill(book, empty, TODAY, recorded={}, told={}, sales=None, rates=None).notices()
    assert spoken(notices) == tuple(each.text for each in notices[-1:])
    assert len(notices) == sum(spent * 100 >= limit * share for share in SHARES)
    assert news(notices, ()) == notices
    assert news(notices, [each.key for each in notices]) == ()


def test_a_budget_in_words() -> None:
    """A notice names the vendor, the sum, the share and the budget; what cannot be compared is left out."""
    limits = {"dns": "75 USD", "total": "0 GBP", "names": "5 GBP", "moon": "5 GBP", "code": "5 NOK"}
    budget = {name: price(limit) for name, limit in limits.items()}
    found = made(BOOK.model_copy(update={"budget": budget}))
    assert [notice.text for notice in found.notices()] == [
        "DNS Co: at least £37.56 a year, 50 % of the budget of $75 is reached."
    ]
    whole = made(BOOK.model_copy(update={"budget": {"total": price("1000 GBP")}}))
    assert [notice.text for notice in whole.notices()] == [
        "All vendors: at least £555.71 a year, 50 % of the budget of £1,000 is reached."
    ]


def test_renewals_come_in_order() -> None:
    """Lines that say when they are paid again are a calendar."""
    dates = {"dns": date(2027, 1, 1), "code": date(2026, 7, 1)}
    recorded = {name: Charge(amount=price("£1"), renews=on) for name, on in dates.items()}
    assert [line.vendor for line in made(recorded=recorded).renewals] == ["code", "dns"]


def test_names_and_tariffs_are_found_or_suggested() -> None:
    """A vendor is found by its name or title, a tariff by its name; near misses are suggested."""
    assert BOOK.vendor("dns co") == BOOK.vendor("DNS") == "dns"
    assert BOOK.named("nobody") == "nobody"
    assert BOOK.tariff("Today") is TARIFF
    with pytest.raises(UsageError) as refused:
        BOOK.vendor("bux")
    assert refused.value.hint == "Did you mean `Box`?"
    with pytest.raises(UsageError) as refused:
        BOOK.vendor("xyz")
    assert refused.value.hint == "We have: DNS Co, Names and Box."
    with pytest.raises(UsageError) as refused:
        BOOK.tariff("1999")
    assert refused.value.hint == "There are: `today`."


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "needs an `amount`"),
        ({"most": "5 GBP", "waiting": "x"}, "without an `amount`"),
        ({"amount": "4 USD", "most": "5 GBP"}, "of the same currency"),
        ({"amount": "4 USD", "times": -1}, "greater than or equal"),
    ],
)
def test_a_charge_that_makes_no_sense_is_refused(said: dict[str, object], why: str) -> None:
    """A charge has an amount or says what is waited for."""
    with pytest.raises(ValidationError, match=why):
        Charge.model_validate(said)


def test_charges_say_what_they_are() -> None:
    """A charge reads as people would write it."""
    assert str(TARIFF.vendors["code"]) == "Free: nothing to pay"
    assert str(Charge(amount=price("£0"), most=price("£5"))) == "£0 to £5 a year"
    assert str(TARIFF.vendors["names"]) == "waiting on information: the renewal"
