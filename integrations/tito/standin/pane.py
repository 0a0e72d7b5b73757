"""What the imitated ti.to holds, drawn for people: sums, as its own dashboard has them."""

from decimal import Decimal
from typing import Any

from .world import Event, Release, World


def pane(world: World) -> dict[str, Any]:
    """Return a table of releases for each event to come."""
    coming = [event for event in world.events if event.end_date >= world.clock().date()]
    return {"title": "ti.to", "sections": [_event(world, event) for event in coming]}


def _event(world: World, event: Event) -> dict[str, Any]:
    rows = [_release(world, event, release) for release in event.releases]
    return {"title": event.title, "columns": ["Ticket", "Price", "Sold", "Of", "Income"], "rows": rows}


def _release(world: World, event: Event, release: Release) -> list[str]:
    now, sold = world.clock(), world.count(event, release)
    ours = [ticket for ticket in world.tickets(event) if ticket.release is release and not ticket.void(now)]
    income = sum((ticket.price for ticket in ours if ticket.order.paid), Decimal(0))
    most = "–" if release.quantity is None else str(release.quantity)
    title = f"{release.title} (archived)" if release.archived else release.title
    return [title, f"{release.price:.2f} {event.currency}", str(sold), most, f"{income:.2f}"]
