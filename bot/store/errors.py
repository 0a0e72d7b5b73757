"""What the store raises."""

from bot.core.errors import BotError


class Conflict(Exception):  # noqa: N818 # the name says what happened, as in bot.core.errors
    """Somebody else was first: read again, then decide again. The transaction is unspoiled."""


class StoreUnavailable(BotError):  # noqa: N818 # the same
    """The database cannot be reached or is busy; nothing was lost."""

    def __init__(
        self,
        reason: str,
        message: str = "The database is away.",
        hint: str = "Nothing was lost. Try again in a minute.",
    ) -> None:
        super().__init__(message, hint)
        self.reason = reason
