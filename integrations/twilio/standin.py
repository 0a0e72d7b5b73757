"""A stand-in Twilio: one account over the REST API of 2010-04-01, written from the vendor's documentation.

Whatever is personal or secret in an answer carries the word "canary", so that a leak is found.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from aiohttp import web

Json = dict[str, Any]
DOCS = "https://www.twilio.com/docs/errors"
WORDS = {20003: "Authenticate", 20404: "The requested resource was not found"}
RIGHTS = ("account", "balance", "usage", "messages")


class RefusedError(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"code": code, "message": WORDS[code], "more_info": f"{DOCS}/{code}", "status": status}


class StandIn:
    """Twilio's API at its root path.

    The seed says what was ``spent`` on which day, ``rent`` of each month, the ``messages`` and the ``rights``
    of the key. Attributes can be changed: *balance*, *status*, *rights*, *messages*.
    """

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        account = "/2010-04-01/Accounts/{account}"
        self._add(f"{account}.json", "account", self._account)
        self._add(f"{account}/Balance.json", "balance", self._balance)
        self._add(f"{account}/Usage/Records/{{span}}.json", "usage", self._usage)
        self._add(f"{account}/Messages.json", "messages", self._messages)
        self._add("/{path:.*}", "", self._nothing)
        self.reset()

    def _add(self, path: str, right: str, answer: Callable[[web.Request], Json]) -> None:
        async def handler(request: web.Request) -> web.Response:
            try:
                self._admit(request, right)
                return web.json_response(answer(request))
            except RefusedError as refused:
                return web.json_response(refused.body, status=refused.status)

        self.app.router.add_route("*", path, handler)

    def reset(self) -> None:
        """Go back to the seed."""
        seed = deepcopy(self._seed)
        self.sid: str = seed["account"]
        self.key: str = seed.get("key", self.sid)
        self.secret: str = seed["secret"]
        self.status: str = seed.get("status", "active")
        self.currency: str = seed.get("currency", "USD")
        self.balance: str | None = seed.get("balance")
        self.rights: list[str] = list(seed.get("rights", RIGHTS))
        self.rent = Decimal(str(seed.get("rent", 0)))
        self.spent = {
            date.fromisoformat(f"{day}"): Decimal(str(cost)) for day, cost in seed.get("spent", {}).items()
        }
        self.messages: list[Json] = seed.get("messages", [])

    def pane(self) -> dict[str, Any]:
        """Return what the account holds, for people."""
        month = self._cost(self._today().replace(day=1), self._today())
        left = "none" if self.balance is None else f"{self.balance} {self.currency}"
        rows = [["Balance", left], ["Used this month", f"{month} {self.currency}"], ["Account", self.status]]
        sent = [[f"{each['sent']}", each["status"], each.get("error") or ""] for each in self._sent()]
        return {
            "title": "Twilio",
            "sections": [
                {"title": "Account", "columns": ["What", "Now"], "rows": rows},
                {"title": "Messages", "columns": ["Sent", "Status", "Error"], "rows": sent},
            ],
        }

    def _today(self) -> date:
        return self._clock().astimezone(UTC).date()

    def _admit(self, request: web.Request, right: str) -> None:
        due = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {due}" or (right and right not in self.rights):
            raise RefusedError(401, 20003)
        if request.method != "GET" or request.match_info.get("account", self.sid) != self.sid:
            raise RefusedError(404, 20404)

    def _nothing(self, _request: web.Request) -> Json:
        raise RefusedError(404, 20404)

    def _account(self, _request: web.Request) -> Json:
        return {
            "sid": self.sid,
            "owner_account_sid": self.sid,
            "auth_token": "canary-auth-token",
            "friendly_name": "PyCon UK",
            "status": self.status,
            "type": "Full",
            "date_created": "Thu, 30 Jul 2015 20:00:00 +0000",
            "date_updated": "Thu, 30 Jul 2015 20:00:00 +0000",
            "uri": f"/2010-04-01/Accounts/{self.sid}.json",
        }

    def _balance(self, _request: web.Request) -> Json:
        if self.balance is None:
            raise RefusedError(404, 20404)
        return {"account_sid": self.sid, "balance": f"{self.balance}", "currency": self.currency}

    def _usage(self, request: web.Request) -> Json:
        span, today = request.match_info["span"], self._today()
        since = date.fromisoformat(request.query.get("StartDate", f"{today.replace(day=1)}"))
        if span == "ThisMonth":
            spans = [(today.replace(day=1), today)]
        elif span == "Daily":
            spans = [(day, day) for day in _days(since, today)]
        elif span == "Monthly":
            spans = list(_months(since, today))
        else:
            raise RefusedError(404, 20404)
        return self._paged("usage_records", [self._record(request, *each) for each in spans], request)

    def _record(self, request: web.Request, start: date, end: date) -> Json:
        return {
            "account_sid": self.sid,
            "api_version": "2010-04-01",
            "as_of": f"{self._clock().astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}",
            "category": request.query.get("Category", "totalprice"),
            "count": "0",
            "count_unit": "",
            "description": "Total Price",
            "price": f"{self._cost(start, end)}",
            "price_unit": self.currency.lower(),
            "start_date": f"{start}",
            "end_date": f"{end}",
            "usage": "0",
            "usage_unit": "usd",
        }

    def _cost(self, start: date, end: date) -> Decimal:
        """Return what was used between two days, the numbers' rent on the first of a month."""
        rents = sum(day.day == 1 for day in _days(start, end))
        return sum((cost for day, cost in self.spent.items() if start <= day <= end), self.rent * rents)

    def _sent(self) -> list[Json]:
        return [each for each in self.messages if _moment(each["sent"]) <= self._clock()]

    def _messages(self, request: web.Request) -> Json:
        since = date.fromisoformat(request.query.get("DateSent>", "2000-01-01"))
        found = [each for each in self._sent() if _moment(each["sent"]).date() >= since]
        return self._paged(
            "messages", [self._message(number, each) for number, each in enumerate(found)], request
        )

    def _message(self, number: int, each: Json) -> Json:
        at = format_datetime(_moment(each["sent"]))
        return {
            "account_sid": self.sid,
            "sid": f"SM{number:032x}",
            "body": "canary words",
            "from": "+441632960000 canary",
            "to": "+447700900000 canary",
            "date_created": at,
            "date_sent": at,
            "date_updated": at,
            "direction": each.get("direction", "outbound-api"),
            "status": each["status"],
            "error_code": each.get("error"),
            "error_message": None,
            "num_segments": "1",
            "price": None,
            "price_unit": self.currency,
        }

    def _paged(self, name: str, items: list[Json], request: web.Request) -> Json:
        size, page = int(request.query.get("PageSize", 50)), int(request.query.get("Page", 0))
        size = min(size, 1000)
        shown, more = items[page * size : (page + 1) * size], len(items) > (page + 1) * size
        following = request.rel_url.update_query({"Page": f"{page + 1}", "PageToken": f"PA{name}{page + 1}"})
        return {
            name: shown,
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": max(page * size + len(shown) - 1, 0),
            "uri": f"{request.rel_url}",
            "first_page_uri": f"{request.rel_url.update_query({'Page': '0'})}",
            "next_page_uri": f"{following}" if more else None,
            "previous_page_uri": None,
        }


def _moment(said: datetime | str) -> datetime:
    at = said if isinstance(said, datetime) else datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _days(start: date, end: date) -> Iterator[date]:
    for number in range((end - start).days + 1):
        yield start + timedelta(days=number)


def _months(since: date, today: date) -> Iterator[tuple[date, date]]:
    """Yield each month from the one of *since* to this one, first day and last, this month's until today."""
    first = since.replace(day=1)
    while first <= today:
        following = (first + timedelta(days=31)).replace(day=1)
        yield first, min(following - timedelta(days=1), today)
        first = following
