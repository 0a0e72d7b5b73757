"""What everything costs: charges as data, one bill of all vendors, budgets. Unknown is never zero."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import Field, model_validator

from bot.core.duration import day
from bot.core.errors import Refused, UsageError
from bot.core.fees import Basket, FeePlan, offers
from bot.core.money import Currency, Money
from bot.core.names import suggestion
from bot.core.people import listed
from bot.core.prices import Price, Rates, Written, worth
from bot.core.tickets import Sales
from bot.core.values import Value

TOTAL = "total"
CURRENT = "today"  # the tariff of these days
SHARES = (50, 75, 90, 100)  # of a budget, in per cent: each is told once
OLD = 183  # days after which a figure is to be looked at again


class Mark(StrEnum):
    """How sure a figure is: counted by the vendor, on a bill, worked out by us, or not known."""

    MEASURED = "measured"
    INVOICED = "invoiced"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class Per(StrEnum):
    """How often something is paid."""

    MONTH = "month"
    YEAR = "year"


class Charge(Value):
    """What one vendor takes, or that nobody knows it: then *waiting* says for what.

    *most* is the upper end where there are several plans. *times* is how many
    units of it are used: zones, seats, messages.
    """

    amount: Written | None = Field(None, description="What it costs: `50 USD`; left out while not known.")
    most: Written | None = Field(None, description="The upper end, where there are several plans.")
    per: Per = Field(Per.YEAR, description="How often it is paid.")
    times: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] = Field(
        Decimal(1), description="How many units are used: zones, seats, messages."
    )
    unit: str = Field("", description="What one unit is called.")
    what: str = Field("", description="What is paid for, such as the plan.")
    mark: Mark = Field(Mark.ESTIMATED, description="How sure it is: measured, invoiced or estimated.")
    waiting: str = Field("", description="What nobody knows yet.")
    source: str = Field("", description="Who says so: an invoice, a page.")
    on: date | None = Field(None, description="The day on which that was true.")
    renews: date | None = Field(None, description="When it is paid again.")

    @model_validator(mode="after")
    def _sound(self) -> "Charge":
        if self.amount is None and not self.waiting:
            raise ValueError("needs an `amount`, or says in `waiting` what nobody knows yet")
        if self.most is not None and (self.amount is None or self.most.currency != self.amount.currency):
            raise ValueError("has a `most` without an `amount` of the same currency")
        return self

    def yearly(self, asked: Price) -> Price:
        """Return what *asked*, one of its prices, comes to in a year."""
        often = 12 if self.per is Per.MONTH else 1
        return Price(amount=asked.amount * self.times * often, currency=asked.currency)

    def __str__(self) -> str:
        if self.amount is None:
            return f"waiting on information: {self.waiting}"
        up = f" to {self.most}" if self.most else ""
        units = f" × {self.times} {self.unit}".rstrip() if self.times != 1 else ""
        free = not self.amount.amount and not self.most
        price = "nothing to pay" if free else f"{self.amount}{up} a {self.per}{units}"
        return f"{self.what}: {price}" if self.what else price


class Tariff(Value):
    """The prices of all vendors as one page had them on a day."""

    name: str
    on: date
    source: str
    tickets: Annotated[tuple[FeePlan, ...], Field(min_length=1)]
    vendors: Mapping[str, Charge]


class Book(Value):
    """What we know of costs without asking anybody: shipped tariffs, and what the configuration says.

    *titles* are what people call each vendor, by name. *sells* is the vendor
    that is paid by the ticket. *own* is what the bot itself costs, by where it runs.
    """

    currency: Currency = "GBP"
    titles: Mapping[str, str] = {}
    sells: str = ""
    own: Mapping[str, Charge] = {}
    tariffs: tuple[Tariff, ...] = ()
    rates: Rates | None = None
    budget: Mapping[str, Price] = {}
    vendors: Mapping[str, Charge] = {}

    def tariff(self, name: str) -> Tariff:
        """Return a tariff; UsageError when there is none of that name."""
        for each in self.tariffs:
            if each.name == name.casefold():
                return each
        names = [each.name for each in self.tariffs]
        hint = suggestion(name, names) or f"There are: {listed((f'`{one}`' for one in names), 'and')}."
        raise UsageError(f"There is no tariff `{name[:40]}`.", hint, "tariff")

    def vendor(self, said: str) -> str:
        """Return the vendor that somebody means; UsageError when it is none of ours."""
        name = self.named(said)
        if name in self.known:
            return name
        titles = [self.title(each) for each in self.known]
        hint = suggestion(said, titles) or f"We have: {listed(titles, 'and')}."
        raise UsageError(f"I do not know a vendor `{said[:40]}`.", hint, "vendor")

    @property
    def known(self) -> tuple[str, ...]:
        """Return the names of all vendors."""
        return tuple(dict.fromkeys((*self.titles, *self.vendors)))

    def named(self, said: str) -> str:
        """Return the name of the vendor that is called so; what is none of ours stays as it is."""
        called = {word.casefold(): name for name in self.known for word in (name, self.title(name))}
        return called.get(said.casefold(), said)

    def title(self, vendor: str) -> str:
        """Return what people call a vendor."""
        return self.titles.get(vendor, vendor)


class Alarm(Value):
    """Something that people must know once; *key* tells it from all others.

    Of several alarms *about* the same thing only the last is said.
    """

    key: str
    text: str
    about: str = ""


class Told(Value):
    """What a vendor itself says of its costs, and what of it means that they will change.

    *renews* is when it is paid again, from a vendor that may not know what it costs.
    """

    charge: Charge | None = None
    renews: date | None = None
    alarms: tuple[Alarm, ...] = ()


class Line(Value):
    """What one vendor costs a year, in our currency; *low* None: unknown; *besides* comes on top, unknown."""

    vendor: str
    title: str
    low: Money | None = None
    high: Money | None = None
    mark: Mark
    said: str
    besides: str = ""
    source: str = ""
    on: date | None = None
    renews: date | None = None

    @property
    def span(self) -> str:
        """Return what it comes to in a year."""
        if self.low is None or self.high is None:
            return "unknown"
        return f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"

    def age(self, today: date) -> str:
        """Return when that was true, and how old it is when it should be looked at again."""
        if self.on is None:
            return "–"
        days = (today - self.on).days
        span = f"{days // 365} year{'s' * (days >= 730)}" if days >= 365 else f"{days // 30} months"
        return f"{day(self.on)}, {span} old" if days > OLD else day(self.on)


class Bill(Value):
    """What everything costs in a year by what is known on a day."""

    currency: Currency
    today: date
    tariff: str
    lines: tuple[Line, ...]
    rates: Rates | None = None
    attendees: int | None = None
    budget: Mapping[str, Price] = {}
    alarms: tuple[Alarm, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[Line, ...]:
        """Return the lines that have a figure."""
        return tuple(line for line in self.lines if line.low is not None)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """Return the lines that nobody knows."""
        return tuple(line for line in self.lines if line.low is None)

    @property
    def least(self) -> Money:
        """Return what all that is known costs in a year at least."""
        return Money.total((line.low for line in self.lines if line.low), self.currency)

    @property
    def most(self) -> Money:
        """Return what all that is known costs in a year at most."""
        return Money.total((line.high for line in self.lines if line.high), self.currency)

    @property
    def headline(self) -> str:
        """Return the sum in a sentence that owns up to what is not known."""
        if self.unknown:
            number = len(self.unknown)
            names = ", ".join(line.title for line in self.unknown)
            vendors = "vendor" if number == 1 else "vendors"
            return f"At least {self.least} a year; {number} {vendors} unknown ({names})."
        if besides := [line.besides for line in self.lines if line.besides]:
            return f"At least {self.least} a year; on top comes {listed(besides, 'and')}."
        if self.least == self.most:
            return f"{self.least} a year; nothing is unknown."
        return f"Between {self.least} and {self.most} a year; nothing is unknown."

    def notices(self) -> tuple[Alarm, ...]:
        """Return which shares of which budgets are reached, by what is known at least."""
        found = []
        for name, allowed in sorted(self.budget.items()):
            if not allowed.amount:
                continue
            line = next((line for line in self.lines if line.vendor == name), None)
            spent = self.least if name == TOTAL else (line.low if line else None)
            title = "All vendors" if name == TOTAL else (line.title if line else name)
            about = f"budget:{name}:{self.today.year}:{allowed}"
            for share in self._reached(spent, allowed):
                text = f"{title}: at least {spent} a year, {share} % of the budget of {allowed} is reached."
                found.append(Alarm(key=f"{about}:{share}", text=text, about=about))
        return tuple(found)

    def _reached(self, spent: Money | None, allowed: Price) -> list[int]:
        try:
            limit = worth(allowed, self.currency, self.rates)
        except Refused:
            return []
        return [share for share in SHARES if spent is not None and spent.amount * 100 >= limit * share]

    @property
    def renewals(self) -> tuple[Line, ...]:
        """Return the lines that say when they are paid again, the next first."""
        dated = [line for line in self.lines if line.renews is not None]
        return tuple(sorted(dated, key=lambda line: (line.renews or date.max, line.title)))


def bill(
    book: Book,
    tariff: Tariff,
    today: date,
    *,
    recorded: Mapping[str, Charge],
    told: Mapping[str, Told | None],
    sales: Sales | None,
    rates: Rates | None,
) -> Bill:
    """Return what everything costs a year.

    What somebody recorded counts before what a vendor *told* (None: it did not answer), that before the
    configuration, that before the tariff. All is converted with one table of *rates*.
    """
    answers = {name: each for name, each in told.items() if each is not None}
    sold = {name: each.charge for name, each in answers.items() if each.charge}
    said = {book.named(name): charge for name, charge in recorded.items()}
    charges = {**tariff.vendors, **book.vendors, **sold, **said}
    for name, each in answers.items():
        if each.renews and name in charges:
            charges[name] = charges[name].model_copy(update={"renews": each.renews})
    lines = [_line(book, name, charge, rates) for name, charge in charges.items()]
    if book.sells and not {book.sells} & {*book.vendors, *said}:
        lines = [line for line in lines if line.vendor != book.sells]
        lines.append(_of_sales(book, tariff, sales, rates))
    lines.sort(key=lambda line: line.title.casefold())
    return Bill(
        currency=book.currency,
        today=today,
        tariff=tariff.name,
        lines=tuple(lines),
        rates=rates,
        attendees=sales.sold if sales else None,
        budget=book.budget,
        alarms=tuple(alarm for each in answers.values() for alarm in each.alarms),
        silent=tuple(sorted(book.title(name) for name, each in told.items() if each is None)),
    )


def _line(book: Book, vendor: str, charge: Charge, rates: Rates | None) -> Line:
    low = high = None
    mark, said = charge.mark, f"{charge}"
    if charge.amount is None:
        mark = Mark.UNKNOWN
    else:
        try:
            low, high = (
                _yearly(book, charge, each, rates) for each in (charge.amount, charge.most or charge.amount)
            )
        except Refused as refused:
            mark, said = Mark.UNKNOWN, f"{charge}. {refused.message}"
    return Line(
        vendor=vendor,
        title=book.title(vendor),
        low=low,
        high=high,
        mark=mark,
        said=said,
        source=charge.source,
        on=charge.on,
        renews=charge.renews,
    )


def _yearly(book: Book, charge: Charge, asked: Price, rates: Rates | None) -> Money:
    return Money.of(worth(charge.yearly(asked), book.currency, rates), book.currency)


def _of_sales(book: Book, tariff: Tariff, sales: Sales | None, rates: Rates | None) -> Line:
    """Return what the sale of tickets costs: the tariff's plans on what is really sold."""
    line = Line(
        vendor=book.sells,
        title=book.title(book.sells),
        mark=Mark.UNKNOWN,
        said="waiting on information: nobody says how many tickets are sold",
        source=tariff.source,
        on=tariff.on,
    )
    if sales is None:
        return line
    basket = Basket.of(sales)
    try:
        found = offers(tariff.tickets, basket, book.currency, rates)
    except Refused as refused:
        return line.model_copy(update={"said": refused.message})
    besides = next((each.plan.besides for each in found if each.plan.besides), "")
    plans = " or ".join(dict.fromkeys(", ".join(f"{fee.part}" for fee in each.fees) for each in found))
    dated = dict.fromkeys(f"{each.plan.rates}" for each in found if each.plan.rates)
    extra = f"; at the rates of {listed(dated, 'and')}" if dated else ""
    extra += f"; on top comes {besides}" if besides else ""
    paid = sum(batch.tickets for batch in basket.batches)
    return line.model_copy(
        update={
            "low": found[0].total,
            "high": found[-1].total,
            "mark": Mark.ESTIMATED,
            "said": f"{plans}, on the {paid} paid tickets sold so far{extra}",
            "besides": besides,
        }
    )


class Costing(Protocol):
    """Whoever knows what everything costs."""

    @property
    def book(self) -> Book:
        """Return what is known without asking anybody."""

    async def rates(self, on: date | None = None) -> Rates | None:
        """Return the exchange rates of a day, by default of today; None when nobody has any."""

    async def bill(self, tariff: str) -> Bill:
        """Return what everything costs now, vendors asked; UsageError when there is no such tariff."""

    async def kept(self, until: date) -> Bill | None:
        """Return the bill as it was on a day, or the last one before; None when none was kept."""


def news(alarms: Iterable[Alarm], known: Collection[str]) -> tuple[Alarm, ...]:
    """Return the alarms that nobody was told of: *known* are the keys of those that were."""
    return tuple(alarm for alarm in alarms if alarm.key not in known)


def spoken(alarms: Iterable[Alarm]) -> tuple[str, ...]:
    """Return what is said of *alarms*: of those about the same thing the last."""
    return tuple({alarm.about or alarm.key: alarm.text for alarm in alarms}.values())
