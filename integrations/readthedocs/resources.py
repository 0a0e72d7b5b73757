"""A build of our documentation: a run that carries no mark of ours, found by its version and time."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.change import Sought
from bot.core.run import Run, Stage, run_of
from integrations.readthedocs.client import ReadTheDocsClient
from integrations.readthedocs.models import Build

PATIENCE = timedelta(hours=1)  # a build may take 15 minutes, and waits while two others run
MORE = 300


async def _start(client: ReadTheDocsClient, target: str, _marker: str) -> str:
    return await client.trigger(_version(target))


async def _find(client: ReadTheDocsClient, target: str, sought: Sought) -> Sequence[Run]:
    """Return the build that is known, or those of the version that began since."""
    if sought.run:
        build = await client.build(sought.run)
        found = [build] if build else []
    else:
        builds = await client.builds()
        found = [b for b in builds if b.version == _version(target) and b.created >= sought.since]
    return [run(build, await _why(client, build)) for build in found]


async def _why(client: ReadTheDocsClient, build: Build) -> str:
    failed = build.ended and not build.success
    return (build.error or await client.why(build.id)) if failed else ""


def run(build: Build, why: str = "") -> Run:
    """Return a build as a run; *why* it failed."""
    stage = Stage.UNDER_WAY if not build.ended else Stage.GOOD if build.success else Stage.BAD
    text = " ".join(why.split())[:MORE] or (build.state.code if build.state.code != "finished" else "")
    return Run(id=f"{build.id}", stage=stage, name=f"Build {build.id}", text=text, link=build.urls.build)


def target(project: str, version: str) -> str:
    """Return the target of a version's builds."""
    return f"{project}/{version}"


def _version(named: str) -> str:
    return named.partition("/")[2]


def _say(named: str) -> str:
    project, _, version = named.partition("/")
    return f"Read the Docs builds *{project}*, version {version}"


BUILD = run_of("readthedocs.build", _start, _find, _say, patience=PATIENCE)
