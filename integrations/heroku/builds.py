"""A build of an app from its repository, as it was when it was asked for: found again by our mark."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.core.change import Change, Sought
from bot.core.deploying import Source
from bot.core.run import Run, Stage, parts_of, run_of
from bot.core.vendor import Concerns
from integrations.heroku.client import HerokuClient
from integrations.heroku.models import Build, Release

PATIENCE = timedelta(hours=2)  # Heroku lets the release phase after a build take one of them
SHORT = 12
STAYS = "what ran before goes on"


def target(app: str, source: Source) -> str:
    """Return the target of the builds of an app from a commit."""
    return f"{app}/{source.url}@{source.commit}"


_named = partial(parts_of, vendor="Heroku", what="build", form="APP/REPOSITORY@COMMIT")


def tarball(url: str, commit: str) -> str:
    """Return where anybody fetches a public repository on GitHub as it was at a commit.

    Heroku's example of a build has that address (Dev Center, *Building and Releasing Using the Platform
    API*); the documentation of GitHub's API does not promise it.
    """
    return f"{url}/archive/{commit}.tar.gz"


async def _start(client: HerokuClient, said: str, marker: str) -> str:
    app, url, commit = _named(said)
    return await client.start_build(app, tarball(url, commit), commit, f"Asked for by infra ({marker})")


async def _find(client: HerokuClient, said: str, sought: Sought) -> Sequence[Run]:
    """Return the build that is known, or marked, or else those of ours from the commit since."""
    app, _, commit = _named(said)
    if sought.run:
        known = await client.build(app, sought.run)
        found = [known] if known else []
    else:
        builds = await client.builds(app)
        found = [each for each in builds if sought.marker in (each.source_blob.version_description or "")]
        found = found or await _ours(client, builds, commit, sought)
    return [await followed(client, app, each) for each in found]


async def _ours(client: HerokuClient, builds: Sequence[Build], commit: str, sought: Sought) -> list[Build]:
    """Return what our account built from a commit since, should Heroku keep no mark."""
    since = [e for e in builds if e.created_at >= sought.since and e.source_blob.version == commit]
    me = await client.me() if since else ""
    return [each for each in since if each.user.id == me]


async def followed(client: HerokuClient, app: str, build: Build) -> Run:
    """Return a build in our words: it is over when what came of it is released, well or badly."""
    release = await client.release(app, build.release.id) if build.release else None
    stage, text = _stage(build.status, release)
    link = f"https://dashboard.heroku.com/apps/{app}/activity/builds/{build.id}"
    return Run(id=build.id, stage=stage, name=f"Build {build.id[:8]}", text=text, link=link)


def _stage(status: str, release: Release | None) -> tuple[Stage, str]:
    if status != "succeeded":
        building = status == "pending"
        return (Stage.UNDER_WAY, "building") if building else (Stage.BAD, STAYS)
    if release is None or release.status == "pending":
        return Stage.UNDER_WAY, "built; its release phase is to come" if release is None else "release phase"
    if release.status == "succeeded":
        return Stage.GOOD, f"v{release.version} runs"
    return Stage.BAD, f"its release {release.status}; {STAYS}"


def _say(said: str) -> str:
    app, url, commit = _named(said)
    return f"Heroku builds *{app}* from {'/'.join(url.split('/')[-2:])} at commit *{commit[:SHORT]}*"


async def _weigh(client: HerokuClient, change: Change) -> Concerns:
    app, _, _ = _named(change.target)
    if await client.app(app) is None:
        return Concerns(refused=f"We have no app {app} at Heroku.")
    return Concerns()


BUILD = run_of("heroku.build", _start, _find, _say, patience=PATIENCE, concerns=_weigh)
