"""What the bot asks Travis CI, in our words; answers may be a few seconds old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.core import deploying
from bot.core.deploying import Sourced, Way
from bot.core.errors import Refused
from integrations.travis_ci.client import TravisClient
from integrations.travis_ci.models import Build, Repository
from integrations.travis_ci.resources import BUILD_REQUEST, OFF, SITE, run, target

NEVER = datetime.min.replace(tzinfo=UTC)
LEGACY = "*Travis-CI is kept for older sites only:* GitHub Actions is what a new one uses"


@dataclass(frozen=True)
class TravisReads:
    """Our repository, looked at; there is one, so what it is called elsewhere does not matter."""

    _client: TravisClient

    @property
    def slug(self) -> str:
        """Return the repository with its owner."""
        return self._client.slug

    def page(self, name: str) -> str:
        """Return where people switch on that a repository is built; the bot begins nothing new here."""
        return f"{SITE}/{self._client.settings.owner}/{name}"

    def today(self) -> date:
        """Return the date, in UTC."""
        return self._client.now().date()

    async def repository(self) -> Repository | None:
        """Return the repository, None when there is none that our token may see."""
        return await self._client.memo("repository", self._client.repository)

    async def last(self) -> Sequence[Build]:
        """Return the last builds of the default branch, the newest first."""
        found = await self.repository()
        if found is None:
            return []
        branch = found.default_branch.name
        return await self._client.memo(("builds", branch), lambda: self._client.builds(branch))

    async def may_build(self) -> bool:
        """Return whether the owner's account may build public repositories."""
        return (await self._client.memo("allowance", self._client.allowance)).public_repos

    async def used(self) -> int:
        """Return the credits used this month."""
        today = self.today()
        return await self._client.memo("used", lambda: self._client.credits(today.replace(day=1), today))

    async def way(self, _of: str, _source: Sourced) -> Way:
        """Return how the site is built now; Refused while builds may not be asked for, or none is made."""
        if not self._client.settings.requests:
            raise Refused(OFF, "The maintainer switches it on; it costs credits.")
        found = await self.repository()
        if found is None or not found.active:
            raise Refused(
                f"Travis-CI does not build {self.slug}.",
                "GitHub Actions may do: `services.website.deploys.website: github`.",
            )
        return Way(
            resource=BUILD_REQUEST.name, target=target(self.slug, found.default_branch.name), notes=(LEGACY,)
        )

    async def builds(self, _of: str) -> Sequence[deploying.Build]:
        """Return the last builds of the default branch, the newest first."""
        return [
            deploying.Build(
                run=run(self.slug, each),
                at=each.started_at or each.updated_at or NEVER,
                ref=each.branch.name,
                by=each.event_type,
            )
            for each in await self.last()
        ]
