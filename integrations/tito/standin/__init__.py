"""A stand-in ti.to: one account over the Admin API 3.0, written from the vendor's documentation."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from aiohttp import web

from . import lists, shapes
from .hooks import Delivery, Hooks
from .lists import Asked, RefusedError
from .pane import pane
from .seed import build
from .shapes import Json
from .world import Event, Order, World

__all__ = ["Delivery", "Hooks", "StandIn", "World"]

VERSIONS = ("", "3.0", "3.0.0")
SLOW = 250  # from here on a page of an extended list takes longer than the gateway waits


class StandIn:
    """ti.to's API at its root path; ``world`` holds the state, ``hooks`` tell an address what is sold."""

    world: World

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        self.hooks = Hooks(lambda: self.world)
        self.app.cleanup_ctx.append(self.hooks.running)
        for path, answer in ROUTES.items():
            self._add("GET", path, answer)
        self._add("*", "/{path:.*}", _nothing)
        self.reset()

    def _add(self, method: str, path: str, answer: "Handler") -> None:
        async def handler(request: web.Request) -> web.Response:
            try:
                asked = Asked([*request.query.items()])
                _admit(self.world, request, asked)
                return web.json_response(answer(self.world, asked, request.match_info))
            except RefusedError as refused:
                if refused.status == 504:
                    return web.Response(
                        status=504, text="<h1>504 Gateway Time-out</h1>", content_type="text/html"
                    )
                return web.json_response(refused.body, status=refused.status)

        self.app.router.add_route(method, path, handler)

    def reset(self) -> None:
        """Go back to the seed."""
        self.world = build(deepcopy(self._seed), self._clock)

    def pane(self) -> dict[str, Any]:
        """Return what is sold by now, for people."""
        return pane(self.world)

    def sell(self, event: str, release: str, number: int = 1) -> Order:
        """Sell some tickets of one release now, in one order."""
        order = self.world.sell(event, release, number)
        self.hooks.ordered(_event(self.world, event), order)
        return order

    def refund(self, event: str, order: Order) -> None:
        """Give an order's money back now; its tickets become void."""
        self.world.refund(order)
        self.hooks.voided(_event(self.world, event), order)


Handler = Callable[[World, Asked, Mapping[str, str]], Any]


def _admit(world: World, request: web.Request, asked: Asked) -> None:
    given = request.headers.get("Authorization", "")
    if given != f"Token token={world.token}":
        word = "missing" if not given else "invalid"
        hint = "You can retrieve your API token at https://id.tito.io."
        raise RefusedError(401, {"status": 401, "message": f"The API token is {word}.", "hint": hint})
    if world.forbidden or request.method != "GET":
        detail = f"You are not authorized to access {request.path.rpartition('/')[2]}"
        raise RefusedError(403, {"errors": {"status": 403, "title": "Forbidden", "detail": detail}})
    if asked.one("version") not in VERSIONS:
        raise lists.invalid("version", "is not spoken here")
    if asked.extended and asked.page[1] > SLOW:
        raise RefusedError(504, {})


def _lost(world: World) -> RefusedError:
    body = {"status": 404, "message": "Resource not found", "lookup_mode": world.mode}
    other = {"hint": "Record not found", "access_token": f"*{world.token[-4:]}"}
    return RefusedError(404, body | other)


def _nothing(world: World, _asked: Asked, _named: Mapping[str, str]) -> Json:
    raise _lost(world)


def _event(world: World, slug: str) -> Event:
    found = world.event(slug)
    if found is None:
        raise _lost(world)
    return found


def _named(world: World, named: Mapping[str, str]) -> Event:
    """Return the event of an address."""
    if named["account"] != world.account:
        raise _lost(world)
    return _event(world, named["event"])


def _hello(world: World, _asked: Asked, _named: Mapping[str, str]) -> Json:
    who = {"authenticated": True, "access_token": f"*{world.token[-4:]}", "lookup_mode": world.mode}
    return who | {"accounts": [world.account]}


def _events(which: str) -> Handler:
    def answer(world: World, asked: Asked, named: Mapping[str, str]) -> Any:
        if named["account"] != world.account:
            raise _lost(world)
        return lists.paged(
            "events", lists.events(world, which), asked, lambda each: shapes.event(world, each)
        )

    return answer


def _show_event(world: World, _asked: Asked, named: Mapping[str, str]) -> Json:
    return {"event": shapes.event(world, _named(world, named), extended=True)}


def _releases(world: World, asked: Asked, named: Mapping[str, str]) -> Any:
    event = _named(world, named)
    shown = lists.releases(event, asked)
    hidden = 0 if "archived" in asked.states else sum(release.archived for release in event.releases)

    def draw(each: Any) -> Json:
        return shapes.release(world, event, each, extended=asked.extended)

    return lists.paged("releases", shown, asked, draw, hidden)


def _tickets(world: World, asked: Asked, named: Mapping[str, str]) -> Any:
    event = _named(world, named)
    shown, every = lists.tickets(world, event, asked), sum(1 for _ in world.tickets(event))
    return lists.paged("tickets", shown, asked, lambda t: shapes.ticket(world, t), every - len(shown))


def _registrations(world: World, asked: Asked, named: Mapping[str, str]) -> Any:
    shown = lists.registrations(world, _named(world, named), asked)
    return lists.paged("registrations", shown, asked, lambda order: shapes.registration(world, order))


def _refunds(world: World, asked: Asked, named: Mapping[str, str]) -> Any:
    orders = {order.slug: order for order in world.orders(_named(world, named))}
    order = orders.get(named["registration"])
    if order is None:
        raise _lost(world)
    given = [(n, at, amount) for n, (at, amount) in enumerate(order.refunds, 1) if at <= world.clock()]
    return lists.paged("refunds", given, asked, lambda each: shapes.refund(world, order, *each))


ROUTES: dict[str, Handler] = {
    "/hello": _hello,
    "/{account}/events": _events(""),
    "/{account}/events/past": _events("past"),
    "/{account}/events/archived": _events("archived"),
    "/{account}/{event}": _show_event,
    "/{account}/{event}/releases": _releases,
    "/{account}/{event}/tickets": _tickets,
    "/{account}/{event}/registrations": _registrations,
    "/{account}/{event}/registrations/{registration}/refunds": _refunds,
}
