"""ti.to's answers, in its own words.

Unknown fields are ignored, and that is how names, e-mails, phone numbers, answers
and the event's ``security_token`` are dropped: no model here has a field for them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from bot.http.shape import Shape


class Hello(Shape):
    """Who the token is; *lookup_mode* is live or test."""

    authenticated: bool = True
    lookup_mode: str = ""


class Meta(Shape):
    """Where we are in a list."""

    next_page: int | None = None


class Page(Shape):
    """One page of a list, whose items stand under a name of their own."""

    meta: Meta = Meta()
    items: tuple[Any, ...] = Field(default=(), repr=False)


class Event(Shape):
    """An event."""

    id: int
    slug: str
    title: str
    currency: str = ""
    start_date: date | None = None
    archived: bool = False


class Release(Shape):
    """A kind of ticket; *quantity* None is no limit. The last field comes with the extended view."""

    id: int
    slug: str
    title: str
    price: Decimal | None = None
    price_ex_tax: Decimal | None = None
    quantity: int | None = None
    tickets_count: int | None = None
    state_name: str = ""
    sold_out: bool = False
    off_sale: bool = False
    expired: bool = False
    upcoming: bool = False
    archived: bool = False
    start_at: datetime | None = None
    end_at: datetime | None = None
    position: int | None = None
    not_a_ticket: bool = False
    donation: bool = False


class Ticket(Shape):
    """An issued ticket, without whose it is."""

    id: int
    state: str = ""
    void: bool = False
    price: Decimal | None = None
    release_id: int
    test_mode: bool = False
    created_at: datetime
    updated_at: datetime


class Registration(Shape):
    """An order, without whose it is."""

    id: int
    slug: str
    total: Decimal | None = None
    cancelled: bool = False
    refunded: bool = False
    partially_refunded: bool = False
    payment_complete: bool = False
    test_mode: bool = False
    updated_at: datetime


class Refund(Shape):
    """Money given back; *amount* is negative in the documentation's samples."""

    amount: Decimal


class Place(Shape):
    """The event that a webhook delivery is about."""

    slug: str | None = None
    account_slug: str | None = None


class Delivered(Shape):
    """A webhook's body, without whom it is about."""

    kind: str = Field(alias="_type")
    id: int
    updated_at: str = ""
    test_mode: bool = False
    event: Place | None = None
