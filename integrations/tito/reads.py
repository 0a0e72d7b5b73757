"""What the bot asks ti.to, in our words: sums, never people. Answers may be a minute old."""

from asyncio import gather
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.core.errors import Refused, UsageError
from bot.core.money import Money
from bot.core.names import suggestion
from bot.core.tickets import Conference, Orders, Release, Sale, Sales, Sold
from bot.core.vendor import Finding
from integrations.tito import models
from integrations.tito.client import TitoClient

OVERLAP = timedelta(days=1)  # so that no misreading of the time zone of a filter loses a ticket

Tickets = Mapping[int, models.Ticket]


@dataclass(frozen=True)
class TitoReads:
    """One account, looked at: it is our seller of tickets."""

    _client: TitoClient
    _known: dict[int, Tickets] = field(default_factory=dict)

    @property
    def vendor(self) -> str:
        """Return the name of this integration."""
        return "tito"

    @property
    def seller(self) -> str:
        """Return what people call it."""
        return "ti.to"

    @property
    def where(self) -> str:
        """Return the link to where people make events there."""
        return f"https://dashboard.tito.io/{self._client.settings.account}"

    async def current(self) -> str:
        """Return the slug of the event that figures are of."""
        return await self._client.current()

    async def health(self) -> tuple[Finding, ...]:
        """Return whether tickets of the current event can be bought."""
        await self._client.ready()
        slug = await self.current()
        return await self._client.memo(("health", slug), lambda: self._health(slug))

    async def _health(self, slug: str) -> tuple[Finding, ...]:
        event = await self._client.event(slug)
        if event is None:
            unknown = await self._unknown(slug)
            return (Finding(level="bad", text=unknown.message, hint=unknown.hint),)
        found = [each for each in await self._client.releases(slug) if not each.archived]
        return (_open(event, [_state(each) for each in found], self._client.now().date()),)

    async def conferences(self, *, archived: bool = False) -> tuple[Conference, ...]:
        """Return the events, newest first; *archived* ones only when asked."""
        await self._client.ready()
        lists = ("", "past", "archived") if archived else ("", "past")
        found = await gather(*(self._events(which) for which in lists))
        events = {event.id: event for some in found for event in some}.values()
        shown = [_conference(event) for event in events if archived or not event.archived]
        return tuple(sorted(shown, key=lambda each: (str(each.first_day or ""), each.name), reverse=True))

    async def _events(self, which: str) -> list[models.Event]:
        return await self._client.memo(("events", which), lambda: self._client.events(which))

    async def sales(self, zone: ZoneInfo, name: str | None = None, *, fresh: bool = False) -> Sales:
        """Return how one event sells, by default the current one; UsageError when there is none such."""
        if fresh:
            self._client.memo.clear()
        await self._client.ready()
        slug = name or await self.current()
        return await self._client.memo(("sales", slug, zone.key), lambda: self._sales(zone, slug))

    async def _sales(self, zone: ZoneInfo, slug: str) -> Sales:
        event = await self._client.event(slug)
        if event is None:
            raise await self._unknown(slug)
        releases = await self._client.releases(slug)
        tickets = [each for each in (await self._tickets(event, releases)).values() if not each.test_mode]
        return _sums(event, releases, tickets, await self._orders(event), zone, self._client.now())

    async def _unknown(self, slug: str) -> UsageError | Refused:
        if slug == self._client.settings.event:
            why = f"ti.to has no event `{slug}` in {self._client.settings.account}."
            return Refused(why, "The maintainer sets `integrations.tito.event`, or the token's mode.")
        names = [each.name for each in await self.conferences(archived=True)]
        hint = suggestion(slug, names) or f"It has {', '.join(f'`{name}`' for name in names)}."
        return UsageError(f"ti.to has no event `{slug[:100]}`.", hint)

    async def _tickets(self, event: models.Event, releases: Iterable[models.Release]) -> Tickets:
        """Return all tickets, asking only for what changed unless the sums are then not those of ti.to."""
        known = self._known.get(event.id, {})
        if known:
            newest = max(ticket.updated_at for ticket in known.values())
            changed = await self._client.tickets(event.slug, _moment(newest - OVERLAP))
            known = {**known, **_by_id(changed)}
        if not known or not _agrees(known, releases):
            known = _by_id(await self._client.tickets(event.slug))
        self._known[event.id] = known
        return known

    async def _orders(self, event: models.Event) -> Orders:
        orders = [each for each in await self._client.registrations(event.slug) if not each.test_mode]
        orders = [each for each in orders if not each.cancelled]
        given_back = [each for each in orders if each.refunded or each.partially_refunded]
        refunds = await gather(*(self._refunded(event.slug, each) for each in given_back))
        due = {
            paid: sum((each.total or 0 for each in orders if each.payment_complete is paid), Decimal(0))
            for paid in (True, False)
        }
        return Orders(
            number=len(orders),
            paid=Money.of(due[True], _currency(event)),
            unpaid=Money.of(due[False], _currency(event)),
            refunded=Money.of(sum(refunds, Decimal(0)), _currency(event)),
        )

    async def _refunded(self, slug: str, order: models.Registration) -> Decimal:
        key = ("refunds", order.id, order.updated_at)
        found = await self._client.memo(key, lambda: self._client.refunds(slug, order.slug))
        return sum((abs(refund.amount) for refund in found), Decimal(0))


