"""What the bot asks of error tracking, in our words; answers may be some seconds old."""

from dataclasses import dataclass
from datetime import timedelta

from bot.core.values import Value
from integrations.error_tracking.client import TrackingClient
from integrations.error_tracking.models import Issue

DAY = timedelta(days=1)


class Errors(Value):
    """How many kinds of errors are *unresolved* (*more* than those), and which are *new* since yesterday."""

    unresolved: int
    more: bool
    new: tuple[Issue, ...]
    seen: int


@dataclass(frozen=True)
class TrackingReads:
    """One project, looked at."""

    _client: TrackingClient

    @property
    def kind(self) -> str:
        """Return which of the two services it is."""
        return self._client.settings.kind

    @property
    def project(self) -> str:
        """Return the project."""
        return self._client.settings.project

    async def errors(self) -> Errors:
        """Return the errors that nobody resolved, those that were new in the last day apart."""
        issues, whole = await self._client.memo("issues", self._client.issues)
        since = self._client.now() - DAY
        new = [each for each in issues if each.first_seen >= since]
        return Errors(
            unresolved=len(issues),
            more=not whole,
            new=tuple(sorted(new, key=lambda each: each.count, reverse=True)),
            seen=sum(each.last_seen >= since for each in issues),
        )
