"""What the bot asks Heroku, in our words."""

import re
from asyncio import gather
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.core import deploying
from bot.core.errors import Denied
from bot.core.prices import Price
from bot.core.values import Value
from integrations.heroku import models
from integrations.heroku.builds import SHORT, followed
from integrations.heroku.client import HerokuClient

YEAR = timedelta(days=366)
BUILDS = 3  # that are shown: what came of each is a call
FLAT = "eco"  # paid once an account, however many dynos of it run
_BACK = re.compile(r"rollback to v(\d+)", re.IGNORECASE)


class Type(Value):
    """A type of process: how many dynos of which size run it."""

    name: str
    quantity: int
    size: str


class Dyno(Value):
    """One dyno, and since when it runs."""

    name: str
    state: str
    since: datetime


class Release(Value):
    """What was released; *of* is the version that it brought back, else its own."""

    version: int
    of: int
    text: str
    status: str
    at: datetime
    current: bool
    eligible: bool


class Addon(Value):
    """Something that an app uses."""

    name: str
    plan: str
    price: Price | None


class App(Value):
    """An app as it is now."""

    name: str
    url: str
    maintenance: bool
    types: tuple[Type, ...]
    dynos: tuple[Dyno, ...]
    releases: tuple[Release, ...]

    @property
    def current(self) -> Release | None:
        """Return what runs."""
        return next((each for each in self.releases if each.current), None)

    @property
    def crashed(self) -> tuple[str, ...]:
        """Return the dynos that do not run although they should."""
        return tuple(each.name for each in self.dynos if each.state == "crashed")


@dataclass(frozen=True)
class HerokuReads:
    """Some apps, looked at."""

    _client: HerokuClient

    def now(self) -> datetime:
        """Return the time."""
        return self._client.now()

    async def names(self) -> tuple[str, ...]:
        """Return the names of the apps."""
        return tuple(sorted(each.name for each in await self._client.memo("apps", self._client.apps)))

    async def apps(self) -> tuple[App, ...]:
        """Return all apps as they are now."""
        return tuple(await gather(*(self._app(each) for each in await self._client.apps())))

    async def app(self, name: str) -> App | None:
        """Return one app as it is now."""
        found = await self._client.app(name)
        return None if found is None else await self._app(found)

    async def _app(self, found: models.App) -> App:
        formation, dynos, releases = await gather(
            self._client.formation(found.name),
            self._client.dynos(found.name),
            self._client.releases(found.name),
        )
        return App(
            name=found.name,
            url=found.web_url or "",
            maintenance=found.maintenance,
            types=tuple(map(type_of, sorted(formation, key=lambda each: each.type))),
            dynos=tuple(Dyno(name=each.name, state=each.state, since=each.created_at) for each in dynos),
            releases=tuple(map(release_of, releases)),
        )

    async def builds(self, app: str) -> Sequence[deploying.Build]:
        """Return the last builds of an app, the newest first."""
        found = (await self._client.builds(app))[:BUILDS]
        runs = await gather(*(followed(self._client, app, each) for each in found))
        return [
            deploying.Build(run=run, at=each.created_at, ref=(each.source_blob.version or "")[:SHORT])
            for run, each in zip(runs, found, strict=True)
        ]

    async def addons(self, app: str) -> tuple[Addon, ...]:
        """Return what an app uses."""
        found = await self._client.memo("addons", self._client.addons)
        return tuple(
            Addon(name=each.name, plan=each.plan.name, price=_price(each.billed_price))
            for each in found
            if each.app.name == app
        )

    async def prices(self) -> dict[str, Price]:
        """Return what a dyno costs a month, by its size; sizes without a price are left out."""
        found = await self._client.memo("sizes", self._client.sizes)
        priced = {each.name.casefold(): _price(each.cost) for each in found}
        return {size: price for size, price in priced.items() if price}

    async def running(self) -> Price | None:
        """Return what all dynos and add-ons cost a month as they are now; None when a price is not known."""
        apps, addons, prices = await gather(self.apps(), self._client.addons(), self.prices())
        parts = [_price(each.billed_price) for each in addons]
        parts += [prices.get(each.size) for app in apps for each in _paid(app) for _ in range(each.quantity)]
        if any(each.size == FLAT for app in apps for each in _paid(app)):
            parts.append(prices.get(FLAT))
        if None in parts:
            return None
        return Price(amount=sum((each.amount for each in parts if each), Decimal(0)), currency="USD")

    async def invoices(self) -> tuple[models.Invoice, ...]:
        """Return the bills of the last year, the newest first; none where our token may not see them."""
        since = (self._client.now() - YEAR).date()
        try:
            found = [each for each in await self._client.invoices() if each.period_end >= since]
        except Denied:
            return ()
        return tuple(sorted(found, key=lambda each: each.period_end, reverse=True))

    async def suspended(self) -> datetime | None:
        """Return when an unpaid bill stops everything; None when nothing is known of one."""
        try:
            return (await self._client.delinquency()).scheduled_suspension_time
        except Denied:
            return None

    async def claims(self) -> frozenset[str]:
        """Return the names of ours under which the apps are seen."""
        found = await gather(*(self._client.domains(name) for name in await self.names()))
        return frozenset(each.hostname for some in found for each in some if each.kind != "heroku")


def type_of(found: models.Formation) -> Type:
    """Return a type of process, its size as people write it."""
    return Type(name=found.type, quantity=found.quantity, size=found.dyno_size.name.casefold())


def release_of(found: models.Release) -> Release:
    """Return a release, and which one it brought back."""
    back = _BACK.match(found.description)
    return Release(
        version=found.version,
        of=int(back[1]) if back else found.version,
        text=found.description,
        status=found.status,
        at=found.created_at,
        current=found.current,
        eligible=found.eligible_for_rollback,
    )


def _paid(app: App) -> Iterable[Type]:
    """Return the types that are paid by the dyno; of the flat size only that there are some."""
    for each in app.types:
        flat = each.size == FLAT
        if each.quantity:
            yield each.model_copy(update={"quantity": 0 if flat else each.quantity})


def _price(cost: models.Cost | None) -> Price | None:
    """Return a monthly price; None where there is none, or it is of another unit."""
    return Price(amount=cost.cents / 100, currency="USD") if cost and cost.unit == "month" else None
