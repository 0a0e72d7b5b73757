"""A stand-in for both publishers of exchange rates, written from what they document.

The bank's files are under ``/stats/eurofxref``, Frankfurter under ``/v1``. There
are rates of each working day up to now, but not on the days on which the bank
is closed; they wander a little around those of the seed.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

FRANKFURT = ZoneInfo("Europe/Berlin")
PUBLISHED = time(16)
CLOSED = {(1, 1), (5, 1), (12, 25), (12, 26)}  # and around Easter
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
    'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n'
    "<gesmes:subject>Reference rates</gesmes:subject>\n<Cube>\n"
)


class StandIn:
    """Both publishers, at one address."""

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        self.app.add_routes(
            [
                web.get("/stats/eurofxref/eurofxref-daily.xml", self._daily),
                web.get("/stats/eurofxref/eurofxref-hist-90d.xml", self._recent),
                web.get("/v1/{day}", self._elsewhere),
            ]
        )
        self.reset()

    def reset(self) -> None:
        """Go back to the seed."""
        self.table = {code: Decimal(str(rate)) for code, rate in self._seed["table"].items()}

    def pane(self) -> dict[str, Any]:
        """Return the newest rates, for people."""
        day = self._newest()
        rows = [[code, str(rate)] for code, rate in self._rates(day).items()]
        return {
            "title": "Exchange rates",
            "sections": [{"title": f"1 EUR on {day}", "columns": ["Currency", "Worth"], "rows": rows}],
        }

    def _newest(self) -> date:
        now = self._clock().astimezone(FRANKFURT)
        return _working(now.date() if now.time() >= PUBLISHED else now.date() - timedelta(days=1))

    def _rates(self, day: date) -> dict[str, Decimal]:
        """Return a day's rates: up to half a per cent beside those of the seed."""
        drift = Decimal(day.toordinal() * 7 % 11 - 5) / 1000
        return {code: (rate * (1 + drift)).quantize(Decimal("0.00001")) for code, rate in self.table.items()}

    async def _daily(self, _request: web.Request) -> web.Response:
        return self._file([self._newest()])

    async def _recent(self, _request: web.Request) -> web.Response:
        newest = self._newest()
        return self._file(list(_days(newest, newest - timedelta(days=90))))

    def _file(self, days: list[date]) -> web.Response:
        return web.Response(body=self.xml(days).encode(), content_type="text/xml")

    def xml(self, days: list[date]) -> str:
        """Return the bank's file of *days*."""
        cubes = [
            "".join(f"<Cube currency='{code}' rate='{rate}'/>\n" for code, rate in self._rates(day).items())
            for day in days
        ]
        found = (f"<Cube time='{day}'>\n{cube}</Cube>\n" for day, cube in zip(days, cubes, strict=True))
        return f"{HEAD}{''.join(found)}</Cube>\n</gesmes:Envelope>\n"

    async def _elsewhere(self, request: web.Request) -> web.Response:
        said, base = request.match_info["day"], request.query.get("base", "EUR")
        try:
            day = self._newest() if said == "latest" else _working(date.fromisoformat(said))
        except ValueError:
            return web.json_response({"message": "invalid date"}, status=422)
        table = {"EUR": Decimal(1), **self._rates(day)}
        if base not in table or day < date(1999, 1, 4):
            return web.json_response({"message": "not found"}, status=404)
        rates = {code: float(round(rate / table[base], 5)) for code, rate in table.items() if code != base}
        return web.json_response({"amount": 1.0, "base": base, "date": f"{day}", "rates": rates})


def _working(day: date) -> date:
    """Return the last day up to *day* on which the bank was open."""
    while day.weekday() > 4 or (day.month, day.day) in CLOSED or _easter(day):
        day -= timedelta(days=1)
    return day


def _days(newest: date, oldest: date) -> Iterator[date]:
    day = newest
    while day >= oldest:
        yield day
        day = _working(day - timedelta(days=1))


def _easter(day: date) -> bool:
    """Return whether a day is Good Friday or Easter Monday (Gauss, as Meeus has it)."""
    year = day.year
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    month, rest = divmod(d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114, 31)
    sunday = date(year, month, rest + 1)
    return day in {sunday - timedelta(days=2), sunday + timedelta(days=1)}
