"""Builds the state from plain data: each release says how many it sells, and the days over which it does."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .world import Event, Release, World

KEYS = {"account", "token", "mode", "forbidden", "events"}
GROUPS = (1, 1, 1, 1, 2, 2, 3, 5)  # how many tickets people order at once


def build(seed: Mapping[str, Any], clock: Callable[[], datetime]) -> World:
    """Return the state that *seed* describes; raise ``ValueError`` for what cannot be."""
    if unknown := seed.keys() - KEYS:
        raise ValueError(f"the ti.to seed has unknown keys: {', '.join(sorted(unknown))}")
    world = World(
        clock, seed["account"], seed["token"], seed.get("mode", "live"), seed.get("forbidden", False)
    )
    for entry in seed.get("events") or ():
        _add_event(world, dict(entry))
    return world


def _add_event(world: World, entry: dict[str, Any]) -> None:
    releases = entry.pop("releases", ())
    tests = entry.pop("tests", 0)
    entry["start_date"], entry["end_date"] = _day(entry["start_date"]), _day(entry["end_date"])
    entry.setdefault("security_token", f"canary-security-token-{entry['slug']}")
    event = Event(world.next_id(), **entry)
    world.events.append(event)
    for position, facts in enumerate(releases):
        _add_release(world, event, position, dict(facts))
    for _ in range(tests):
        world.place(event, event.releases[:1], _noon(event.start_date - timedelta(days=200)), test_mode=True)
    event.orders.sort(key=lambda order: order.created_at)


def _add_release(world: World, event: Event, position: int, facts: dict[str, Any]) -> None:
    sells, rush = facts.pop("sells", 0), facts.pop("rush", 1.0)
    void, unpaid, manual = facts.pop("void", 0), facts.pop("unpaid", 0), facts.pop("manual", False)
    begins, ends = _day(facts.pop("from")), _day(facts.pop("until"))
    release = Release(
        id=world.next_id(),
        price=Decimal(str(facts.pop("price"))),
        start_at=_noon(begins),
        end_at=_noon(ends),
        position=position,
        **facts,
    )
    event.releases.append(release)
    chance, orders = Random(f"{event.slug}/{release.slug}"), []  # noqa: S311 # the same world each time
    while sells > 0:
        group = min(sells, chance.choice(GROUPS))
        at = _noon(begins) + (ends - begins) * chance.random() ** rush  # over 1: most come early; below: late
        orders.append(world.place(event, [release] * group, at, manual=manual))
        sells -= group
    orders.sort(key=lambda order: order.created_at)
    for order in orders[:void]:
        back = order.created_at + timedelta(days=9)
        order.refunds.append((back, order.total))
        for ticket in order.tickets:
            ticket.voided_at = back
    for order in orders[void : void + unpaid]:
        order.paid = False


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _day(value: object) -> date:
    """Return *value*, text or a date as YAML may give it, as a date."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))
