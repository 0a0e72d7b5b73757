"""What the bot asks Read the Docs, in our words; answers may be a few seconds old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from bot.core import deploying
from bot.core.deploying import Sourced, Way
from bot.core.errors import Refused
from integrations.readthedocs.client import ReadTheDocsClient
from integrations.readthedocs.models import Build, Project
from integrations.readthedocs.resources import BUILD, run, target

BUSINESS = "readthedocs.com"


@dataclass(frozen=True)
class ReadTheDocsReads:
    """Our project, looked at."""

    _client: ReadTheDocsClient

    @property
    def name(self) -> str:
        """Return the project's slug."""
        return self._client.settings.project

    @property
    def version(self) -> str:
        """Return the version that is built."""
        return self._client.settings.version

    @property
    def community(self) -> bool:
        """Return whether the project is on the site that is free for open source."""
        return BUSINESS not in self._client.settings.url

    def today(self) -> date:
        """Return the date, in UTC."""
        return self._client.now().date()

    async def project(self) -> Project | None:
        """Return our project, None when there is none that our token may see."""
        return await self._client.memo("project", self._client.project)

    async def versions(self) -> Sequence[str]:
        """Return the versions that are built."""
        found = await self._client.memo("versions", self._client.versions)
        return [each.slug for each in found if each.active]

    async def last(self) -> Sequence[Build]:
        """Return the last builds of our version, the newest first."""
        found = await self._client.memo("builds", self._client.builds)
        return [build for build in found if build.version == self.version]

    async def streak(self) -> int:
        """Return how many builds in a row have failed up to now."""
        ended = (build for build in await self.last() if build.ended)
        return sum(1 for _ in takewhile(lambda build: not build.success, ended))

    async def way(self, _of: str, _source: Sourced) -> Way:
        """Return how the documentation is built now; Refused when the project cannot be seen."""
        if await self.project() is None:
            raise Refused(
                f"Read the Docs has no project {self.name} that our token may see.",
                "The maintainer sets `integrations.readthedocs.project`; `infra check` says what is known.",
            )
        builds = await self.last()
        notes = [
            f"*Build {each.id} of {self.version} is under way* ({each.urls.build}): the new one waits for it"
            for each in builds
            if not each.ended
        ]
        if failed := await self.streak():
            notes.append(f"*The last {failed} failed*" if failed > 1 else "*The last build failed*")
        return Way(resource=BUILD.name, target=target(self.name, self.version), notes=tuple(notes))

    async def builds(self, _of: str) -> Sequence[deploying.Build]:
        """Return the last builds of the version, the newest first."""
        return [
            deploying.Build(run=run(each, each.error or ""), at=each.created, ref=f"{each.version}")
            for each in await self.last()
        ]
