"""The issues of one project, by the API that Sentry has and GlitchTip has taken over; only by GET."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.errors import Rejected
from bot.http import Answer, Http, Lack, Memo, Network
from integrations.error_tracking.models import Issue
from integrations.error_tracking.settings import TrackingSettings

HOURLY = 1200  # neither publishes a rate
STALE = 20.0  # seconds
PER_PAGE = 100
PAGES = 5
_NEXT = re.compile(r'rel="next"[^,]*results="true"[^,]*cursor="([\w:.-]+)"')


def connect(settings: TrackingSettings, network: Network) -> "TrackingClient":
    """Return a client for one project."""
    token = settings.token.get_secret_value()
    http = Http(
        network,
        settings.kind,
        settings.url,
        headers={"Accept": "application/json", "Authorization": f"Bearer {token}"},
        secrets=(token,),
        hourly=HOURLY,
        keeps=False,
        lack=_lack,
    )
    return TrackingClient(http, settings)


def _lack(answer: Answer) -> Lack | None:
    """Return the only scope that we need."""
    return Lack("the scope `event:read`") if answer.status == 403 else None


@dataclass
class TrackingClient:
    """One project."""

    _http: Http
    settings: TrackingSettings
    memo: Memo = field(default_factory=lambda: Memo(STALE))

    def now(self) -> datetime:
        """Return the time."""
        return self._http.network.clock()

    async def issues(self) -> tuple[list[Issue], bool]:
        """Return the unresolved issues, and whether those are all; Rejected when there is no such project.

        There is a next page by its link always: ``results`` says whether something is on it.
        """
        path = f"/api/0/projects/{self.settings.org}/{self.settings.project}/issues/"
        asked: dict[str, str | int] = {"query": "is:unresolved", "limit": PER_PAGE}
        found: list[Issue] = []
        for _ in range(PAGES):
            answer = await self._http.find(path, asked)
            if answer is None:
                raise self._nowhere()
            content = answer.content if isinstance(answer.content, list) else [answer.content]
            found += [self._http.fit(Issue, each) for each in content]
            more = _NEXT.search(answer.headers.get("Link", ""))
            if more is None:
                return found, True
            asked["cursor"] = more[1]
        return found, False

    def _nowhere(self) -> Rejected:
        kind, settings = self.settings.kind, self.settings
        return Rejected(
            kind,
            f"{kind} shows our token no project {settings.org}/{settings.project}.",
            "Set `integrations.error_tracking.org` and `project` as the addresses there spell them.",
        )
