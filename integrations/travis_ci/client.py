"""The API version 3 of Travis CI as this project uses it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote

from bot.http import Http, Memo, Network
from integrations.travis_ci.models import (
    Allowance,
    Build,
    Builds,
    Executions,
    Pending,
    Repository,
    Request,
    Requests,
    User,
)
from integrations.travis_ci.settings import TravisSettings

HOURLY = 120_000  # 2,000 a minute for a token
MOST = 25


def connect(settings: TravisSettings, network: Network) -> "TravisClient":
    """Return a client for one repository."""
    token = settings.token.get_secret_value()
    headers = {"Accept": "application/json", "Travis-API-Version": "3", "Authorization": f"token {token}"}
    http = Http(network, "Travis-CI", settings.url, headers=headers, secrets=(token,), hourly=HOURLY)
    return TravisClient(http, settings)


@dataclass
class TravisClient:
    """One repository at Travis CI."""

    _http: Http
    settings: TravisSettings
    memo: Memo = field(default_factory=Memo)

    @property
    def slug(self) -> str:
        """Return the repository with its owner."""
        return f"{self.settings.owner}/{self.settings.repository}"

    def now(self) -> datetime:
        """Return the time."""
        return self._http.network.clock()

    async def me(self) -> str:
        """Return the login whose token it is."""
        return self._http.fit(User, (await self._http.get("/user")).content).login

    async def repository(self) -> Repository | None:
        """Return the repository; None when there is none that our token may see."""
        answer = await self._http.find(self._repo())
        return self._http.fit(Repository, answer.content) if answer else None

    async def builds(self, branch: str) -> list[Build]:
        """Return the last builds of a branch that no pull request asked for, the newest first."""
        asked: dict[str, str | int] = {
            "branch.name": branch,
            "limit": MOST,
            "sort_by": "number:desc",
            "include": "build.commit",
        }
        answer = await self._http.get(self._repo("builds"), asked)
        found = self._http.fit(Builds, answer.content).builds
        return [build for build in found if build.event_type != "pull_request"]

    async def requests(self) -> list[Request]:
        """Return what was asked to be built lately, the newest first."""
        answer = await self._http.get(self._repo("requests"), {"limit": MOST})
        return [*self._http.fit(Requests, answer.content).requests]

    async def request(self, number: str) -> Request | None:
        """Return one request with its builds."""
        answer = await self._http.find(f"{self._repo('request')}/{quote(number, safe='')}")
        return self._http.fit(Request, answer.content) if answer else None

    async def ask(self, branch: str, message: str) -> str:
        """Ask for a build of a branch; return the number of the request, which is not the build's."""
        content = {"request": {"branch": branch, "message": message}}
        try:
            answer = await self._http.write("POST", self._repo("requests"), content)
        finally:
            self.memo.clear()
        return f"{self._http.fit(Pending, answer.content).request.id}"

    async def allowance(self) -> Allowance:
        """Return what the owner's account may build."""
        answer = await self._http.get(f"/owner/{quote(self.settings.owner, safe='')}/allowance")
        return self._http.fit(Allowance, answer.content)

    async def credits(self, since: date, until: date) -> int:
        """Return how many credits the owner's builds used from one day to another."""
        path = f"/owner/{quote(self.settings.owner, safe='')}/executions"
        answer = await self._http.get(path, {"from": f"{since}", "to": f"{until}"})
        found = self._http.fit(Executions, answer.content).executions
        return sum(each.credits_consumed for each in found)

    def _repo(self, *parts: str) -> str:
        return "".join(f"/{each}" for each in ("repo", quote(self.slug, safe=""), *parts))
