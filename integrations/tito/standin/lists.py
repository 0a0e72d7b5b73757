"""What a list shows: states, filters, order and pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .shapes import Json
from .world import Event, Order, Release, Ticket, World

LONDON = ZoneInfo("Europe/London")
LARGEST = 1000
TICKET_STATES = ("complete", "incomplete", "unassigned", "void")


class RefusedError(Exception):
    """A call that is refused: its status and body."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status, self.body = status, body


class Asked:
    """The query of a call; names may come with or without their brackets' encoding."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs

    def one(self, name: str, default: str = "") -> str:
        """Return one value."""
        return next((value for key, value in self._pairs if key == name), default)

    @property
    def extended(self) -> bool:
        """Return whether all fields are wanted."""
        return self.one("view") == "extended"

    @property
    def states(self) -> set[str]:
        """Return the states asked for."""
        return {value for key, value in self._pairs if key == "search[states][]"}

    @property
    def page(self) -> tuple[int, int]:
        """Return number and size of the page."""
        number = self.one("page[number]") or self.one("page") or "1"
        size = self.one("page[size]") or "100"
        if not number.isdecimal() or not size.isdecimal() or not 1 <= int(size) <= LARGEST or not int(number):
            raise invalid("page", "is not valid")
        return int(number), int(size)

    def since(self, field: str) -> datetime | None:
        """Return the moment that a filter names; without a zone it is one of the event's."""
        text = self.one(f"search[{field}][gte]")
        if not text:
            return None
        bare = text.removesuffix(" UTC").removesuffix("+UTC").removesuffix("Z")
        zoned = bare != text
        try:
            at = datetime.fromisoformat(bare)
        except ValueError:
            raise invalid(field, "is not a date") from None
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC") if zoned else LONDON)


def invalid(field: str, message: str) -> RefusedError:
    """Return the refusal of a value."""
    body = {"status": 422, "message": "That request was invalid", "errors": {field: [message]}}
    return RefusedError(422, body | {"error_list": [{"attribute": field, "message": message}]})


def tickets(world: World, event: Event, asked: Asked) -> list[Ticket]:
    """Return the tickets a list shows; void ones and those of archived releases only when asked."""
    now, since = world.clock(), asked.since("updated_at")
    wanted = asked.states & set(TICKET_STATES) or set(TICKET_STATES[:3])
    return [
        each
        for each in world.tickets(event)
        if ("void" if each.void(now) else each.state) in wanted
        and (not each.release.archived or "archived" in asked.states)
        and (since is None or each.updated_at(now) >= since)
    ]


def registrations(world: World, event: Event, asked: Asked) -> list[Order]:
    """Return the orders a list shows; cancelled ones only when asked."""
    now = world.clock()
    gone = "cancelled" in asked.states
    every = world.orders(event)
    return [each for each in every if gone or not (each.cancelled_at and each.cancelled_at <= now)]


def releases(event: Event, asked: Asked) -> list[Release]:
    """Return the releases a list shows: archived ones alone when asked, otherwise the others."""
    return [each for each in event.releases if each.archived is ("archived" in asked.states)]


def events(world: World, which: str) -> list[Event]:
    """Return the events to come, or those past or archived."""
    today = world.clock().date()
    if which == "archived":
        return [event for event in world.events if event.archived]
    open_ = [event for event in world.events if not event.archived]
    return [event for event in open_ if (event.end_date < today) is (which == "past")]


def paged(name: str, items: Sequence[Any], asked: Asked, draw: Any, hidden: int = 0) -> Mapping[str, Any]:
    """Return one page of *items*, drawn, with its meta."""
    number, size = asked.page
    pages = max(1, -(-len(items) // size))
    shown = items[(number - 1) * size : number * size]
    meta = {
        "api_version": "3.0.0",
        "current_page": number,
        "next_page": number + 1 if number < pages else None,
        "prev_page": number - 1 if number > 1 else None,
        "total_pages": pages,
        "total_count": len(items),
        "per_page": size,
        "overall_total": len(items),
        "resources_hidden_by_default_count": hidden,
        "filter_options": {"selected_states": sorted(asked.states)},
    }
    return {name: [draw(item) for item in shown], "meta": meta}
