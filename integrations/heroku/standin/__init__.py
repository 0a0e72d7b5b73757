"""A stand-in Heroku: the Platform API, version 3, written from the vendor's schema and documentation."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from aiohttp import web

from . import shapes
from .world import ACCOUNT, App, Json, RefusedError, World, lost, stamp

__all__ = ["StandIn", "World"]

ACCEPT = "application/vnd.heroku+json; version=3"
RANGE = re.compile(
    r"(?P<key>\w+) (?P<from>[\]\w-]*)\.\.;?\s*(?:(?P<order>order=desc),?)?\s*(?:max=(?P<max>\d+))?"
)
Handler = Callable[[web.Request, Json], Any]


class StandIn:
    """Heroku's API at its root path; ``world`` holds the state."""

    world: World

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        for (method, path), (scope, status, answer) in self._routes().items():
            self._add(method, path, scope, status, answer)
        self._add("*", "/{path:.*}", "", 200, self._nothing)
        self.reset()

    def _routes(self) -> dict[tuple[str, str], tuple[str, int, Handler]]:
        whose, app = "/{of:teams/[a-z-]+|account}", "/apps/{app}"
        return {
            ("GET", "/apps"): ("read", 200, self._apps),
            ("GET", "/teams/{team}/apps"): ("read", 200, self._apps),
            ("GET", "/addons"): ("read", 200, self._addons),
            ("GET", "/teams/{team}/addons"): ("read", 200, self._addons),
            ("GET", "/dyno-sizes"): ("read", 200, lambda _request, _asked: shapes.sizes()),
            ("GET", f"{whose}/invoices"): ("read", 200, self._invoices),
            ("GET", "/account"): ("read", 200, self._account),
            ("GET", "/account/delinquency"): ("read", 200, self._delinquency),
            ("GET", app): ("read", 200, self._app),
            ("PATCH", app): ("write", 200, self._maintain),
            ("GET", f"{app}/formation"): ("read", 200, self._formation),
            ("PATCH", f"{app}/formation/{{type}}"): ("write", 200, self._scale),
            ("GET", f"{app}/dynos"): ("read", 200, self._dynos),
            ("DELETE", f"{app}/dynos"): ("write", 202, self._restart),
            ("GET", f"{app}/releases"): ("read", 200, self._releases),
            ("GET", f"{app}/releases/{{version}}"): ("read", 200, self._release),
            ("POST", f"{app}/releases"): ("write", 201, self._roll_back),
            ("GET", f"{app}/builds"): ("read", 200, self._builds),
            ("GET", f"{app}/builds/{{build}}"): ("read", 200, self._build),
            ("POST", f"{app}/builds"): ("write", 201, self._start_build),
            ("GET", f"{app}/domains"): ("read", 200, self._domains),
            ("GET", f"{app}/config-vars"): ("read-protected", 200, self._config),
        }

    def _add(self, method: str, path: str, scope: str, status: int, answer: Handler) -> None:
        async def handler(request: web.Request) -> web.Response:
            headers = {"RateLimit-Remaining": "4499", "Request-Id": "01234567-89ab-cdef-0123-456789abcdef"}
            try:
                asked = await request.json() if request.can_read_body else {}
                self._admit(request, scope)
                self.world.advance()
                body = answer(request, asked)
                if isinstance(body, list):
                    return _part(request, body, headers)
                return web.json_response(body, status=status, headers=headers)
            except RefusedError as refused:
                return web.json_response(refused.body, status=refused.status, headers=headers)

        self.app.router.add_route(method, path, handler)

    def reset(self) -> None:
        """Go back to the seed."""
        self.world = World(deepcopy(self._seed), self._clock)

    def pane(self) -> dict[str, Any]:
        """Return what runs, for people."""
        world, now = self.world, self.world.clock()
        world.advance()
        rows = []
        for app in world.apps.values():
            current = app.current(now)
            dynos = (
                ", ".join(f"{each['name']} {each['state']}" for each in shapes.dynos(world, app)) or "none"
            )
            page = "maintenance" if app.maintenance else "the app"
            rows.append([app.name, f"v{current.version}" if current else "–", dynos, page, app.restarts])
        columns = ["App", "Release", "Dynos", "Visitors see", "Restarts"]
        return {"title": "Heroku", "sections": [{"title": "Apps", "columns": columns, "rows": rows}]}

    def _admit(self, request: web.Request, scope: str) -> None:
        if request.headers.get("Accept") != ACCEPT:
            raise RefusedError(
                406, "not_acceptable", "Please specify a version along with Heroku's API MIME type."
            )
        if request.headers.get("Authorization") != f"Bearer {self.world.token}":
            raise RefusedError(401, "unauthorized", "Invalid credentials provided.")
        if scope and scope not in self.world.scopes:
            raise RefusedError(403, "forbidden", "You do not have access to this resource.")
        if request.match_info.get("team", self.world.team) != self.world.team:
            raise lost("team")

    def _named(self, request: web.Request) -> App:
        return self.world.app(request.match_info["app"])

    def _nothing(self, _request: web.Request, _asked: Json) -> Json:
        raise lost("resource")

    def _apps(self, _request: web.Request, _asked: Json) -> list[Json]:
        return [shapes.app(self.world, each) for each in self.world.apps.values()]

    def _app(self, request: web.Request, _asked: Json) -> Json:
        return shapes.app(self.world, self._named(request))

    def _maintain(self, request: web.Request, asked: Json) -> Json:
        app = self._named(request)
        app.maintenance = asked["maintenance"]
        return shapes.app(self.world, app)

    def _formation(self, request: web.Request, _asked: Json) -> list[Json]:
        app = self._named(request)
        return [shapes.formation(app, kind) for kind in app.formation]

    def _scale(self, request: web.Request, asked: Json) -> Json:
        app, kind = self._named(request), request.match_info["type"]
        self.world.scale(app, kind, asked)
        return shapes.formation(app, kind)

    def _dynos(self, request: web.Request, _asked: Json) -> list[Json]:
        return shapes.dynos(self.world, self._named(request))

    def _restart(self, request: web.Request, _asked: Json) -> Json:
        self._named(request).restart(self.world.clock())
        return {}

    def _releases(self, request: web.Request, _asked: Json) -> list[Json]:
        app = self._named(request)
        return [shapes.release(self.world, app, each) for each in app.releases]

    def _release(self, request: web.Request, _asked: Json) -> Json:
        app, asked = self._named(request), request.match_info["version"]
        found = [shapes.release(self.world, app, each) for each in app.releases]
        release = next((each for each in found if asked in {each["id"], f"{each['version']}"}), None)
        if release is None:
            raise lost("release")
        return release

    def _roll_back(self, request: web.Request, asked: Json) -> Json:
        app = self._named(request)
        return shapes.release(self.world, app, self.world.roll_back(app, asked["release"]))

    def _builds(self, request: web.Request, _asked: Json) -> list[Json]:
        app = self._named(request)
        found = [shapes.build(self.world, app, each) for each in app.builds]
        return sorted(found, key=lambda each: each["id"])  # by default in the order of their ids

    def _build(self, request: web.Request, _asked: Json) -> Json:
        app, asked = self._named(request), request.match_info["build"]
        build = next((each for each in app.builds if each.id == asked), None)
        if build is None:
            raise lost("build")
        return shapes.build(self.world, app, build)

    def _start_build(self, request: web.Request, asked: Json) -> Json:
        app = self._named(request)
        return shapes.build(self.world, app, self.world.build(app, asked["source_blob"]))

    def _domains(self, request: web.Request, _asked: Json) -> list[Json]:
        app = self._named(request)
        own = app.web_url.removeprefix("https://").rstrip("/")
        return [shapes.domain(app, each) for each in (own, *app.domains)]

    def _config(self, request: web.Request, _asked: Json) -> Json:
        self._named(request)
        self.world.config_reads += 1
        return {"SECRET_KEY": "canary secret"}

    def _addons(self, _request: web.Request, _asked: Json) -> list[Json]:
        return [shapes.addon(each) for each in self.world.addons]

    def _invoices(self, _request: web.Request, _asked: Json) -> list[Json]:
        if not self.world.sees_bills:
            raise RefusedError(403, "forbidden", "You do not have access to billing.")
        return [shapes.invoice(each) for each in self.world.invoices]

    def _account(self, _request: web.Request, _asked: Json) -> Json:
        return {
            "id": ACCOUNT,
            "email": shapes.EMAIL,
            "two_factor_authentication": True,
            "delinquent_at": None,
        }

    def _delinquency(self, _request: web.Request, _asked: Json) -> Json:
        at = self.world.suspension
        return {"scheduled_suspension_time": stamp(at) if at else None, "scheduled_deletion_time": None}


def _part(request: web.Request, items: list[Json], headers: dict[str, str]) -> web.Response:
    """Return the part of a list that ``Range`` asks for: 206 with ``Next-Range`` while there is more."""
    asked = RANGE.fullmatch(request.headers.get("Range", "id ..; max=200").rstrip("; "))
    if asked is None:
        refused = RefusedError(416, "requested_range_not_satisfiable", "The range is not understood.")
        return web.json_response(refused.body, status=416, headers=headers)
    most, key = min(int(asked["max"] or 200), 1000), asked["key"]
    ordered = sorted(items, key=lambda each: each.get(key, 0), reverse=True) if asked["order"] else items
    begin = int(asked["from"].removeprefix("]")) if asked["from"] else 0
    shown, more = ordered[begin : begin + most], len(ordered) > begin + most
    if more:
        order = "order=desc," if asked["order"] else ""
        headers = {**headers, "Next-Range": f"{key} ]{begin + most}..; {order}max={most}"}
    return web.json_response(shown, status=206 if more else 200, headers=headers)
