"""The API v3 of Read the Docs as this project uses it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.core.errors import Rejected
from bot.http import Http, Memo, Network
from bot.http.shape import Shape
from integrations.readthedocs.models import Build, Notification, Page, Project, Triggered, Version
from integrations.readthedocs.settings import ReadTheDocsSettings

S = TypeVar("S", bound=Shape)

HOURLY = 3600  # 60 a minute with a token
VERSIONS = 100
BUILDS = 30  # more than the 25 after whose failure a project is disabled


def connect(settings: ReadTheDocsSettings, network: Network) -> "ReadTheDocsClient":
    """Return a client for one project."""
    token = settings.token.get_secret_value()
    headers = {"Accept": "application/json", "Authorization": f"Token {token}"}
    http = Http(network, "Read the Docs", settings.url, headers=headers, secrets=(token,), hourly=HOURLY)
    return ReadTheDocsClient(http, settings)


@dataclass
class ReadTheDocsClient:
    """Our project at Read the Docs."""

    _http: Http
    settings: ReadTheDocsSettings
    memo: Memo = field(default_factory=Memo)

    def now(self) -> datetime:
        """Return the time."""
        return self._http.network.clock()

    async def mine(self) -> list[str]:
        """Return the slugs of the projects that our token's account maintains."""
        return [project.slug for project in await self._list("/projects/", Project, limit=100)]

    async def project(self) -> Project | None:
        """Return our project; None when there is none that our token may see."""
        answer = await self._http.find(self._path())
        return self._http.fit(Project, answer.content) if answer else None

    async def versions(self) -> list[Version]:
        """Return the versions that are built."""
        return await self._list(self._path("versions"), Version, active="true", limit=VERSIONS)

    async def builds(self) -> list[Build]:
        """Return the last builds, the newest first."""
        return await self._list(self._path("builds"), Build, limit=BUILDS)

    async def build(self, number: str) -> Build | None:
        """Return one build."""
        answer = await self._http.find(self._path("builds", number))
        return self._http.fit(Build, answer.content) if answer else None

    async def why(self, number: int) -> str:
        """Return what Read the Docs notes of a build; nothing when it notes nothing."""
        found = await self._list(self._path("builds", f"{number}", "notifications"), Notification)
        return "; ".join(dict.fromkeys(each.message.header for each in found if each.message.header))

    async def trigger(self, version: str) -> str:
        """Build a version now; return the number of the build."""
        try:
            answer = await self._http.write("POST", self._path("versions", version, "builds"))
        finally:
            self.memo.clear()
        said = self._http.fit(Triggered, answer.content)
        if not said.triggered:
            raise Rejected("Read the Docs", f"Read the Docs did not start a build of {version}.")
        return f"{said.build.id}" if said.build else ""

    async def _list(self, path: str, model: type[S], **params: str | int) -> list[S]:
        answer = await self._http.get(path, params)
        page = self._http.fit(Page, answer.content)
        return [self._http.fit(model, each) for each in page.results]

    def _path(self, *parts: str) -> str:
        return "".join(f"/{part}" for part in ("projects", self.settings.project, *parts)) + "/"
