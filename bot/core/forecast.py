"""Where ticket sales will land: past years' curves, how well they would have told, and when it is too early.

Each past year says how many times more were sold in the end than at the same
number of days before. Their logarithms are taken as a small sample from a normal
distribution whose spread is known only roughly beforehand: few years lean on
that guess, many speak for themselves.
"""

from collections.abc import Mapping, Sequence
from math import exp, log, sqrt

from bot.core.tickets import Curve
from bot.core.values import Value

LEAST_SOLD = 20
LEAST_SHARE = 0.1
WIDEST = 2.5  # times the lowest: a range so wide tells nobody anything
GUESS = 0.16  # of the spread while nothing is sold; set by the back-test on synthetic years
GUESSED = 3  # years that the guess counts for
_T = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)  # 90 %, by freedom
_T_MANY = 1.330


class Forecast(Value):
    """Where sales land: *likely*, and a range that four of five years should fall into.

    *missed* is by which share the same method would have missed each past year at
    this point, told by the others; empty with a single past year.
    """

    low: int
    likely: int
    high: int
    years: tuple[int, ...]
    missed: Mapping[int, float] = {}

    @property
    def error(self) -> float | None:
        """Return by which share it would have missed on average; None while nothing can be compared."""
        return sum(map(abs, self.missed.values())) / len(self.missed) if self.missed else None


class TooEarly(Value):
    """No forecast yet, and why."""

    why: str


def forecast(
    sold: int, before: int, past: Mapping[int, Curve], capacity: int | None = None
) -> Forecast | TooEarly:
    """Return where *sold* tickets, *before* days before the first day, lead by the curves of *past* years."""
    if not past:
        return TooEarly(why="no past year's sales are known day by day")
    shares = [curve.at(before) / curve.total for curve in past.values() if curve.total]
    share = sum(shares) / len(shares) if shares else 0.0
    if sold < LEAST_SOLD:
        return TooEarly(why=f"only {sold} tickets are sold")
    if share < LEAST_SHARE:
        return TooEarly(why=f"at this point past years had sold {share:.0%} of their tickets")
    low, likely, high = _range(sold, before, list(past.values()))
    if capacity is not None:
        low, likely, high = (min(each, max(capacity, sold)) for each in (low, likely, high))
    if high > WIDEST * low:
        return TooEarly(why=f"anything between {low} and {high} is possible by past years")
    return Forecast(
        low=low, likely=likely, high=high, years=tuple(sorted(past)), missed=_missed(before, past)
    )


def _missed(before: int, past: Mapping[int, Curve]) -> dict[int, float]:
    """Return by which share each past year would have been missed by the others."""
    missed = dict[int, float]()
    for year, curve in past.items():
        others = [other for each, other in past.items() if each != year]
        if others and curve.at(before):
            missed[year] = _range(curve.at(before), before, others)[1] / curve.total - 1
    return missed


def _range(sold: int, before: int, past: Sequence[Curve]) -> tuple[int, int, int]:
    """Return the lowest, likely and highest total; nothing that is sold is taken away again."""
    grew = [log((curve.total + 1) / (curve.at(before) + 1)) for curve in past]
    mean = sum(grew) / len(grew)
    spread, freedom = _spread(sold, mean, grew)
    reach = spread * (_T[freedom - 1] if freedom <= len(_T) else _T_MANY)
    low, likely, high = (max(sold, round((sold + 1) * exp(mean + by) - 1)) for by in (-reach, 0.0, reach))
    return low, likely, high


def _spread(sold: int, mean: float, grew: Sequence[float]) -> tuple[float, int]:
    """Return how far a year may be from the mean of others, and how many years that is worth."""
    share = exp(-mean)
    guess = (GUESS * (1 - share)) ** 2
    among = sum((each - mean) ** 2 for each in grew)
    freedom = GUESSED + len(grew) - 1
    years = (GUESSED * guess + among) / freedom * (1 + 1 / len(grew))
    chance = (1 - share) / sold  # whether somebody came yesterday or comes tomorrow
    return sqrt(years + chance), freedom
