"""Runs as they are shown: builds, deploys, restarts; and who builds and deploys our services."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

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


class Way(Value):
    """How something of ours is deployed now: the kind and target of the run, and what a decider must know."""

    resource: str
    target: str
    notes: tuple[str, ...] = ()


class Build(Value):
    """A run of theirs, whoever started it: when it began, of which branch or version, and by whom."""

    run: Run
    at: datetime
    ref: str = ""
    by: str = ""


class Deployer(Protocol):
    """A vendor that deploys; *of* is what the settings call it there: a repository, a project, an app."""

    async def way(self, of: str) -> Way:
        """Return how it is deployed now; Refused, with the remedy, when it cannot be from here."""

    async def builds(self, of: str) -> Sequence[Build]:
        """Return its last builds, the newest first."""
