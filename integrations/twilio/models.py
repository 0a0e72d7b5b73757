"""Twilio's answers, in its own words.

Unknown fields are ignored: so the account's ``auth_token``, telephone numbers and what messages
say are dropped, since no model here has a field for them.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from bot.http.shape import Shape

Amount = Annotated[Decimal, Field(allow_inf_nan=False)]


class Account(Shape):
    """The account: *status* is active, suspended or closed."""

    status: str


class Balance(Shape):
    """The money that is left; it may be less than nothing."""

    balance: Amount
    currency: str


class Usage(Shape):
    """What one category cost from one day to another, both included; days are GMT's."""

    price: Amount
    price_unit: str
    start_date: date
    end_date: date


class Message(Shape):
    """What became of one message, without whom it was for and what it said."""

    status: str
    error_code: int | None = None


class Page(Shape):
    """One page of a list, whose items stand under a name of their own."""

    next_page_uri: Annotated[str, Field(pattern="^/")] | None = None
    items: tuple[Any, ...] = Field(repr=False)
