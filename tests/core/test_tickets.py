"""Ticket sales in sums: what attends, how a year went by days before, what stays unknown."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.money import Money
from bot.core.tickets import (
    Conference,
    Curve,
    Kind,
    Orders,
    Release,
    Sale,
    Sales,
    Season,
    Sold,
    larger,
)

FIRST = date(2026, 9, 18)
NOTHING = Money(minor=0, currency="GBP")
TEN = Money.of(10, "GBP")


def release(name: str, sold: int = 1, **given: Any) -> Release:
    """Return a release of which some are sold at ten pounds."""
    facts = {"state": Sale.ON, "revenue": TEN * sold, "voided": NOTHING, "title": name.title()}
    return Release(name=name, sold=sold, **facts | given)


def sales(*releases: Release, first_day: date | None = FIRST, days: tuple[Sold, ...] = ()) -> Sales:
    """Return the sales of an event."""
    return Sales(
        conference=Conference(name="2026", title="PyCon UK 2026", currency="GBP", first_day=first_day),
        at=datetime(2026, 6, 15, tzinfo=UTC),
        releases=releases,
        days=days,
        orders=Orders(number=1, paid=TEN, unpaid=NOTHING, refunded=NOTHING),
    )


def test_shirts_earn_but_do_not_attend() -> None:
    """Heads are those of tickets; money is that of all."""
    there = sales(release("regular", 3, capacity=10), release("shirt", 2, counted=False))
    assert (there.sold, there.capacity) == (3, 10)
    assert there.revenue == TEN * 5
    assert [each.name for each in there.counted] == ["regular"]


@pytest.mark.parametrize(
    ("releases", "capacity"),
    [
        ((release("a", 3, capacity=10), release("b", 4)), None),
        ((release("a", 3, capacity=10), release("b", 4, state=Sale.ENDED)), 14),
        ((release("a", 3, capacity=10, state=Sale.OFF), release("b", 4, capacity=9)), 12),
        ((release("a", 3, capacity=10, state=Sale.SOLD_OUT),), 3),
        ((), None),
    ],
)
def test_capacity_is_what_can_still_be_sold(releases: tuple[Release, ...], capacity: int | None) -> None:
    """What has ended holds what it sold; one release without limit leaves it open."""
    assert sales(*releases).capacity == capacity


def test_a_year_is_kept_as_its_kinds_and_days() -> None:
    """What is kept of a year needs nobody who sells tickets; without a date nothing is kept."""
    days = (Sold(day=FIRST, kind="Regular", sold=3),)
    season = sales(release("regular", 3, price=TEN), days=days).season
    kinds = (Kind(title="Regular", sold=3, price=TEN),)
    assert season == Season(year=2026, first_day=FIRST, kinds=kinds, days=days)
    assert sales(first_day=None).season is None


def test_the_organisers_own_figures_add_up() -> None:
    """332 attended in 2015, beside those who came for a day of their own."""
    main = {"Regular": 112, "Full Price": 106, "Community": 49, "Speaker": 18, "Student/Unwaged": 13}
    main |= {"Complimentary": 9, "Sponsor": 23, "Journalist": 2}
    kinds = [Kind(title=title, sold=sold) for title, sold in main.items()]
    beside = [Kind(title=f"{sold}", sold=sold, counted=False) for sold in (100, 42, 24, 25)]
    season = Season(year=2015, kinds=(*kinds, *beside, Kind(title="x", counted=False)))
    assert (season.total, season.beside, season.curve) == (332, 191, None)


def test_what_is_unknown_is_never_zero() -> None:
    """A year of which only the prices are known has no total; nor has an empty one."""
    assert Season(year=2016, kinds=(Kind(title="Individual", sold=3), Kind(title="Day"))).total is None
    assert Season(year=2016).total is None


def test_a_curve_counts_by_days_before() -> None:
    """Days without a sale go on; after the last one it stands; beside the conference nothing counts."""
    days = [(10, "A", 2), (10, "B", 1), (7, "A", 4), (-1, "A", 1), (8, "Shirt", 9)]
    season = Season(
        year=2026,
        first_day=FIRST,
        kinds=(Kind(title="A", sold=7), Kind(title="B", sold=1), Kind(title="Shirt", sold=9, counted=False)),
        days=tuple(Sold(day=FIRST - timedelta(days=before), kind=k, sold=n) for before, k, n in days),
    )
    curve = season.curve
    assert curve is not None
    assert [curve.at(before) for before in (11, 10, 9, 8, 7, 0, -1, -9)] == [0, 3, 3, 3, 7, 7, 8, 8]
    assert (curve.opened, curve.total) == (10, 8)
    assert curve.until(8).sold == (3, 3, 3)
    assert curve.until(99).sold == (3,)
    assert season.model_copy(update={"first_day": None}).curve is None
    assert season.model_copy(update={"days": season.days[-1:]}).curve is None


def test_of_two_events_in_a_year_the_larger_is_the_conference() -> None:
    """Whichever comes first; one of unknown size is the smaller."""
    small, large = (Season(year=2025, kinds=(Kind(title="All", sold=sold),)) for sold in (20, 300))
    assert larger(None, small) == small
    assert larger(small, large) == larger(large, small) == large
    assert larger(Season(year=2025), small) == small


@given(st.lists(st.tuples(st.integers(-3, 200), st.integers(1, 9)), min_size=1))
def test_a_curve_never_falls_and_ends_at_the_total(sold: list[tuple[int, int]]) -> None:
    """Whatever is sold on whatever days."""
    daily = Counter[tuple[date, str]]()
    for before, number in sold:
        daily[FIRST - timedelta(days=before), "A"] += number
    curve = Curve.of(FIRST, daily)
    assert list(curve.sold) == sorted(curve.sold)
    assert curve.total == sum(number for _, number in sold) == curve.at(min(before for before, _ in sold))


def test_weeks_begin_on_monday() -> None:
    """Kind by kind, by the Monday of each week."""
    monday = date(2026, 6, 15)
    days = [Sold(day=monday + timedelta(days=n), kind="A", sold=1) for n in (-1, 0, 6)]
    days += [Sold(day=monday, kind="B", sold=5), Sold(day=monday, kind="Shirt", sold=9)]
    weeks = Season(year=2026, kinds=(Kind(title="Shirt", counted=False),), days=tuple(days)).weeks()
    assert weeks == {"A": {monday - timedelta(days=7): 1, monday: 2}, "B": {monday: 5}}


@pytest.mark.parametrize(
    ("sold", "given", "share"),
    [
        (49, {"capacity": 100}, 0),
        (50, {"capacity": 100}, 50),
        (89, {"capacity": 99}, 50),
        (90, {"capacity": 100}, 90),
        (99, {"capacity": 100}, 90),
        (100, {"capacity": 100}, 100),
        (120, {"capacity": 100}, 100),
        (1, {"capacity": 100, "state": Sale.SOLD_OUT}, 100),
        (400, {"capacity": None}, 0),
        (0, {"capacity": 0}, 0),
    ],
)
def test_the_share_that_is_reached(sold: int, given: dict[str, Any], share: int) -> None:
    """Whole per cents count, and whoever sells says what is sold out; without a limit there is no share."""
    assert release("a", sold, **given).share == share


def test_a_launch_lasts_until_midnight_where_we_are() -> None:
    """From the moment on at which it begins; what is archived begins no more."""
    begins, zone = datetime(2026, 6, 15, 22, 30, tzinfo=UTC), ZoneInfo("Europe/London")
    there = sales(
        release("late", starts_at=begins),
        release("old", starts_at=begins, archived=True),
        release("always"),
    )
    assert [(at, each.name) for at, each in there.launches(date(2026, 6, 15), zone)] == [(begins, "late")]
    minute = timedelta(minutes=1)
    found = [there.launched(begins + minute * n, zone) for n in (-1, 0, 29, 30)]
    assert [[each.name for each in some] for some in found] == [[], ["late"], ["late"], []]
