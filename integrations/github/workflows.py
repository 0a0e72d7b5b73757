"""GitHub's answers about workflows, in its own words."""

from datetime import datetime

from bot.http.shape import Shape
from integrations.github.models import User


class Dispatched(Shape):
    """The answer to the start of a workflow; before version 2026-03-10 there is none."""

    workflow_run_id: int | None = None


class WorkflowRun(Shape):
    """A run of a workflow; *path* is its file, perhaps with the branch after an ``@``."""

    id: int
    name: str | None = None
    path: str = ""
    run_number: int = 0
    event: str
    status: str | None = None
    conclusion: str | None = None
    display_title: str | None = None
    head_branch: str | None = None
    created_at: datetime
    actor: User | None = None
    html_url: str = ""

    @property
    def file(self) -> str:
        """Return the name of the workflow's file."""
        return self.path.partition("@")[0].rpartition("/")[2]

    @property
    def passed(self) -> bool:
        """Return whether it came out well."""
        return self.conclusion == "success"


class WorkflowRuns(Shape):
    """A page of runs, the newest first."""

    workflow_runs: tuple[WorkflowRun, ...]
