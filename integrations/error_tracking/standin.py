"""A stand-in Sentry (and GlitchTip): the issues of one project, written from what they document."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from aiohttp import web


class StandIn:
    """The API at its root path, below /api/0. Attributes can be changed: *issues*, *scopes*, *token*."""

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        self.app.add_routes(
            [
                web.get("/api/0/projects/{org}/{project}/issues/", self._issues),
                web.route("*", "/{path:.*}", _nothing),
            ]
        )
        self.reset()

    def reset(self) -> None:
        """Go back to the seed."""
        self.token: str = self._seed["token"]
        self.scopes = ["event:read"]
        self.issues: list[dict[str, Any]] = []
        for each in self._seed["issues"]:
            self.breaks(each["title"], each["count"], datetime.fromisoformat(str(each["since"])))

    def breaks(self, title: str, count: int, since: datetime | None = None) -> None:
        """Let an error be seen for the first time, by default now."""
        number = len(self.issues) + 1
        first, last = (since or self._clock()).astimezone(UTC), self._clock().astimezone(UTC)
        self.issues.append(
            {
                "id": f"{number}",
                "shortId": f"{self._seed['project'].upper()}-{number}",
                "title": title,
                "culprit": "",
                "level": "error",
                "status": "unresolved",
                "count": f"{count}",
                "userCount": 1,
                "firstSeen": f"{first:%Y-%m-%dT%H:%M:%SZ}",
                "lastSeen": f"{last:%Y-%m-%dT%H:%M:%SZ}",
                "permalink": f"https://example.sentry.io/issues/{number}/",
                "project": {"id": "2", "slug": self._seed["project"]},
            }
        )

    def pane(self) -> dict[str, Any]:
        """Return the unresolved issues, for people."""
        rows = [[each["shortId"], each["title"], each["count"], each["firstSeen"]] for each in self.issues]
        columns = ["Issue", "What", "Times", "Since"]
        section = {"title": self._seed["project"], "columns": columns, "rows": rows}
        return {"title": "Sentry", "sections": [section]}

    async def _issues(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _said(401, "Invalid token")
        if "event:read" not in self.scopes:
            return _said(403, "You do not have permission to perform this action.")
        if (request.match_info["org"], request.match_info["project"]) != (
            self._seed["org"],
            self._seed["project"],
        ):
            return _said(404, "The requested resource does not exist")
        limit = min(int(request.query.get("limit", 100)), 100)
        start = int(request.query.get("cursor", "0:0:0").split(":")[1])
        there = "true" if len(self.issues) > start + limit else "false"
        url = request.url.with_query(None)
        links = (
            f'<{url}?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", '
            f'<{url}?cursor=0:{start + limit}:0>; rel="next"; results="{there}"; cursor="0:{start + limit}:0"'
        )
        return web.json_response(self.issues[start : start + limit], headers={"Link": links})


def _said(status: int, detail: str) -> web.Response:
    return web.json_response({"detail": detail}, status=status)


async def _nothing(_request: web.Request) -> web.Response:
    return _said(404, "The requested resource does not exist")
