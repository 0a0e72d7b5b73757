"""A build that is asked for: its message carries our mark, by which it is found again."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.change import Change, Sought
from bot.core.errors import Rejected
from bot.core.run import Run, Stage, run_of
from bot.core.vendor import Concerns
from integrations.travis_ci.client import TravisClient
from integrations.travis_ci.models import Build, Request

PATIENCE = timedelta(hours=2)
SITE = "https://app.travis-ci.com/github"
GOOD, BAD = "passed", {"failed", "errored", "canceled"}
OFF = "Builds may not be asked for here: `integrations.travis_ci.requests` is off."


def target(slug: str, branch: str) -> str:
    """Return the target of a branch's builds."""
    return f"{slug}@{branch}"


async def _start(client: TravisClient, named: str, marker: str) -> str:
    if not client.settings.requests:
        raise Rejected("Travis-CI", OFF, "The maintainer switches it on; it costs credits.")
    return await client.ask(named.rpartition("@")[2], f"Asked for by infra ({marker})")


async def _find(client: TravisClient, _named: str, sought: Sought) -> Sequence[Run]:
    """Return the request that is known, or those that carry the mark."""
    if sought.run:
        asked = await client.request(sought.run)
        return [_run(client.slug, asked)] if asked else []
    found = [each for each in await client.requests() if sought.marker in (each.message or "")]
    return [_run(client.slug, each) for each in found]


def _run(slug: str, asked: Request) -> Run:
    """Return a request as a run: it waits for its build, and ends as that does."""
    link = f"{SITE}/{slug}/requests"
    if asked.builds:
        return run(slug, asked.builds[0]).model_copy(update={"id": f"{asked.id}"})
    over = asked.state == "finished"
    text = f"no build came of it ({asked.result or 'no reason given'})" if over else "waits for its build"
    stage = Stage.BAD if over else Stage.UNDER_WAY
    return Run(id=f"{asked.id}", stage=stage, name=f"Request {asked.id}", text=text, link=link)


def run(slug: str, build: Build) -> Run:
    """Return a build in our words."""
    ended = build.state in BAD or build.state == GOOD
    stage = Stage.UNDER_WAY if not ended else Stage.GOOD if build.state == GOOD else Stage.BAD
    text = "" if stage is Stage.GOOD else build.state
    link = f"{SITE}/{slug}/builds/{build.id}"
    return Run(id=f"{build.id}", stage=stage, name=f"Build {build.number}", text=text, link=link)


def _say(named: str) -> str:
    slug, _, branch = named.rpartition("@")
    return f"Travis-CI builds *{slug}*, branch {branch}"


async def _weigh(client: TravisClient, _change: Change) -> Concerns:
    return Concerns(refused=None if client.settings.requests else OFF)


BUILD_REQUEST = run_of("travis_ci.build_request", _start, _find, _say, patience=PATIENCE, concerns=_weigh)
