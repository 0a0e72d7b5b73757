"""A run of a workflow, which gets on by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FOLDER = ".github/workflows/"
QUEUED, RUNS = timedelta(seconds=5), timedelta(seconds=60)


@dataclass
class Run:
    """A run of a workflow, which gets on with the clock; *conclusion* is how it will end."""

    id: int
    number: int
    repo: int
    file: str
    branch: str
    event: str
    actor: int
    created_at: datetime
    title: str
    conclusion: str = "success"

    def state(self, now: datetime) -> tuple[str, str | None]:
        """Return its status and conclusion."""
        if now < self.created_at + QUEUED:
            return "queued", None
        return ("in_progress", None) if now < self.created_at + RUNS else ("completed", self.conclusion)
