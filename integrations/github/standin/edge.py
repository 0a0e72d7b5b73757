"""What all calls share: who calls, with which rights and version; paging, ETags, limits and error bodies."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from .app import UNREADABLE, App
from .permissions import covers
from .shapes import Shapes
from .world import Repo, Team, User, World, same

T = TypeVar("T")

VERSIONS = ("2022-11-28", "2026-03-10")
DOCS = "https://docs.github.com/rest"
IMPLIED = {
    "admin:org": {"admin:org", "write:org", "read:org"},
    "write:org": {"write:org", "read:org"},
    "repo": {"repo", "public_repo"},
}
NEEDS_ADMIN = "Must have admin rights to Repository."
NEEDS_PUSH = "Must have push access to view repository collaborators."
ARCHIVED = "Repository was archived so is read-only."
NOT_ACCESSIBLE = "Resource not accessible by integration"
NO_AGENT = (
    "Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
    "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required)."
)


@dataclass(frozen=True)
class Answer:
    """Status, JSON body (None for no body), headers, and what it costs of the hourly allowance."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cost: int = 1


class RefusedError(Exception):
    """A call GitHub refuses, with the status and body it answers."""

    def __init__(
        self, status: int, message: str, errors: Sequence[Mapping[str, Any]] = (), **extra: str
    ) -> None:
        super().__init__(message)
        self.status = status
        self.errors = errors
        self.extra = extra

    def answer(self) -> Answer:
        """Return the documented error body."""
        body: dict[str, Any] = {"message": str(self)}
        if self.errors:
            body["errors"] = list(self.errors)
        location = {"Location": self.extra["url"]} if "url" in self.extra else {}
        body |= self.extra | {"documentation_url": DOCS, "status": str(self.status)}
        return Answer(self.status, body, location)


def not_found() -> RefusedError:
    """Return the answer for what is absent, and for what the token may not see."""
    return RefusedError(404, "Not Found")


def invalid(resource: str, code: str, **more: str) -> RefusedError:
    """Return a validation error; *more* are its field, value or message."""
    return RefusedError(422, "Validation Failed", [{"resource": resource, "code": code, **more}])


@dataclass(frozen=True)
class Route:
    """One line of the table: the least it needs of a classic token (*scope*) and of an App (*permission*)."""

    method: str
    path: str
    handler: Callable[["Call"], Answer]
    scope: str = ""
    permission: str = ""
    resource: str = "core"


@dataclass(frozen=True)
class Caller:
    """Who calls: the account of the token (None without one), its scopes and its role in the organisation.

    The rights that its calls need are noted in *needed*. With *app* it is a
    GitHub App: by a token of its installation, or *signed* by itself.
    """

    user: User | None
    scopes: frozenset[str]
    role: str | None
    needed: set[str] = field(default_factory=set)
    app: App | None = None
    signed: bool = False

    def may(self, scope: str, permission: str) -> bool:
        """Tell whether the token allows what *scope* stands for, or an App's *permission*."""
        self.needed.update(filter(None, permission.split(",") if self.app else [scope]))
        if self.app:
            return not self.signed and self.app.may(permission)
        standing = {"read:org": self.role is not None, "admin:org": self.role == "admin"}
        return not scope or (scope in self.scopes and standing.get(scope, True))

    def held(self, world: World, repo: Repo) -> str | None:
        """Return what the caller may do on a repository; an App may do what its permissions say."""
        if self.app:
            return "admin" if not repo.private or self.may("repo", "metadata=read") else None
        return world.permission(repo, self.user.id) if self.user else None

    def signed_by(self) -> App:
        """Return the App that calls in its own name."""
        if self.app is None or not self.signed:
            raise RefusedError(401, UNREADABLE)
        return self.app


