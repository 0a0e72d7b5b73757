"""Exchange rates: the bank's file first, Frankfurter second, the day of the rates always known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from bot.core.errors import Malformed, VendorError
from bot.http import network
from integrations.exchange_rates import EXCHANGE_RATES, RatesReads, RatesSettings
from integrations.exchange_rates.check import check
from integrations.exchange_rates.client import RatesClient
from integrations.exchange_rates.models import days
from integrations.exchange_rates.standin import StandIn

SEED = {"table": {"USD": 1.15, "GBP": 0.86393}}


@dataclass
class Wired:
    """Both sources as our client sees them; *bodies* stand for files, None for one that is gone."""

    standin: StandIn
    now: datetime = datetime(2026, 6, 15, 8, tzinfo=UTC)
    calls: list[str] = field(default_factory=list)
    bodies: dict[str, str | None] = field(default_factory=dict)
    client: RatesClient = field(init=False)

    @property
    def reads(self) -> RatesReads:
        """Return reads that remember nothing."""
        self.client.memo.clear()
        return RatesReads(self.client)

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep the call; answer it otherwise where the test says so."""
        self.calls.append(request.path)
        name = request.path.rpartition("/")[2]
        if name not in self.bodies:
            return await handler(request)
        body = self.bodies[name]
        return web.Response(status=404) if body is None else web.Response(text=body)


@pytest.fixture
async def wired() -> AsyncIterator[Wired]:
    """Give our client wired to the stand-in."""
    async with _wired() as found:
        yield found


@asynccontextmanager
async def _wired() -> AsyncIterator[Wired]:
    ready: list[Wired] = []
    found = Wired(StandIn(SEED, lambda: ready[0].now))
    ready.append(found)
    found.standin.app.middlewares.append(found.record)
    async with TestServer(found.standin.app) as server, network(lambda: found.now) as net:
        at = str(server.make_url("/")).rstrip("/")
        section = {"url": f"{at}/stats/eurofxref", "frankfurter_url": f"{at}/v1"}
        found.client = EXCHANGE_RATES.connect(RatesSettings.model_validate(section), net)
        yield found


async def test_each_day_has_the_last_rates_up_to_it(wired: Wired) -> None:
    """Weekends and holidays have the rates of the day before; long ago is Frankfurter's."""
    for asked, day in (
        (date(2026, 6, 15), date(2026, 6, 12)),  # a Monday morning: those of Friday
        (date(2026, 6, 14), date(2026, 6, 12)),
        (date(2026, 5, 1), date(2026, 4, 30)),
        (date(2026, 4, 6), date(2026, 4, 2)),  # Easter Monday: those of Thursday
    ):
        rates = await wired.reads.rates(asked)
        assert (rates.on, rates.base, rates.source) == (day, "EUR", "ECB")
    wired.now = datetime(2026, 6, 15, 15, tzinfo=UTC)
    assert (await wired.reads.rates(date(2026, 6, 15))).on == date(2026, 6, 15)
    assert "/v1" not in "".join(wired.calls)
    old = await wired.reads.rates(date(2025, 12, 26))
    assert (old.on, old.source) == (date(2025, 12, 24), "ECB by Frankfurter")
    assert abs(old.table["USD"] - Decimal("1.15")) < Decimal("0.01")


async def test_an_answer_is_remembered(wired: Wired) -> None:
    """Who asks again within the hour asks nobody."""
    reads = wired.reads
    assert await reads.rates(date(2026, 6, 15)) == await reads.rates(date(2026, 6, 15))
    assert len(wired.calls) == 1


@pytest.mark.parametrize(
    "body", ["<html>moved</html>", "not XML <", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', " " * 2_000_000]
)
async def test_a_file_that_is_none_is_not_believed(wired: Wired, body: str) -> None:
    """What the bank answers that is no file of rates sends us to Frankfurter, for the same figures."""
    good = await wired.reads.rates(date(2026, 6, 15))
    wired.bodies["eurofxref-daily.xml"] = body
    rates = await wired.reads.rates(date(2026, 6, 15))
    assert (rates.on, rates.source) == (good.on, "ECB by Frankfurter")
    assert rates.table == good.table
    with pytest.raises(Malformed):
        await wired.client.newest()


async def test_both_away_is_said(wired: Wired) -> None:
    """When neither answers, or in no way we know, that is an error, and the check says what is used then."""
    assert [each.level for each in await check(wired.client)] == ["good"]
    wired.bodies["eurofxref-daily.xml"] = None
    wired.client.memo.clear()
    [found] = await check(wired.client)
    assert (found.level, "by Frankfurter" in found.text) == ("warning", True)
    for broken in (None, '{"base": "EUR", "date": "2026-06-12", "rates": {"USD": 0}}'):
        wired.bodies["latest"] = broken
        with pytest.raises(VendorError):
            await wired.reads.rates(date(2026, 6, 15))
    wired.client.memo.clear()
    [found] = await check(wired.client)
    assert "came with the bot" in found.hint


async def test_rates_that_stay_the_same_are_noticed(wired: Wired) -> None:
    """Rates of more than six days ago still serve, and the check says so."""
    wired.bodies["eurofxref-daily.xml"] = wired.standin.xml([date(2026, 6, 5)])
    [found] = await check(wired.client)
    assert (found.level, "long ago" in found.text) == ("warning", True)


def test_the_file_is_read_as_the_bank_documents_it() -> None:
    """Single quotes, nested cubes, two name spaces; what is no rate is left out."""
    raw = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube><Cube time='2026-03-18'><Cube currency='USD' rate='1.15'/>
<Cube currency='GBP' rate='0.86393'/></Cube></Cube>
</gesmes:Envelope>"""
    assert days(raw) == {"days": [{"time": "2026-03-18", "rates": {"USD": "1.15", "GBP": "0.86393"}}]}
