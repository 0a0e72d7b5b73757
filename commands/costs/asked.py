"""Amounts of money as people say them."""

from bot.core.errors import UsageError
from bot.core.prices import Price, price

MOST = 1_000_000


def amount(said: str, currency: str, name: str) -> Price:
    """Return the amount that *said* means, of *currency* when it names none."""
    try:
        found = Price.model_validate(price(said, currency))
    except ValueError as error:
        raise UsageError(f"{name}: {error}", field=name) from None
    if found.amount > MOST:
        raise UsageError(f"{name}: {found} is more than anything here costs.", "Is it a slip?", name)
    return found
