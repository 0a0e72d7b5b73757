"""DNSimple's answers, in its own words; unknown fields are ignored."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import Field, JsonValue

from bot.http.shape import Shape

T = TypeVar("T")


class Pagination(Shape):
    """Where in a list a page is; an empty list has 0 or 1 pages."""

    total_pages: int


class Page(Shape):
    """A page of a list."""

    data: tuple[JsonValue, ...]
    pagination: Pagination


class One(Shape, Generic[T]):
    """An answer that is one thing."""

    data: T


class ZoneRecord(Shape):
    """A record; one with a parent hangs on another record and changes with it."""

    id: int
    name: str
    type: str
    content: str
    ttl: int
    priority: int | None = None
    parent_id: int | None = None
    regions: tuple[str, ...] = ("global",)
    system_record: bool = False


class Account(Shape):
    """The account of a token."""

    id: int
    plan_identifier: str = ""
    email: str = ""


class Identity(Shape):
    """Whom a token belongs to: an account, or (with none) a user."""

    account: Account | None = None


class Zone(Shape):
    """A zone; an inactive one is not served."""

    name: str
    active: bool = True


class Distribution(Shape):
    """Whether all name servers have the newest zone."""

    distributed: bool


class Webhook(Shape):
    """Where DNSimple tells what happens; it gave up at *suppressed_at*."""

    url: str
    suppressed_at: str | None = None


class ToldRecord(Shape):
    """The record that a webhook delivery is about; *zone_id* is the zone's name."""

    name: str
    zone_id: str


class ToldData(Shape):
    """What a delivery is about, when it is a record."""

    zone_record: ToldRecord | None = None


class Actor(Shape):
    """Who did it, in words."""

    pretty: str = ""


class Happening(Shape):
    """A webhook delivery; the same has the same *request_identifier*."""

    name: str
    request_identifier: str
    data: ToldData = ToldData()
    account: Account
    actor: Actor = Actor()


class ChargeItem(Shape):
    """One line of an invoice."""

    description: str = ""
    amount: str = ""
    product_type: str = ""


class Charge(Shape):
    """An invoice; amounts are decimal strings, in US dollars as far as anybody knows."""

    invoiced_at: datetime
    total_amount: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
    reference: str = ""
    state: str = ""
    items: tuple[ChargeItem, ...] = ()
