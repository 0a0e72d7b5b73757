"""``costs``: estimates to the penny, one bill with honest marks, a record that ends a waiting, a file."""

import csv
from datetime import date
from io import StringIO

import pytest

from bot.core.costs import Charge, Mark, Told
from bot.core.errors import Refused, UsageError
from bot.core.prices import price
from tests.commands.world import World, rows, words

TEN = [
    "123-reg",
    "DNSimple",
    "GitHub",
    "Heroku",
    "Opbeat",
    "Read the Docs",
    "Slack",
    "ti.to",
    "Travis-CI",
    "Twilio",
]


async def test_the_organisers_estimate_comes_out_to_the_penny(world: World) -> None:
    """300 tickets at £200 by the prices of 2016 cost what the organisers' page says, and are no sales."""
    said = words(await world.reply("costs estimate --tickets 300 --price 200 --tariff 2016", "reader-1"))
    assert "between £3,176.46 and £3,600.00" in said
    assert "example figures, not actual sales" in said
    assert "our best reconstruction of the lower figure, not a known tariff" in said
    assert "1 EUR = 0.77646 GBP (our reconstruction, 13 Mar 2016)" in said


async def test_todays_estimate_says_what_it_leaves_out(world: World) -> None:
    """By today's prices the fee is on the price without VAT, and the card processor's comes on top."""
    plain = words(await world.reply("costs estimate --tickets 300 --price £200"))
    assert "between £1,500.00 and £1,800.00" in plain
    assert "On top comes the card processor, by contract with Stripe or PayPal: not known." in plain
    taxed = words(await world.reply("costs estimate --tickets 300 --price 200 --vat 20"))
    assert "between £1,250.00 and £1,500.00" in taxed
    capped = words(await world.reply("costs estimate --tickets 10 --price 2000"))
    assert "£215.98" in capped  # ten times €25 at 0.86393
    assert "ECB, kept with the bot, 18 Mar 2026" in capped


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("costs estimate --tickets 0 --price 200", "greater than or equal to 1"),
        ("costs estimate --tickets -3 --price 200", "--tickets"),
        ("costs estimate --tickets 300 --price -200", "--price"),
        ("costs estimate --tickets 300 --price 2000000", "more than anything"),
        ("costs estimate --tickets 300 --price 200 --tariff 2061", "no tariff `2061`"),
        ("costs record 124-reg 12 --per year --source invoice", "do not know a vendor"),
        ("costs record 123-reg 12 --per week --source invoice", "--per"),
        ("costs record 123-reg twelve --per year --source invoice", "no amount of money"),
        ("costs show --tariff nobody", "no tariff"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_name(world: World, line: str, said: str) -> None:
    """A wrong number, amount, vendor or tariff is named, and nothing is worked out."""
    with pytest.raises(UsageError) as refused:
        await world.ask(line)
    assert said in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    "line",
    [
        "costs estimate --tickets 1 --price '9 NOK'",
        "costs record Twilio '9 NOK' --per year --source invoice",
        "costs convert '9 NOK'",
    ],
)
async def test_a_currency_without_a_rate_is_refused(world: World, line: str) -> None:
    """A currency that nobody has a rate of is named, with what would help; nothing is kept."""
    with pytest.raises(Refused, match="There is no NOK among the exchange rates") as refused:
        await world.ask(line)
    assert "`costs.rates`" in refused.value.hint


async def test_the_bill_lists_each_vendor_with_how_sure_it_is(world: World) -> None:
    """All ten vendors of the organisers' page are there; what nobody knows is unknown, never zero."""
    world.costs.told = {
        "github": Told(charge=Charge(amount=price("0 USD"), what="Free", mark=Mark.MEASURED)),
        "dnsimple": None,
    }
    reply = await world.reply("costs --tariff 2016", "reader-1")
    assert reply.title == "At least £37.56 a year; 3 vendors unknown (123-reg, ti.to, Twilio)."
    shown = {row[0]: row[1:3] for row in rows(reply)}
    assert list(shown) == TEN
    assert shown["DNSimple"] == ("£37.56", "estimated")
    assert shown["GitHub"] == ("£0.00", "measured")
    assert shown["123-reg"] == shown["Twilio"] == ("unknown", "unknown")
    said = words(reply)
    assert "13 Mar 2016, 10 years old" in said
    assert "DNSimple did not answer" in said
    assert "Converted at the rates of ECB, kept with the bot, 18 Mar 2026, which is long ago." in said
    assert "[CSV] costs csv --tariff 2016" in said


