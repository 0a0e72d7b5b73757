"""ti.to's Admin API 3.0 as this project uses it: only by GET, since no token exists that can only read.

Whatever is personal is gone once an answer fits its model; no raw answer is kept.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from bot.core.errors import Denied, Rejected
from bot.http import Answer, Http, Memo, Network
from bot.http.shape import Shape
from integrations.tito.models import Event, Hello, Page, Refund, Registration, Release, Ticket
from integrations.tito.settings import TitoSettings

S = TypeVar("S", bound=Shape)
Params = Mapping[str, str | int | Sequence[str]]

VERSION = "3.0"  # pinned in each address, where it wins over what the token's owner chose
PAGE = 100  # bigger pages of the extended view are known to time out
PAGES = 200
HOURLY = 1200  # the vendor publishes no rate
STALE = 55.0  # seconds: it asks nobody to poll more than once a minute; the board shows a change within one
TICKETS = ("complete", "incomplete", "unassigned", "void", "archived")  # two are hidden unless asked for
_SLUG = re.compile(r"[A-Za-z0-9][\w.-]{0,99}")


def connect(settings: TitoSettings, network: Network) -> "TitoClient":
    """Return a client for one account."""
    token = settings.token.get_secret_value()
    http = Http(
        network,
        "ti.to",
        settings.url,
        headers={"Accept": "application/json", "Authorization": f"Token token={token}"},
        secrets=(token,),
        hourly=HOURLY,
        keeps=False,
    )
    return TitoClient(http, settings)


async def _none() -> str | None:
    return None


def following(client: "TitoClient", followed: Callable[[], Awaitable[str | None]]) -> "TitoClient":
    """Return *client* about the event that is *followed*, while one is."""
    return replace(client, followed=followed)


@dataclass
class TitoClient:
    """One account at ti.to. Each method reads; there are no others."""

    _http: Http
    settings: TitoSettings
    memo: Memo = field(default_factory=lambda: Memo(STALE))
    followed: Callable[[], Awaitable[str | None]] = _none

    async def current(self) -> str:
        """Return the slug of the event that figures are of: the one followed, else that of the settings."""
        return await self.followed() or self.settings.event

    def now(self) -> datetime:
        """Return the time."""
        return self._http.network.clock()

    async def hello(self) -> Hello:
        """Return who our token is."""
        answer = await self._http.get("/hello", {"version": VERSION})
        return self._http.fit(Hello, answer.content)

    async def events(self, which: str = "") -> list[Event]:
        """Return the events to come, or those that are ``past`` or ``archived``."""
        return await self._list(_path(self.settings.account, "events", *filter(None, (which,))), Event, {})

    async def event(self, slug: str) -> Event | None:
        """Return one event; None when there is none that our token may see."""
        if not _SLUG.fullmatch(slug):
            return None
        answer = await self._http.find(_path(self.settings.account, slug), {"version": VERSION})
        return None if answer is None else self._http.fit(Event, self._inside(answer, "event"))

    async def releases(self, event: str) -> list[Release]:
        """Return the kinds of tickets of an event, archived ones too.

        They are asked for apart: whether the word adds them or asks for them alone is not documented.
        """
        path = _path(self.settings.account, event, "releases")
        found = await self._list(path, Release, {"view": "extended"})
        hidden = await self._list(path, Release, {"view": "extended", "search[states][]": ["archived"]})
        return list({release.id: release for release in (*hidden, *found)}.values())

    async def tickets(self, event: str, since: str = "") -> list[Ticket]:
        """Return the tickets of an event, void and archived ones too; or those that changed *since*."""
        wanted: Params = {"search[states][]": TICKETS}
        changed: Params = {"search[updated_at][gte]": since} if since else {}
        return await self._list(_path(self.settings.account, event, "tickets"), Ticket, {**wanted, **changed})

    async def registrations(self, event: str) -> list[Registration]:
        """Return the orders of an event that are not cancelled."""
        return await self._list(_path(self.settings.account, event, "registrations"), Registration, {})

    async def refunds(self, event: str, registration: str) -> list[Refund]:
        """Return what was given back of one order."""
        path = _path(self.settings.account, event, "registrations", registration, "refunds")
        return await self._list(path, Refund, {})

    async def _list(self, path: str, model: type[S], params: Params) -> list[S]:
        """Return the items of a list, which stand under the last word of its path; each once."""
        name, found, page = path.rpartition("/")[2], list[S](), 1
        name = "events" if name in {"past", "archived"} else name
        for _ in range(PAGES):
            asked = {"version": VERSION, "page[size]": PAGE, "page[number]": page, **params}
            answer = await self._http.get(path, asked)
            items = self._inside(answer, name)
            shown = self._http.fit(Page, {"meta": answer.content.get("meta") or {}, "items": items})
            found += [self._http.fit(model, item) for item in shown.items]
            if shown.meta.next_page is None or shown.meta.next_page <= page:
                return found
            page = shown.meta.next_page
        raise Rejected("ti.to", "ti.to's list has no end.", "Try again; tell the maintainer if it stays so.")

    def _inside(self, answer: Answer, name: str) -> Any:
        """Return the part of an answer that stands under *name*; Malformed when there is none."""
        content = answer.content if isinstance(answer.content, dict) else {}
        return self._http.fit(Inside, {"part": content.get(name)}).part

    async def ready(self) -> None:
        """Refuse to go on with a token of the other mode: it would show other tickets."""
        hello = await self.memo("hello", self.hello)
        if hello.lookup_mode and hello.lookup_mode != self.settings.mode:
            raise Denied(
                "ti.to",
                f"Our token is for ti.to's {hello.lookup_mode} mode, but `integrations.tito.mode` says "
                f"{self.settings.mode}. Nothing was read.",
                "The maintainer makes a token for the right mode at id.tito.io; `infra check` proves it.",
            )


class Inside(Shape):
    """What must be there."""

    part: dict[str, Any] | list[Any]


def _path(*parts: str) -> str:
    """Return the path of *parts*, all of them slugs."""
    return "".join(f"/{part}" for part in parts)
