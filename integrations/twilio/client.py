"""Twilio's REST API of 2010-04-01 as this project uses it: only by GET, since nothing is sent from here.

No raw answer is kept: the account's own holds its Auth Token.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from bot.core.errors import Rejected
from bot.http import Http, Memo, Network
from bot.http.shape import Shape
from integrations.twilio.models import Account, Balance, Message, Page, Usage
from integrations.twilio.settings import TwilioSettings

S = TypeVar("S", bound=Shape)

VERSION = "/2010-04-01"
TOTAL = "totalprice"  # the category of the bill: the others lie within each other and must not be added
PAGE = 1000
PAGES = 20
HOURLY = 1200  # the vendor publishes no rate
STALE = 55.0  # seconds: the board, which looks each half minute, shows a change within one


def connect(settings: TwilioSettings, network: Network) -> "TwilioClient":
    """Return a client for one account."""
    secret = settings.secret.get_secret_value()
    given = b64encode(f"{settings.key or settings.account}:{secret}".encode()).decode()
    signs = settings.auth_token.get_secret_value() if settings.auth_token else ""
    http = Http(
        network,
        "Twilio",
        settings.url,
        headers={"Accept": "application/json", "Authorization": f"Basic {given}"},
        secrets=(secret, given, signs),
        hourly=HOURLY,
        keeps=False,
    )
    return TwilioClient(http, settings)


@dataclass
class TwilioClient:
    """One account at Twilio. Each method reads; there are no others."""

    _http: Http
    settings: TwilioSettings
    memo: Memo = field(default_factory=lambda: Memo(STALE))

    def now(self) -> datetime:
        """Return the time."""
        return self._http.network.clock()

    async def account(self) -> Account:
        """Return the account."""
        answer = await self._http.get(self._path(".json"))
        return self._http.fit(Account, answer.content)

    async def balance(self) -> Balance | None:
        """Return the money that is left; None where there is none, as for a sub-account."""
        answer = await self._http.find(self._path("/Balance.json"))
        return None if answer is None else self._http.fit(Balance, answer.content)

    async def usage(self, span: str, since: date | None = None) -> list[Usage]:
        """Return the bill ``ThisMonth``, or of each ``Daily`` or ``Monthly`` *span* since a day."""
        asked = {"Category": TOTAL, **({"StartDate": f"{since}"} if since else {})}
        return await self._list(f"/Usage/Records/{span}.json", "usage_records", Usage, asked)

    async def messages(self, since: date) -> list[Message]:
        """Return the messages of a day and later."""
        return await self._list("/Messages.json", "messages", Message, {"DateSent>": f"{since}"})

    async def _list(self, path: str, name: str, model: type[S], asked: Mapping[str, str]) -> list[S]:
        """Return the items of a list, which stand under *name*, following each page to the next."""
        found = list[S]()
        answer = await self._http.get(self._path(path), {**asked, "PageSize": PAGE})
        for _ in range(PAGES):
            content: Any = answer.content if isinstance(answer.content, dict) else {}
            page = self._http.fit(Page, {**content, "items": content.get(name)})
            found += [self._http.fit(model, item) for item in page.items]
            if page.next_page_uri is None:
                return found
            answer = await self._http.get(page.next_page_uri)
        raise Rejected(
            "Twilio", "Twilio's list has no end.", "Try again; tell the maintainer if it stays so."
        )

    def _path(self, rest: str) -> str:
        return f"{VERSION}/Accounts/{self.settings.account}{rest}"