@dataclass(frozen=True)
class Call:
    """A call as handlers see it."""

    world: World
    route: Route
    caller: Caller
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    accept: str
    shapes: Shapes

    def team(self) -> Team:
        """Return the team of the address."""
        self.check_org()
        number = self.params.get("team_id")
        team = self.world.teams.get(int(number)) if number else self.world.team(self.params["team"])
        if team is None:
            raise not_found()
        return team

    def check_org(self) -> None:
        """Refuse an address of another organisation."""
        org = self.world.org
        known = {"org": org.login, "org_id": str(org.id)}
        if not all(same(self.params.get(name, value), value) for name, value in known.items()):
            raise not_found()

    def repo(self, needs: str | None = None, *, write: bool = False) -> Repo:
        """Return the repository of the address if the caller *needs* no more than they have on it."""
        repo = self._named_repo()
        held = self.caller.held(self.world, repo)
        if repo.private and not (self.caller.may("repo", "metadata=read") and held):
            raise not_found()
        if needs and not covers(held, needs):
            raise RefusedError(403, NEEDS_PUSH if needs == "push" else NEEDS_ADMIN)
        if write and repo.archived:
            raise RefusedError(403, ARCHIVED)
        return repo

    def _named_repo(self) -> Repo:
        if number := self.params.get("repo_id"):
            found = self.world.repos.get(int(number))
        elif not same(self.params["owner"], self.world.org.login):
            found = None
        else:
            found = self.world.repo(self.params["repo"])
            moved = self.world.renamed.get(self.params["repo"].casefold())
            if found is None and moved and self.route.path.startswith("/repos/"):
                raise self._moved(moved)
        if found is None:
            raise not_found()
        return found

    def _moved(self, repo: int) -> RefusedError:
        """Return the redirect of an old name: permanent to read, and one that keeps the method to write."""
        url = self.shapes.base + by_number(self.route.path).format_map({**self.params, "repo_id": repo})
        if self.route.method == "GET":
            return RefusedError(301, "Moved Permanently", url=url)
        return RefusedError(307, "Temporary Redirect", url=url)

    def user(self) -> User:
        """Return the account of the address."""
        user = self.world.user(self.params["user"])
        if user is None:
            raise not_found()
        return user

    def word(self, name: str, allowed: Iterable[str], default: str, resource: str) -> str:
        """Return a word of the body, which must be one of *allowed*."""
        return _one_of(allowed, self.body.get(name, default), name, resource)

    def option(self, name: str, allowed: Iterable[str], resource: str) -> str:
        """Return a word of the address's query, ``all`` when it is left out."""
        return _one_of(allowed, self.query.get(name, "all"), name, resource)

    def page(self, items: Iterable[T], shape: Callable[[T], Any]) -> Answer:
        """Answer the asked page of *items*, with the ``Link`` header."""
        everything = list(items)
        size = min(max(_integer(self.query.get("per_page"), 30), 1), 100)
        number = max(_integer(self.query.get("page"), 1), 1)
        last = max(-(-len(everything) // size), 1)
        steps = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        shown = [name for name in steps if (number > 1 if name in ("prev", "first") else number < last)]
        links = [f'<{self._address(page=steps[name])}>; rel="{name}"' for name in shown]
        part = everything[(number - 1) * size : number * size]
        return Answer(200, [shape(each) for each in part], {"Link": ", ".join(links)} if links else {})

    def _address(self, page: int) -> str:
        """Return the address of another page, by number as GitHub writes it."""
        names = dict(self.params)
        names["org_id"] = str(self.world.org.id)
        if "team" in names:
            names["team_id"] = str(self.team().id)
        if "repo" in names:
            names["repo_id"] = str(self._named_repo().id)
        path = by_number(self.route.path).format_map(names)
        return f"{self.shapes.base}{path}?{urlencode({**self.query, 'page': page})}"


def by_number(path: str) -> str:
    """Return the twin of a path with numbers in place of names, where Link headers and redirects point."""
    path = path.replace("/orgs/{org}/teams/{team}", "/organizations/{org_id}/team/{team_id}")
    path = path.replace("/orgs/{org}", "/organizations/{org_id}")
    return (
        path
        if path.startswith("/organizations")
        else path.replace("/repos/{owner}/{repo}", "/repositories/{repo_id}")
    )


async def serve(world: World, route: Route, request: web.Request) -> web.Response:
    """Answer one call; nothing else happens between its checks and its change."""
    payload = await request.read()
    world.settle()
    world.calls += 1
    caller = Caller(None, frozenset(), None)
    try:
        caller = _caller(world, request)
        answer = _answer(world, route, request, caller, payload)
    except RefusedError as refusal:
        answer = refusal.answer()
    return _response(world, route, request, caller, answer)


def _caller(world: World, request: web.Request) -> Caller:
    if not request.headers.get("User-Agent"):
        raise RefusedError(403, NO_AGENT)
    given = request.headers.get("Authorization")
    if given is None:
        return Caller(None, frozenset(), None)
    kind, _, token = given.partition(" ")
    if kind.lower() not in ("bearer", "token"):
        raise RefusedError(401, "Bad credentials")
    if world.app:
        return _app(world, world.app, token.strip())
    if token.strip() != world.token:
        raise RefusedError(401, "Bad credentials")
    scopes = frozenset(each for scope in world.scopes for each in IMPLIED.get(scope, {scope}))
    return Caller(world.users[world.bot], scopes, world.role(world.bot), world.needed)


def _app(world: World, app: App, token: str) -> Caller:
    """Return an App as caller: its tokens look like many things, so only known ones are theirs."""
    if token.startswith("ghs_"):
        if not app.lives(token, world.clock()):
            raise RefusedError(401, "Bad credentials")
        return Caller(world.users[world.bot], frozenset(), None, world.needed, app)
    if why := app.signed(token, world.clock()):
        raise RefusedError(401, why)
    return Caller(world.users[world.bot], frozenset(), None, world.needed, app, signed=True)


def _answer(world: World, route: Route, request: web.Request, caller: Caller, payload: bytes) -> Answer:
    version = request.headers.get("X-GitHub-Api-Version", VERSIONS[0])
    if version not in VERSIONS:
        status = 410 if version < VERSIONS[0] else 400
        raise RefusedError(
            status, f"API version {version} is not supported. Supported: {', '.join(VERSIONS)}."
        )
    meter = world.meter if caller.user else world.anonymous
    if meter.left(route.resource) == 0:
        return _exhausted(route, f"user ID {caller.user.id}" if caller.user else f"{request.remote}")
    if caller.user is None and (route.scope or route.method not in ("GET", "*")):
        raise RefusedError(401, "Requires authentication")
    if not caller.may(route.scope, route.permission) and not caller.signed:
        if caller.app:
            raise RefusedError(403, NOT_ACCESSIBLE)
        raise not_found() if route.method == "GET" else RefusedError(403, NEEDS_ADMIN)
    call = Call(
        world=world,
        route=route,
        caller=caller,
        params=request.match_info,
        query=request.query,
        body=_body(payload),
        accept=request.headers.get("Accept", ""),
        shapes=Shapes(world, str(request.url.origin())),
    )
    return route.handler(call)


def _exhausted(route: Route, whom: str) -> Answer:
    """Refuse for want of allowance: GraphQL answers errors with 200."""
    message = f"API rate limit exceeded for {whom}."
    if route.resource == "graphql":
        return Answer(200, {"errors": [{"type": "RATE_LIMITED", "message": message}]}, cost=0)
    return RefusedError(403, message).answer()


def _body(payload: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(payload or b"{}")
    except ValueError:
        raise RefusedError(400, "Problems parsing JSON") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "Body should be a JSON object")
    return body


def _response(
    world: World, route: Route, request: web.Request, caller: Caller, answer: Answer
) -> web.Response:
    content = b"" if answer.body is None else json.dumps(answer.body).encode()
    headers = {"Cache-Control": "private, max-age=60, s-maxage=60", **answer.headers}
    status, cost = answer.status, answer.cost
    if request.method == "GET" and status == 200:
        headers["ETag"] = (
            f'W/"{sha256(request.headers.get("Authorization", "").encode() + content).hexdigest()}"'
        )
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            status, cost, content = 304, 0, b""
    meter = world.meter if caller.user else world.anonymous
    meter.charge(route.resource, cost)
    headers |= meter.headers(route.resource) | {
        "Date": format_datetime(world.clock(), usegmt=True),
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-GitHub-Api-Version-Selected": request.headers.get("X-GitHub-Api-Version", VERSIONS[0]),
        "X-GitHub-Request-Id": f"{world.calls:04X}:1A2B3C:4D5E6F:{world.calls:08X}",
    }
    if caller.app:
        headers |= {"X-Accepted-GitHub-Permissions": route.permission} if route.permission else {}
    elif caller.user:
        wider = sorted(scope for scope, held in IMPLIED.items() if route.scope in held)
        headers["X-OAuth-Scopes"] = ", ".join(world.scopes)
        headers["X-Accepted-OAuth-Scopes"] = ", ".join(
            dict.fromkeys([*wider, route.scope] if route.scope else [])
        )
    if content:
        headers["Content-Type"] = "application/json; charset=utf-8"
    return web.Response(status=status, body=content or None, headers=headers)


def _one_of(allowed: Iterable[str], value: object, name: str, resource: str) -> str:
    if value not in tuple(allowed):
        raise invalid(resource, "invalid", field=name, value=str(value))
    return str(value)


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() else default
