"""DNSimple's API, version 2, as this project uses it: one account, one zone."""

import re
from asyncio import gather
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from bot.core.errors import Rejected, Unavailable
from bot.http import Answer, Http, Lack, Memo, Network
from bot.http.shape import Shape
from integrations.dnsimple.models import (
    Account,
    Charge,
    Distribution,
    Identity,
    One,
    Page,
    Webhook,
    Zone,
    ZoneRecord,
)
from integrations.dnsimple.outside import Outside
from integrations.dnsimple.settings import DnsimpleSettings

S = TypeVar("S", bound=Shape)

HOURLY = 2400
PER_PAGE = 100
PAGES = 50
CERTIFICATES = 6 * 3600.0  # seconds for which those of our sites are good
_SCOPE = re.compile(r"Required Scope: ([\w:*-]+)")


def lack(answer: Answer) -> Lack | None:
    """Return the scope that a 403 says our token lacks."""
    found = _SCOPE.search(answer.reason) if answer.status == 403 else None
    return Lack(f"the scope `{found[1]}`") if found else None


def connect(settings: DnsimpleSettings, network: Network) -> "DnsimpleClient":
    """Return a client for one zone; DNSimple asks for no pause between writes."""
    token = settings.token.get_secret_value()
    http = Http(
        network,
        "DNSimple",
        settings.url,
        headers={"Accept": "application/json", "Authorization": f"Bearer {token}"},
        secrets=(token, settings.hook),
        hourly=HOURLY,
        spacing=0.0,
        lack=lack,
    )
    return DnsimpleClient(http, settings, Outside(settings, network.session))


@dataclass(frozen=True)
class Edit:
    """One record that is added (*content*: name, type, content, ttl, priority), changed or removed (*id*).

    *part* is where it stands in a batch.
    """

    part: Literal["creates", "updates", "deletes"]
    content: Mapping[str, Any]


@dataclass
class DnsimpleClient:
    """One zone at DNSimple. Each method that changes something is one call.

    *batches* is whether the account's plan has them, as far as we know.
    """

    http: Http
    settings: DnsimpleSettings
    outside: Outside
    memo: Memo = field(default_factory=Memo)
    seldom: Memo = field(default_factory=lambda: Memo(CERTIFICATES))
    batches: bool = field(init=False)

    def __post_init__(self) -> None:
        """Believe the settings until DNSimple says otherwise."""
        self.batches = self.settings.batches

    @property
    def zone_name(self) -> str:
        """Return the zone's name."""
        return self.settings.zone

    def _path(self, *parts: str) -> str:
        return "/".join(("", self.settings.account, *parts))

    def _zone(self, *parts: str) -> str:
        return self._path("zones", self.zone_name, *parts)

    async def _list(self, path: str, model: type[S], **params: str) -> list[S]:
        """Return all items of a list: the first page says how many there are, which are read at once."""

        async def page(number: int) -> Page:
            answer = await self.http.get(path, {"per_page": PER_PAGE, "page": number, **params})
            return self.http.fit(Page, answer.content)

        first = await page(1)
        numbers = range(2, min(first.pagination.total_pages, PAGES) + 1)
        rest = await gather(*map(page, numbers))
        return [self.http.fit(model, item) for each in (first, *rest) for item in each.data]

    # the account

    async def account(self) -> Account:
        """Return the account of our token; Rejected when it is a user's token, which has none."""
        answer = await self.http.get("/whoami")
        account = self.http.fit(One[Identity], answer.content).data.account
        if account is None:
            raise Rejected(
                "DNSimple",
                "The token for DNSimple is a user's, which reaches every account of theirs.",
                "Make an account's token: Account, Automation.",
            )
        return account

    async def email(self) -> str | None:
        """Return whose account our token was made in."""
        return (await self.account()).email or None

    async def charges(self) -> list[Charge]:
        """Return the invoices of the last year."""
        return await self._list(self._path("billing", "charges"), Charge, sort="invoiced:asc")

    async def webhooks(self) -> list[Webhook]:
        """Return where DNSimple tells what happens."""
        answer = await self.http.get(self._path("webhooks"))
        return list(self.http.fit(One[tuple[Webhook, ...]], answer.content).data)

    async def zones(self) -> list[Zone]:
        """Return the zones that our token sees."""
        return await self._list(self._path("zones"), Zone, sort="name:asc")

    # the zone

    async def zone(self) -> Zone | None:
        """Return the zone; None when there is none that our token sees."""
        answer = await self.http.find(self._zone())
        return self.http.fit(One[Zone], answer.content).data if answer else None

    async def distributed(self) -> bool | None:
        """Return whether all name servers have the newest zone; None when that could not be found out."""
        try:
            answer = await self.http.get(self._zone("distribution"))
        except Unavailable:
            return None
        return self.http.fit(One[Distribution], answer.content).data.distributed

    async def records(self, name: str | None = None, kind: str = "") -> list[ZoneRecord]:
        """Return the records, those of a relative *name* and *kind* alone if given.

        What hangs on another record is left out. That an empty name asks for the
        apex is not documented, so the filter is by type then; it is looked at again here.
        """
        wanted = {"sort": "id:asc"} | ({"name": name} if name else {}) | ({"type": kind} if kind else {})
        found = await self._list(self._zone("records"), ZoneRecord, **wanted)
        return [
            each
            for each in {each.id: each for each in found}.values()
            if each.parent_id is None and name in {None, each.name} and kind in {"", each.type}
        ]

    async def edit(self, edit: Edit) -> None:
        """Add, change or remove a record."""
        path = self._zone("records")
        content = {key: value for key, value in edit.content.items() if key != "id"}
        match edit.part:
            case "creates":
                await self._write("POST", path, content)
            case "updates":
                await self._write("PATCH", f"{path}/{edit.content['id']}", content)
            case "deletes":
                await self._write("DELETE", f"{path}/{edit.content['id']}")

    async def batch(self, edits: Iterable[Edit]) -> bool:
        """Make all *edits* or none in one call; False when the account's plan has no batches.

        Which plan has them is told by 412 alone.
        """
        if not self.batches:
            return False
        content: dict[str, list[Any]] = {}
        for edit in edits:
            content.setdefault(edit.part, []).append(edit.content)
        answer = await self._write("POST", self._zone("batch"), content, allowed={412})
        self.batches = answer.status != 412
        return self.batches

    async def _write(
        self,
        method: str,
        path: str,
        content: Mapping[str, Any] | None = None,
        *,
        allowed: Container[int] = (),
    ) -> Answer:
        try:
            return await self.http.write(method, path, content, allowed=allowed)
        finally:
            self.memo.clear()
