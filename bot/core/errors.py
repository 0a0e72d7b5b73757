"""Every error a person can meet, split by what happens now."""


class BotError(Exception):
    """Something a person is told: what happened, and the next step."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(BotError):
    """The line was not understood; usage and the nearest command are shown.

    *field* is the argument that is wrong, as it is written, when it is one.
    """

    def __init__(self, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class NotAllowed(BotError):
    """The person may not do this; the message says who could."""


class Refused(BotError):
    """A guard says no; nothing happened."""


class Drifted(Refused):
    """The live state is not what was shown; ask again."""


class AlreadyDecided(Refused):
    """Somebody else decided first; the message says who and when."""


class Expired(Refused):
    """The request's time has passed; ask again."""


class VendorError(BotError):
    """A vendor did not do what was asked of it; *ours* says that we can put that right, not the vendor."""

    ours = False

    def __init__(self, vendor: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.vendor = vendor

    @property
    def whose(self) -> str:
        """Return whose fault it is, in a sentence."""
        return "The fault is ours." if self.ours else f"The fault is {self.vendor}'s, not ours."


class Unavailable(VendorError):
    """The vendor cannot be reached or asks us to wait; nothing changed."""


class Denied(VendorError):
    """Our token lacks a right; the message says which."""

    ours = True


class Rejected(VendorError):
    """The vendor refused, and said why."""

    ours = True


class Malformed(VendorError):
    """The vendor's answer does not fit what it documents."""


class OutcomeUnknown(VendorError):
    """A write was sent and its answer is lost; look before trying again."""


class ConfigurationError(BotError):
    """The configuration cannot be used; raised at start."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.file = file
        self.line = line
        self.key = key
