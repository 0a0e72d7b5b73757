"""A stand-in Read the Docs: one account over the API v3, written from the vendor's documentation."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

Json = dict[str, Any]
SITE = "https://app.readthedocs.org"
STEPS = (  # seconds after its beginning, and what it does from then on
    (0, "triggered", "Triggered"),
    (5, "cloning", "Cloning"),
    (20, "installing", "Installing"),
    (60, "building", "Building"),
    (80, "uploading", "Uploading"),
    (90, "finished", "Finished"),
)


class RefusedError(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass
class Build:
    """A build, which gets on with the clock; *error* is how it will fail."""

    id: int
    version: str
    created: datetime
    error: str = ""
    cancelled: bool = False


class StandIn:
    """The API at ``/api/v3``. The seed says ``project``, ``token`` and the past ``builds``.

    Attributes can be changed: *failing* is the error with which builds end from now on, *maintained* whether
    the token's account maintains the project, *accepting* whether builds are started, *others* are the
    account's further projects, *versions* are those that are active.
    """

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        project = "/api/v3/projects/{project}/"
        self._add("GET", "/api/v3/projects/", self._projects)
        self._add("GET", project, self._project)
        self._add("GET", project + "builds/", self._builds)
        self._add("GET", project + "builds/{build}/", self._build)
        self._add("GET", project + "builds/{build}/notifications/", self._notifications)
        self._add("GET", project + "versions/", self._versions)
        self._add("POST", project + "versions/{version}/builds/", self._trigger)
        self._add("*", "/{path:.*}", self._nothing)
        self.reset()

    def _add(self, method: str, path: str, answer: Callable[[web.Request], Json]) -> None:
        async def handler(request: web.Request) -> web.Response:
            try:
                self._admit(request)
                content = answer(request)
                return web.json_response(content, status=_status(content))
            except RefusedError as refused:
                return web.json_response({"detail": f"{refused}"}, status=refused.status)

        self.app.router.add_route(method, path, handler)

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Token {self.token}":
            raise RefusedError(401, "Invalid token.")
        if request.match_info.get("project", self.slug) != self.slug:
            raise RefusedError(404, "Not found.")

    def reset(self) -> None:
        """Go back to the seed."""
        seed = deepcopy(self._seed)
        self.slug: str = seed["project"]
        self.token: str = seed["token"]
        self.versions: list[str] = seed.get("versions", ["latest"])
        self.failing = ""
        self.maintained = self.accepting = True
        self.others: list[str] = []
        self.builds = [
            Build(number, each.get("version", "latest"), _moment(each["at"]), each.get("error", ""))
            for number, each in enumerate(seed.get("builds", []), seed.get("first", 1))
        ]

    def pane(self) -> Json:
        """Return the builds, for people."""
        rows = [
            [f"{each.id}", each.version, self._outcome(each), f"{each.created:%d %b %H:%M:%S}"]
            for each in reversed(self.builds)
        ]
        sections = [{"title": f"Builds of {self.slug}", "columns": ["Build", "Version", "State", "Began"]}]
        return {"title": "Read the Docs", "sections": [{**sections[0], "rows": rows}]}

    def begin(self, version: str = "latest") -> Build:
        """Begin a build, as a push does."""
        number = max((each.id for each in self.builds), default=0) + 1
        self.builds.append(Build(number, version, self._clock().astimezone(UTC), self.failing))
        return self.builds[-1]

    def _outcome(self, build: Build) -> str:
        code, name = self._state(build)
        return name if code != "finished" else f"failed: {build.error}" if build.error else "passed"

    def _state(self, build: Build) -> tuple[str, str]:
        if build.cancelled:
            return "cancelled", "Cancelled"
        age = self._clock() - build.created
        return [(code, name) for after, code, name in STEPS if age >= timedelta(seconds=after)][-1]

    # The routes.

    def _nothing(self, _request: web.Request) -> Json:
        raise RefusedError(404, "Not found.")

    def _projects(self, _request: web.Request) -> Json:
        mine = [*([self.slug] if self.maintained else []), *self.others]
        return _paged([self._drawn_project(slug) for slug in mine])

    def _project(self, _request: web.Request) -> Json:
        return self._drawn_project(self.slug)

    def _builds(self, request: web.Request) -> Json:
        running = request.query.get("running", "").lower()
        found = [self._drawn(each) for each in reversed(self.builds)]
        if running:
            found = [each for each in found if (each["finished"] is None) == (running == "true")]
        return _paged(found, int(request.query.get("limit", 10)))

    def _versions(self, request: web.Request) -> Json:
        active = request.query.get("active", "true") == "true"
        found = [self._drawn_version(slug) for slug in self.versions if active]
        return _paged(found, int(request.query.get("limit", 10)))

    def _build(self, request: web.Request) -> Json:
        return self._drawn(self._named(request))

    def _notifications(self, request: web.Request) -> Json:
        build = self._named(request)
        if not build.cancelled:
            return _paged([])
        message = {"id": "build:user:cancelled", "header": "Build cancelled manually.", "type": "error"}
        return _paged([{"id": 3, "state": "unread", "attached_to_id": build.id, "message": message}])

    def _named(self, request: web.Request) -> Build:
        found = [each for each in self.builds if f"{each.id}" == request.match_info["build"]]
        if not found:
            raise RefusedError(404, "Not found.")
        return found[0]

    def _trigger(self, request: web.Request) -> Json:
        version = request.match_info["version"]
        if version not in self.versions:
            raise RefusedError(404, "Not found.")
        if not self.maintained:
            raise RefusedError(403, "You do not have permission to perform this action.")
        if not self.accepting:
            return {"triggered": False}
        build = self._drawn(self.begin(version))
        project = self._drawn_project(self.slug)
        return {"build": build, "project": project, "triggered": True, "version": {"slug": version}}

    def _drawn_project(self, slug: str) -> Json:
        return {
            "id": 1,
            "name": slug,
            "slug": slug,
            "default_branch": "master",
            "default_version": "latest",
            "privacy_level": "public",
            "readthedocs_yaml_path": None,
            "urls": {
                "builds": f"{SITE}/projects/{slug}/builds/",
                "documentation": f"https://{slug}.readthedocs.io/en/latest/",
            },
            "users": [{"username": "pyconuk-bot"}],
        }

    def _drawn_version(self, slug: str) -> Json:
        return {
            "slug": slug,
            "verbose_name": slug,
            "identifier": "a1b2c3",
            "ref": None,
            "type": "branch",
            "active": True,
            "hidden": False,
            "built": any(each.version == slug and self._outcome(each) == "passed" for each in self.builds),
        }

    def _drawn(self, build: Build) -> Json:
        code, name = self._state(build)
        ended = code in {"finished", "cancelled"}
        finished = build.created + timedelta(seconds=STEPS[-1][0])
        return {
            "id": build.id,
            "commit": "a1b2c3" if code != "triggered" else None,
            "created": f"{build.created:%Y-%m-%dT%H:%M:%SZ}",
            "finished": f"{finished:%Y-%m-%dT%H:%M:%SZ}" if ended else None,
            "duration": STEPS[-1][0] if ended else None,
            "error": build.error if code == "finished" else "",
            "project": self.slug,
            "version": build.version,
            "state": {"code": code, "name": name},
            "success": (not build.error and not build.cancelled) if ended else None,
            "urls": {"build": f"{SITE}/projects/{self.slug}/builds/{build.id}/"},
        }


def _status(content: Json) -> int:
    """Return 202 for a build that was triggered, 400 for one that was not, 200 for an answer to a look."""
    return {True: 202, False: 400, None: 200}[content.get("triggered")]


def _paged(items: list[Json], limit: int = 10) -> Json:
    return {"count": len(items), "next": None, "previous": None, "results": items[:limit]}


def _moment(said: datetime | str) -> datetime:
    at = said if isinstance(said, datetime) else datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
