"""A stand-in for IANA's list of RDAP servers and the registry of one domain, from RFC 9224 and 9083.

Like the registry of .org it moves the end of a registration on by a year when it is reached, paid or not, and
says "auto renew period" for 45 days.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from aiohttp import web

GRACE = timedelta(days=45)
RDAP = "application/rdap+json"


class StandIn:
    """Both, at one address.

    Attributes can be changed: *ends*, *statuses*, *nameservers*, *registrar*, *signed*, and *registered*.
    """

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        self.app.add_routes(
            [
                web.get("/rdap/dns.json", self._list),
                web.get("/registry/domain/{name}", self._domain),
                web.get("/{path:.*}", _nothing),
            ]
        )
        self.reset()

    def reset(self) -> None:
        """Go back to the seed."""
        seed = self._seed
        self.domain: str = seed["domain"]
        self.registrar: str = seed["registrar"]
        self.ends: date | None = date.fromisoformat(str(seed["ends"]))
        self.statuses: list[str] = list(seed["statuses"])
        self.nameservers: list[str] = list(seed["nameservers"])
        self.signed: bool | None = bool(seed.get("signed"))
        self.registered = True

    def pane(self) -> dict[str, Any]:
        """Return what the registry says, for people."""
        rows = [
            ["registrar", self.registrar],
            ["ends", f"{self._end() or 'not said'}"],
            ["status", ", ".join(self._statuses())],
            ["name servers", ", ".join(self.nameservers)],
        ]
        section = {"title": self.domain, "columns": ["What", "Is"], "rows": rows}
        return {"title": "123-reg", "sections": [section]}

    def _end(self) -> date | None:
        """Return the end: when it is reached it moves on by a year."""
        if self.ends is None:
            return None
        end, today = self.ends, self._clock().date()
        while end < today:
            end = end.replace(year=end.year + 1)
        return end

    def _statuses(self) -> list[str]:
        today = self._clock().date()
        passed = self.ends is not None and self.ends < today <= self.ends + GRACE
        return [*self.statuses, *(["auto renew period"] if passed else [])]

    async def _list(self, request: web.Request) -> web.Response:
        here = f"{request.scheme}://{request.host}/registry/"
        services = [[["com"], ["https://rdap.example.com/"]], [["org", "ngo"], [here]], [["uk"], [here]]]
        return web.json_response(
            {
                "description": "RDAP bootstrap file for Domain Name System registrations",
                "publication": f"{self._clock():%Y-%m-%dT%H:%M:%SZ}",
                "services": services,
                "version": "1.0",
            }
        )

    async def _domain(self, request: web.Request) -> web.Response:
        if request.match_info["name"] != self.domain or not self.registered:
            return await _nothing(request)
        end = self._end()
        ends = [{"eventAction": "expiration", "eventDate": _moment(end)}] if end else []
        signed = {} if self.signed is None else {"secureDNS": {"delegationSigned": self.signed}}
        card = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", self.registrar]]]
        content = {
            "objectClassName": "domain",
            "handle": "D0000000000-LROR",
            "ldhName": self.domain.upper(),
            "status": self._statuses(),
            "events": [
                {"eventAction": "registration", "eventDate": "2007-06-01T09:00:00.0Z"},
                *ends,
                {"eventAction": "last update of RDAP database", "eventDate": self._clock().isoformat()},
            ],
            "nameservers": [
                {"objectClassName": "nameserver", "ldhName": f"{name.upper()}."} for name in self.nameservers
            ],
            "entities": [{"objectClassName": "entity", "roles": ["registrar"], "vcardArray": card}],
            "rdapConformance": ["rdap_level_0", "icann_rdap_response_profile_1"],
            **signed,
        }
        return web.json_response(content, content_type=RDAP)


def _moment(day: date) -> str:
    return f"{datetime.combine(day, time(9), tzinfo=UTC):%Y-%m-%dT%H:%M:%S}.0Z"


async def _nothing(_request: web.Request) -> web.Response:
    return web.Response(status=404)