def _open(event: models.Event, states: Sequence[Sale], today: date) -> Finding:
    """Return whether something of an event can be bought, or need not be."""
    on = states.count(Sale.ON)
    if on:
        return Finding(
            level="good", text=f"{event.title}: {on} of {len(states)} kinds of tickets are on sale."
        )
    if event.start_date and event.start_date <= today:
        return Finding(level="good", text=f"{event.title} has begun: nothing is on sale any more.")
    if set(states) <= {Sale.UPCOMING}:
        return Finding(level="good", text=f"{event.title}: nothing is on sale yet.")
    hint = "See `tickets`; whoever may log in at ti.to puts them on sale."
    return Finding(level="warning", text=f"{event.title}: no ticket can be bought.", hint=hint)


def _currency(event: models.Event) -> str:
    return event.currency.upper() or "GBP"


def _conference(event: models.Event) -> Conference:
    return Conference(
        name=event.slug,
        title=event.title,
        currency=_currency(event),
        first_day=event.start_date,
        archived=event.archived,
    )


def _by_id(tickets: Iterable[models.Ticket]) -> dict[int, models.Ticket]:
    return {ticket.id: ticket for ticket in tickets}


def _moment(at: datetime) -> str:
    """Return a moment as the filters take it; the blank becomes the documents' bare ``+`` on its way."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S} UTC"


def _void(ticket: models.Ticket) -> bool:
    return ticket.void or ticket.state == "void"


def _agrees(tickets: Tickets, releases: Iterable[models.Release]) -> bool:
    """Return whether as many tickets are known of each release as ti.to counts."""
    counts = Counter(t.release_id for t in tickets.values() if not _void(t) and not t.test_mode)
    return all(release.tickets_count in {None, counts[release.id]} for release in releases)


def _sums(
    event: models.Event,
    releases: Iterable[models.Release],
    tickets: Iterable[models.Ticket],
    orders: Orders,
    zone: ZoneInfo,
    at: datetime,
) -> Sales:
    """Return the sums: from here on there are no single tickets."""
    everything = tuple(tickets)
    sold = [ticket for ticket in everything if not _void(ticket)]
    titles = _titles(releases)
    ordered = sorted(releases, key=lambda each: (each.archived, each.position or 0, each.id))
    days = Counter((t.created_at.astimezone(zone).date(), titles.get(t.release_id, "Other")) for t in sold)
    return Sales(
        conference=_conference(event),
        at=at,
        releases=tuple(_release(each, everything, titles[each.id], _currency(event)) for each in ordered),
        days=tuple(Sold(day=day, kind=kind, sold=number) for (day, kind), number in sorted(days.items())),
        orders=orders,
        last_at=max((ticket.created_at for ticket in sold), default=None),
    )


def _titles(releases: Iterable[models.Release]) -> dict[int, str]:
    """Return what each release is called, apart from the others."""
    every = tuple(releases)
    often = Counter(release.title for release in every)
    return {
        each.id: each.title if often[each.title] == 1 else f"{each.title} ({each.slug})" for each in every
    }


def _release(found: models.Release, tickets: Iterable[models.Ticket], title: str, currency: str) -> Release:
    ours = [ticket for ticket in tickets if ticket.release_id == found.id]
    void = [ticket for ticket in ours if _void(ticket)]
    sold = [ticket for ticket in ours if not _void(ticket)]
    return Release(
        name=found.slug,
        title=title,
        state=_state(found),
        sold=len(sold),
        void=len(void),
        capacity=found.quantity,
        price=None if found.price is None else Money.of(found.price, currency),
        net=None if found.price_ex_tax is None else Money.of(found.price_ex_tax, currency),
        revenue=_cost(sold, currency),
        voided=_cost(void, currency),
        starts_at=found.start_at,
        ends_at=found.end_at,
        counted=not (found.not_a_ticket or found.donation),
        archived=found.archived,
    )


def _cost(tickets: Iterable[models.Ticket], currency: str) -> Money:
    return Money.of(sum((ticket.price or 0 for ticket in tickets), Decimal(0)), currency)


def _state(release: models.Release) -> Sale:
    """Return whether it can be bought, as ti.to says: it is not for us to work out who fills what."""
    if release.upcoming:
        return Sale.UPCOMING
    if release.expired:
        return Sale.ENDED
    if release.sold_out:
        return Sale.SOLD_OUT
    return Sale.OFF if release.off_sale or release.archived or release.state_name == "off_sale" else Sale.ON
