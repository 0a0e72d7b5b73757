"""Answers of Travis CI's API version 3, in its own words."""

from datetime import datetime

from pydantic import AwareDatetime

from bot.http.shape import Shape


class Branch(Shape):
    """A branch."""

    name: str = ""


class Repository(Shape):
    """A repository; inactive ones are not built."""

    slug: str
    active: bool = False
    default_branch: Branch = Branch()


class Commit(Shape):
    """What a build is of."""

    message: str | None = None


class Build(Shape):
    """A build; it has begun at *started_at*, which is null before."""

    id: int
    number: str = ""
    state: str
    event_type: str = ""
    started_at: AwareDatetime | None = None
    finished_at: datetime | None = None
    updated_at: AwareDatetime | None = None
    branch: Branch = Branch()
    commit: Commit = Commit()


class Builds(Shape):
    """A list of builds."""

    builds: tuple[Build, ...]


class Request(Shape):
    """What was asked to be built, with its own message; *builds* come a little later."""

    id: int
    state: str = ""
    result: str | None = None
    message: str | None = None
    created_at: AwareDatetime | None = None
    builds: tuple[Build, ...] = ()


class Requests(Shape):
    """A list of requests."""

    requests: tuple[Request, ...]


class Asked(Shape):
    """The number of a request that was taken."""

    id: int


class Pending(Shape):
    """The answer to a request."""

    request: Asked


class Allowance(Shape):
    """What an account may build."""

    public_repos: bool = True
    concurrency_limit: int | None = None


class Execution(Shape):
    """What one job used."""

    credits_consumed: int = 0


class Executions(Shape):
    """What an account used."""

    executions: tuple[Execution, ...]


class User(Shape):
    """Whose token it is."""

    login: str
