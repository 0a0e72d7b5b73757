"""A stand-in Travis CI: one repository over the API version 3, written from the vendor's documentation."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import web

Json = dict[str, Any]
STEPS = ((0, "created"), (5, "received"), (10, "started"), (90, "passed"))
FIRST = timedelta(seconds=3)  # until a request has its build
HOURLY = 10


class RefusedError(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"@type": "error", "error_type": kind, "error_message": message, **more}


@dataclass
class Build:
    """A build, which gets on with the clock; *end* is how it comes out."""

    id: int
    number: int
    branch: str
    at: datetime
    event: str = "push"
    message: str = ""
    end: str = "passed"


@dataclass
class Request:
    """What was asked to be built."""

    id: int
    message: str
    at: datetime
    build: Build | None


class StandIn:
    """The API at its root. The seed says ``owner``, ``repository``, ``token`` and the past ``builds``.

    Attributes can be changed: *ending* is how builds end from now on, *active* and *credited* whether
    anything is built, *used* the credits of this month, *configured* whether requests become builds.
    """

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        self._add("GET", "/user", self._user)
        self._add("GET", "/repo/{slug}", self._repository)
        self._add("GET", "/repo/{slug}/builds", self._builds)
        self._add("GET", "/repo/{slug}/requests", self._requests)
        self._add("GET", "/repo/{slug}/request/{id}", self._request)
        self._add("GET", "/owner/{owner}/allowance", self._allowance)
        self._add("GET", "/owner/{owner}/executions", self._executions)
        self.app.router.add_route("POST", "/repo/{slug}/requests", self._asked)
        self._add("*", "/{path:.*}", self._nothing)
        self.reset()

    def _add(self, method: str, path: str, answer: Callable[[web.Request], Json]) -> None:
        async def handler(request: web.Request) -> web.Response:
            return self._answer(request, lambda: web.json_response(answer(request)))

        self.app.router.add_route(method, path, handler)

    def _answer(self, request: web.Request, answer: Callable[[], web.Response]) -> web.Response:
        try:
            self._admit(request)
            return answer()
        except RefusedError as refused:
            return web.json_response(refused.body, status=refused.status)

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"token {self.token}":
            raise RefusedError(403, "login_required", "login required")
        if request.headers.get("Travis-API-Version") != "3":
            raise RefusedError(404, "not_found", "file not found")
        if request.match_info.get("slug", self.slug) != self.slug:
            raise _unknown("repository")
        if request.match_info.get("owner", self.owner) != self.owner:
            raise _unknown("owner")

    def reset(self) -> None:
        """Go back to the seed."""
        seed = deepcopy(self._seed)
        self.owner: str = seed["owner"]
        self.slug = f"{self.owner}/{seed['repository']}"
        self.token: str = seed["token"]
        self.branch: str = seed.get("branch", "master")
        self.ending = "passed"
        self.active = self.credited = self.configured = True
        self.used = 0
        self.requests: list[Request] = []
        self.builds = [
            Build(1000 + number, number, self.branch, _moment(each["at"]), end=each.get("end", "passed"))
            for number, each in enumerate(seed.get("builds", []), seed.get("first", 1))
        ]

    def pane(self) -> Json:
        """Return the builds, for people."""
        rows = [
            [f"{each.number}", each.branch, self._state(each), each.message]
            for each in sorted(self.builds, key=lambda each: -each.number)
        ]
        section = {"title": f"Builds of {self.slug}", "columns": ["Build", "Branch", "State", "Message"]}
        return {"title": "Travis-CI", "sections": [{**section, "rows": rows}]}

    def begin(self, event: str = "push", message: str = "") -> Build:
        """Begin a build, as a push does."""
        number = max((each.number for each in self.builds), default=0) + 1
        at = self._clock().astimezone(UTC)
        self.builds.append(Build(1000 + number, number, self.branch, at, event, message, self.ending))
        return self.builds[-1]

    def _state(self, build: Build) -> str:
        age = self._clock() - build.at
        state = [state for after, state in STEPS if age >= timedelta(seconds=after)][-1]
        return build.end if state == STEPS[-1][1] else state

    # The routes.

    def _nothing(self, _request: web.Request) -> Json:
        raise RefusedError(404, "not_found", "file not found")

    def _user(self, _request: web.Request) -> Json:
        return {"@type": "user", "id": 9, "login": "pyconuk-bot", "name": None, "is_syncing": False}

    def _repository(self, _request: web.Request) -> Json:
        return {
            "@type": "repository",
            "@representation": "standard",
            "id": 1,
            "name": self.slug.partition("/")[2],
            "slug": self.slug,
            "active": self.active,
            "private": False,
            "default_branch": {"@type": "branch", "name": self.branch},
        }

    def _builds(self, request: web.Request) -> Json:
        branch, limit = request.query.get("branch.name"), min(int(request.query.get("limit", 25)), 100)
        newest = sorted(self.builds, key=lambda each: -each.number)
        found = [self._drawn(each) for each in newest if branch in {None, each.branch}]
        pages = {"limit": limit, "offset": 0, "count": len(found), "is_last": len(found) <= limit}
        return {"@type": "builds", "@pagination": pages, "builds": found[:limit]}

    def _requests(self, _request: web.Request) -> Json:
        found = [self._drawn_request(each) for each in reversed(self.requests)]
        return {"@type": "requests", "requests": found}

    def _request(self, request: web.Request) -> Json:
        found = [each for each in self.requests if f"{each.id}" == request.match_info["id"]]
        if not found:
            raise _unknown("request")
        return self._drawn_request(found[0])

    def _allowance(self, _request: web.Request) -> Json:
        allowed = {"public_repos": self.credited, "private_repos": False, "concurrency_limit": 1}
        return {"@type": "allowance", **allowed}

    def _executions(self, request: web.Request) -> Json:
        for day in ("from", "to"):
            date.fromisoformat(request.query[day])
        return {"@type": "executions", "executions": [{"id": 1, "credits_consumed": self.used}]}

    async def _asked(self, request: web.Request) -> web.Response:
        body = await request.json()
        return self._answer(request, lambda: self._taken(body["request"]))

    def _taken(self, asked: Json) -> web.Response:
        now = self._clock().astimezone(UTC)
        if not self.active:
            raise RefusedError(406, "repository_inactive", "repository inactive")
        if sum(each.at > now - timedelta(hours=1) for each in self.requests) >= HOURLY:
            raise RefusedError(
                429,
                "request_limit_reached",
                "request limit reached for resource",
                max_requests=HOURLY,
                per_seconds=3600,
            )
        message = asked.get("message") or ""
        build = self.begin("api", message) if self.configured else None
        self.requests.append(Request(76 + len(self.requests) + 1, message, now, build))
        body = {
            "@type": "pending",
            "remaining_requests": HOURLY - len(self.requests),
            "request": {"id": self.requests[-1].id, "branch": asked.get("branch"), "message": message},
            "resource_type": "request",
        }
        return web.json_response(body, status=202)

    def _drawn_request(self, request: Request) -> Json:
        ripe = self._clock() >= request.at + FIRST
        builds = [self._drawn(request.build)] if ripe and request.build else []
        return {
            "@type": "request",
            "id": request.id,
            "state": "finished" if ripe else "pending",
            "result": ("approved" if request.build else "rejected") if ripe else None,
            "message": request.message,
            "created_at": _stamp(request.at),
            "builds": builds,
        }

    def _drawn(self, build: Build) -> Json:
        state = self._state(build)
        started, over = state not in {"created", "received"}, state == build.end
        return {
            "@type": "build",
            "@href": f"/build/{build.id}",
            "id": build.id,
            "number": f"{build.number}",
            "state": state,
            "event_type": build.event,
            "started_at": _stamp(build.at + timedelta(seconds=10)) if started else None,
            "finished_at": _stamp(build.at + timedelta(seconds=90)) if over else None,
            "updated_at": _stamp(build.at),
            "private": False,
            "branch": {"@type": "branch", "name": build.branch},
            "commit": {"@type": "commit", "id": 5, "message": build.message or "Update schedule"},
        }


def _unknown(thing: str) -> RefusedError:
    return RefusedError(404, "not_found", f"{thing} not found (or insufficient access)", resource_type=thing)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _moment(said: datetime | str) -> datetime:
    at = said if isinstance(said, datetime) else datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
