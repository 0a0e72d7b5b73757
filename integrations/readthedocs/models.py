"""Answers of Read the Docs, in its own words."""

from typing import Any

from pydantic import AwareDatetime, Field

from bot.http.shape import Shape


class Urls(Shape):
    """Where people see a project or a build."""

    build: str = ""
    builds: str = ""
    documentation: str = ""


class Project(Shape):
    """A project."""

    slug: str
    default_version: str = ""
    urls: Urls = Urls()


class Version(Shape):
    """A version of the documentation: a branch or a tag; only active ones are built."""

    slug: str
    active: bool = True


class State(Shape):
    """How far a build is: *code* for machines, *name* for people."""

    code: str
    name: str = ""


class Build(Shape):
    """A build; *success* is null until its end."""

    id: int
    version: str | None = None
    created: AwareDatetime
    state: State
    success: bool | None = None
    error: str | None = ""
    commit: str | None = None
    urls: Urls = Urls()

    @property
    def ended(self) -> bool:
        """Return whether it is over: the only final states are these two."""
        return self.state.code in {"finished", "cancelled"}


class Triggered(Shape):
    """The answer to a trigger."""

    triggered: bool
    build: Build | None = None


class Message(Shape):
    """What a notification says."""

    header: str = ""


class Notification(Shape):
    """Why a build failed."""

    message: Message = Message()


class Page(Shape):
    """One page of a list."""

    results: tuple[Any, ...] = Field(repr=False)


class Delivery(Shape):
    """A delivery of the outgoing webhook, in the shape that it has by default."""

    event: str
    slug: str
    build: str
