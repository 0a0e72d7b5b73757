"""What is kept of 1Password's answers: names of vaults, and how many open each; no items, no accounts."""

from bot.core.values import Value
from bot.http.shape import Shape


class Named(Shape):
    """A vault, as a Connect server lists it."""

    name: str


class Seen(Value):
    """A vault that our token can open: how many *people* and *groups* read it; None where it is not told.

    A group's people cannot be counted, and whether the token's own account is among the people is not
    documented: so this is no proof that enough people get in.
    """

    name: str
    people: int | None = None
    groups: int = 0
