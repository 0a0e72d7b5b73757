"""Forecasts: back-tested on synthetic years of several shapes, and silent when it is too early."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from statistics import mean

import pytest

from bot.core.forecast import Forecast, TooEarly, forecast
from bot.core.tickets import Curve

FIRST = date(2026, 9, 18)
OPENED = 200
HORIZONS = (90, 60, 30, 14)
Shape = Callable[[Random], Callable[[float], float]]


def early_bird(chance: Random) -> Callable[[float], float]:
    """A third goes while it is cheap, in the first fifth; the rest evenly."""
    share = chance.gauss(0.34, 0.03)
    return lambda x: share * min(1, x / 0.2) + (1 - share) * max(0.0, (x - 0.2) / 0.8)


def company_rush(chance: Random) -> Callable[[float], float]:
    """Companies come at the end."""
    share, steep = chance.gauss(0.4, 0.04), chance.gauss(6, 0.6)
    return lambda x: float((1 - share) * x + share * x**steep)


def sell_out(chance: Random) -> Callable[[float], float]:
    """All of it goes well before the conference."""
    ends = chance.gauss(0.75, 0.06)
    return lambda x: min(1.0, x / ends)


def slow_start(chance: Random) -> Callable[[float], float]:
    """Hardly anybody comes before the programme is out."""
    steep = chance.gauss(2.2, 0.15)
    return lambda x: float(x**steep)


def year(shape: Shape, chance: Random, size: float) -> Curve:
    """Return one year of a conference: its shape a little its own, orders of one to five at a time."""
    path, total = shape(chance), max(60, chance.gauss(size, size * 0.2))
    daily = dict[tuple[date, str], int]()
    for day in range(OPENED):
        wanted = total * (path((day + 1) / OPENED) - path(day / OPENED))
        orders = sum(chance.random() < wanted / 20 for _ in range(10)) if wanted < 20 else round(wanted / 2)
        sold = sum(chance.choice((1, 1, 1, 2, 2, 5)) for _ in range(orders))
        daily[FIRST - timedelta(days=OPENED - day), "All"] = sold
    return Curve.of(FIRST, daily)


def trials() -> Iterator[tuple[Curve, dict[int, Curve], int | None]]:
    """Yield 200 years with three before each, and what could be sold where that ended it."""
    for number in range(200):
        chance = Random(number)
        shape = (early_bird, company_rush, sell_out, slow_start)[number % 4]
        size = chance.uniform(200, 700)
        past = {n: year(shape, chance, size) for n in (2023, 2024, 2025)}
        now = year(shape, chance, size)
        yield now, past, now.total if shape is sell_out else None


def test_four_of_five_years_fall_into_the_range(figure: Callable[[str], None]) -> None:
    """On 200 synthetic years of four shapes; no machine-readable curve of a real one is at hand."""
    inside, missed = list[bool](), {before: list[float]() for before in HORIZONS}
    early = 0
    for now, past, capacity in trials():
        for before in HORIZONS:
            told = forecast(now.at(before), before, past, capacity)
            if isinstance(told, TooEarly):
                early += 1
                continue
            inside.append(told.low <= now.total <= told.high)
            missed[before].append(abs(told.likely / now.total - 1))
    errors = ", ".join(f"{mean(found):.1%} at {before}" for before, found in missed.items())
    coverage = mean(inside)
    figure(
        f"forecast: {coverage:.0%} of the ends of 200 synthetic years in its 80 % range; "
        f"off by {errors} days before; {early} of 800 too early"
    )
    assert 0.75 <= coverage <= 0.9
    assert mean(missed[14]) < mean(missed[90]) < 0.2


STRAIGHT = Curve(opened=100, sold=tuple(range(3, 304, 3)))


def test_one_past_year_is_enough_to_guess_and_two_to_say_how_well() -> None:
    """What it would have missed is told year by year."""
    one = forecast(150, 50, {2025: STRAIGHT})
    assert isinstance(one, Forecast)
    assert (one.error, one.years) == (None, (2025,))
    assert one.low < one.likely < one.high
    two = forecast(150, 50, {2025: STRAIGHT, 2024: STRAIGHT})
    assert isinstance(two, Forecast)
    assert two.error == pytest.approx(0, abs=0.01)
    assert two.high - two.low < one.high - one.low


def test_nothing_lands_beyond_what_can_be_sold_or_below_what_is() -> None:
    """Rooms have walls; sold is sold."""
    told = forecast(150, 50, {2025: STRAIGHT}, capacity=200)
    assert isinstance(told, Forecast)
    assert (told.likely, told.high) == (200, 200)
    full = forecast(150, 50, {2025: STRAIGHT}, capacity=140)
    assert isinstance(full, Forecast)
    assert (full.low, full.high) == (150, 150)
    over = forecast(303, -1, {2025: STRAIGHT})
    assert isinstance(over, Forecast)
    assert over.low >= 303


def test_many_years_speak_for_themselves() -> None:
    """With more years than the table of the distribution has lines, too."""
    told = forecast(150, 50, dict.fromkeys(range(2000, 2020), STRAIGHT))
    assert isinstance(told, Forecast)
    assert told.high / told.low < 1.4


LATE = Curve(opened=100, sold=(*[1] * 98, 2, 300))
WILD = {
    2025: STRAIGHT,
    2024: Curve(opened=100, sold=(*[30] * 60, *[300] * 41)),
    2023: Curve(opened=9, sold=(9,)),
}


@pytest.mark.parametrize(
    ("sold", "past", "why"),
    [
        (150, {}, "no past year's sales are known day by day"),
        (19, {2025: STRAIGHT}, "only 19 tickets are sold"),
        (150, {2025: LATE}, "had sold 0% of their tickets"),
        (150, {2025: Curve(opened=1, sold=(0,))}, "had sold 0% of their tickets"),
        (150, WILD, "is possible by past years"),
    ],
)
def test_too_early_is_said_with_its_reason(sold: int, past: dict[int, Curve], why: str) -> None:
    """A number that nobody could rely on is not told."""
    told = forecast(sold, 50, past)
    assert isinstance(told, TooEarly), told
    assert why in told.why