async def test_a_record_ends_the_waiting(world: World) -> None:
    """What somebody records of a vendor takes the place of the waiting, with its source and its day."""
    plan = await world.plan('costs record 123-REG 11.99 --per year --source "invoice 7" --renews 2027-03-01')
    assert plan.title == "123-reg costs £11.99 a year"
    assert [c.words for c in plan.changes] == [
        "*123-reg* costs £11.99 a year (invoice 7) (now: what is not recorded)"
    ]
    await world.apply(plan)
    reply = await world.reply("costs")
    assert "123-reg" not in reply.title
    assert ("123-reg", "£11.99", "invoiced", "£11.99 a year", "invoice 7 (15 Jun 2026)") in rows(reply)
    again = await world.plan("costs record 123-reg $1 --per month --source quote --guess")
    assert again.changes[0].words == "*123-reg* costs $1 a month (quote) (now: £11.99 a year (invoice 7))"
    assert again.changes[0].after is not None
    assert again.changes[0].after["mark"] == "estimated"


async def test_renewals_are_a_calendar(world: World) -> None:
    """What is paid again stands by its date, the next first; for what nobody said a date, that is said."""
    assert (await world.reply("costs renewals")).title == "No renewal is known"
    for name, on in (
        ("Twilio", date(2026, 6, 1)),
        ("123-reg", date(2026, 7, 1)),
        ("Heroku", date(2027, 1, 1)),
    ):
        world.costs.recorded[name] = Charge(amount=price("10 GBP"), renews=on)
    reply = await world.reply("costs renewals", "reader-1")
    assert reply.title == "Next: Twilio, 1 Jun 2026"
    assert [row[:2] for row in rows(reply)] == [
        ("1 Jun 2026, 14 days ago: was it paid?", "Twilio"),
        ("1 Jul 2026, in 16 days", "123-reg"),
        ("1 Jan 2027", "Heroku"),
    ]
    assert "Nobody said when these are paid again: DNSimple, Opbeat, ti.to and Travis-CI." in words(reply)


async def test_the_file_for_the_books_leaves_empty_what_nobody_knows(world: World) -> None:
    """The CSV has a line for each vendor, empty where unknown, and no cell that a spreadsheet would run."""
    world.costs.recorded["Twilio"] = Charge(amount=price("1 GBP"), source="=SUM(A1)")
    reply = await world.reply("costs csv", "reader-1")
    table = {row["vendor"]: row for row in csv.DictReader(StringIO(words(reply).partition("\n")[2]))}
    assert list(table) == TEN
    assert (table["123-reg"]["least_a_year"], table["123-reg"]["how_sure"]) == ("", "unknown")
    assert (table["DNSimple"]["least_a_year"], table["DNSimple"]["most_a_year"]) == ("4.51", "261.43")
    assert table["Twilio"]["source"] == "'=SUM(A1)"


async def test_an_amount_is_converted_by_the_rates_of_its_day(world: World) -> None:
    """The rates' owner and day are said, also when they are not of the day that was asked for."""
    said = words(await world.reply("costs convert '50 USD' --on 2026-03-18", "reader-1"))
    assert said == "$50 is £37.56\nAt the rates of ECB, kept with the bot, 18 Mar 2026."
    today = words(await world.reply("costs convert €1"))
    assert "No rates of 15 Jun 2026 are at hand: those of 18 Mar 2026 are used." in today
    world.costs.book = world.costs.book.model_copy(update={"rates": None})
    assert words(await world.reply("costs convert £1.005")) == "1.005 GBP is £1.01\nNo rate was needed."
    with pytest.raises(UsageError, match="has not come yet"):
        await world.ask("costs convert $50 --on 2026-06-16")


async def test_a_past_bill_is_as_it_was_kept(world: World) -> None:
    """With the exchange rates of its day; what was kept last before a day stands for that day."""
    with pytest.raises(Refused, match=r"No bill was kept on 1 Jun 2026 or before\."):
        await world.reply("costs show --on 2026-06-01")
    kept = await world.costs.bill("today")
    world.costs.bills.append(kept.model_copy(update={"today": date(2026, 6, 1)}))
    await world.apply(await world.plan("costs record 123-reg 11.99 --per year --source invoice"))
    reply = await world.reply("costs show --on 2026-06-03", "reader-1")
    assert reply.title == f"1 Jun 2026: {kept.headline}"
    assert "ECB, kept with the bot, 18 Mar 2026" in words(reply)
