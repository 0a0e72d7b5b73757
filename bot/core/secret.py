"""The bot's own secrets, never their values: when each was made, in whose account, when it is made anew."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from pydantic import Field

from bot.core.duration import day
from bot.core.names import called
from bot.core.people import Person
from bot.core.values import Value

LIVES = timedelta(days=365)  # then a secret is made anew
SOON = timedelta(days=30)  # before that it is told
VENDORS = {"slack": "slack_workspaces"}  # sections of the settings that are not called as their vendor is


class Made(Value):
    """When a secret was made and, where somebody knows, in whose account and until when it works."""

    on: date
    account: str | None = None
    ends: date | None = Field(None, description="The day on which the vendor ends it by itself.")

    @property
    def due(self) -> date:
        """Return the day on which it is to be made anew."""
        return min(self.on + LIVES, self.ends or date.max)


class Secret(Value):
    """A secret of the settings, by its *key* there, such as ``integrations.github.token``."""

    key: str
    made: Made | None = None

    @property
    def name(self) -> str:
        """Return what people call it."""
        return self.key.removeprefix("integrations.")

    @property
    def vendor(self) -> str:
        """Return the vendor that it is for."""
        section = self.name.partition(".")[0]
        return VENDORS.get(section, section)

    def late(self, today: date) -> bool:
        """Return whether it is to be made anew now, or soon, or nobody said when it was made."""
        return self.made is None or self.made.due <= today + SOON

    @property
    def age(self) -> str:
        """Return when it was made, in words."""
        return day(self.made.on) if self.made else "nobody said"

    def due(self, today: date) -> str:
        """Return when it is made anew, in words."""
        if self.made is None:
            return "unknown"
        return f"{day(self.made.due)}{' (over)' if self.made.due <= today else ''}"


def accounts(
    told: Mapping[str, str], secrets: Iterable[Secret], people: Iterable[Person]
) -> dict[str, tuple[str, ...]]:
    """Return by vendor in whose accounts its secrets were made: as it told itself, then as people said.

    Accounts of our people are called by our names for them; a vendor of which nobody knows is left out.
    """
    everyone, found = tuple(people), dict[str, list[str]]()
    for vendor, account in told.items():
        found.setdefault(vendor, []).append(called(account, everyone))
    for each in secrets:
        if each.made and each.made.account:
            found.setdefault(each.vendor, []).append(called(each.made.account, everyone))
    return {vendor: tuple(dict.fromkeys(names)) for vendor, names in found.items()}
