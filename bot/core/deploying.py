"""Runs as they are shown: builds, deploys, restarts; and who builds and deploys our services."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.core.values import Value


class Stage(StrEnum):
    """How far a run is; *wanted* is what is not there yet, *several* are runs that could all be ours."""

    WANTED = "wanted"
    UNDER_WAY = "under_way"
    GOOD = "good"
    BAD = "bad"
    SEVERAL = "several"


class Run(Value):
    """A run as it is asked for, which is all default but for the *marker*, or as it goes.

    *id* is the vendor's own name of it, *name* what people call it ("build 12"),
    *text* how far it is or why it failed, *link* where people see it.
    """

    marker: str = ""
    id: str = ""
    stage: Stage = Stage.WANTED
    name: str = ""
    text: str = ""
    link: str = ""


class Source(Value):
    """What something is built from: a repository's page, and the commit that its default branch is at."""

    url: str
    branch: str
    commit: str


Sourced: TypeAlias = Callable[[], Awaitable[Source]]
"""Finds what something is built from now; Refused, with the remedy, when nothing can be built from it."""


class Way(Value):
    """How something of ours is deployed now: the kind and target of the run, and what a decider must know.

    What is *fixed* is built as it was when it was asked for, else as it is when it is started.
    """

    resource: str
    target: str
    notes: tuple[str, ...] = ()
    fixed: bool = False


class Build(Value):
    """A run of theirs, whoever started it: when it began, of which branch or version, and by whom."""

    run: Run
    at: datetime
    ref: str = ""
    by: str = ""


class Deployer(Protocol):
    """A vendor that deploys; *of* is what the settings call it there: a repository, a project, an app."""

    async def way(self, of: str, source: Sourced) -> Way:
        """Return how it is deployed now; Refused, with the remedy, when it cannot be from here.

        Who does not take the code from its repository by itself is given its *source*.
        """

    async def builds(self, of: str) -> Sequence[Build]:
        """Return its last builds, the newest first."""
