"""What all calls share: who calls, how often, paging, and the bodies of errors."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from .zone import InvalidError, Zone

HOUR = timedelta(hours=1)
EMAIL = "infra@example.org"  # of the account
BAD_GATEWAY = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>502 Bad Gateway</body>\n</html>\n"


@dataclass
class World:
    """An account with one zone; tests and people may act on it behind the API's back.

    *scopes* are what a scoped token may do (None: everything); *gateway* is
    whether the machine in front of the API is broken; *distributed* what the
    distribution check finds (None: the check itself fails).
    """

    account: int
    plan: str
    token: str
    zone: Zone
    clock: Callable[[], datetime]
    charges: list[dict[str, Any]] = field(default_factory=list)
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    user_token: bool = False
    scopes: frozenset[str] | None = None
    gateway: bool = False
    distributed: bool | None = True
    rate_limit: int = 2400
    calls: int = 0
    hour_began: datetime | None = None
    used: int = 0

    @property
    def enterprise(self) -> bool:
        """Return whether the plan has what only the largest one has."""
        return self.plan.startswith("enterprise")

    def count(self) -> dict[str, str]:
        """Count a call in the running hour; return the headers that say so."""
        now = self.clock()
        if self.hour_began is None or now >= self.hour_began + HOUR:
            self.hour_began, self.used = now, 0
        self.used += 1
        return {
            "X-RateLimit-Limit": str(self.rate_limit),
            "X-RateLimit-Remaining": str(max(0, self.rate_limit - self.used)),
            "X-RateLimit-Reset": str(int((self.hour_began + HOUR).timestamp())),
        }


@dataclass(frozen=True)
class Call:
    """A call as handlers see it."""

    world: World
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """Status and JSON body; None for no body."""

    status: int
    body: Any = None


class RefusedError(Exception):
    """A call DNSimple refuses: *bare* answers come without the headers of the rate."""

    def __init__(self, status: int, message: str, *, bare: bool = False, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.bare = bare
        self.body = {"message": message, **more}


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """One line of the table; *scope* is what a scoped token needs."""

    method: str
    path: str
    handler: Handler
    scope: str = ""


def not_found(what: str) -> RefusedError:
    """Return the answer for what is absent, or not to be seen by the token."""
    return RefusedError(404, f"{what} not found", bare=True)


def page(call: Call, items: Iterable[Any]) -> Answer:
    """Answer the asked page of *items*."""
    everything = list(items)
    size = min(max(_integer(call.query.get("per_page"), 30), 1), 100)
    number = max(_integer(call.query.get("page"), 1), 1)
    pagination = {
        "current_page": number,
        "per_page": size,
        "total_entries": len(everything),
        "total_pages": -(-len(everything) // size),
    }
    part = everything[(number - 1) * size : number * size]
    return Answer(200, {"data": part, "pagination": pagination})


async def serve(world: World, route: Route | None, request: web.Request) -> web.Response:
    """Answer one call; no *route* means that there is nothing at the address."""
    payload = await request.read()
    world.calls += 1
    if world.gateway:
        return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
    headers = {"X-Request-Id": f"00000000-0000-4000-8000-{world.calls:012d}"}
    counted = world.count()
    try:
        answer = _answer(world, route, request, payload)
    except InvalidError as invalid:
        answer = Answer(400, {"message": str(invalid), "errors": invalid.errors})
    except RefusedError as refused:
        answer = Answer(refused.status, refused.body)
        counted = {} if refused.bare else counted
    content = None if answer.body is None else json.dumps(answer.body).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"} if content else {}
    return web.Response(status=answer.status, body=content, headers={**headers, **counted, **kind})


def _answer(world: World, route: Route | None, request: web.Request, payload: bytes) -> Answer:
    if world.used > world.rate_limit:
        raise RefusedError(429, "quota exceeded")
    if request.headers.get("Authorization") != f"Bearer {world.token}":
        raise RefusedError(401, "Authentication failed")
    if route is None:
        raise not_found("Page")
    if request.match_info.get("account", str(world.account)) != str(world.account):
        raise not_found(f"Account `{request.match_info['account']}`")
    if request.match_info.get("zone", world.zone.name) != world.zone.name:
        raise not_found(f"Zone `{request.match_info['zone']}`")
    if route.scope and world.scopes is not None and route.scope not in world.scopes:
        raise RefusedError(403, f"Permission Denied. Required Scope: {route.scope}")
    return route.handler(Call(world, request.match_info, request.query, _body(request, payload)))


def _body(request: web.Request, payload: bytes) -> Mapping[str, Any]:
    if not payload:
        return {}
    if request.content_type != "application/json":
        raise RefusedError(415, "Unsupported media type")
    try:
        body = json.loads(payload)
    except ValueError:
        raise RefusedError(400, "Problems parsing JSON") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "Body should be a JSON object")
    return body


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() else default
