"""GitHub as who deploys: the workflow of a repository that can be started by hand, and its runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.deploying import Build, Sourced, Way
from bot.core.errors import Refused
from bot.core.people import listed
from integrations.github.client import GithubClient
from integrations.github.models import Repository
from integrations.github.resources.runs import FOLDER, WORKFLOW_RUN, by_hand, run, target
from integrations.github.workflows import WorkflowRun

MOST = 10
SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True)
class Actions:
    """The workflows of the organisation; *of* is ``REPOSITORY``, or ``REPOSITORY/FILE`` of several."""

    _client: GithubClient

    async def way(self, of: str, _source: Sourced) -> Way:
        """Return how a repository is deployed now: by the one workflow that can be started by hand."""
        repository, file = await self._workflow(of)
        runs = await self._runs(repository, file)
        notes = [
            f"*Run {each.run_number} is under way* ({each.html_url})"
            for each in runs
            if each.status != "completed"
        ]
        if (last := next((each for each in runs if each.status == "completed"), None)) and not last.passed:
            notes.append(f"*The last run came out {last.conclusion or 'without a word'}* ({last.html_url})")
        aim = target(repository.name, file, repository.default_branch or "")
        return Way(resource=WORKFLOW_RUN.name, target=aim, notes=tuple(notes))

    async def first(self, name: str, source: str) -> str | None:
        """Return the target of the run that first publishes the site *name* by the workflow of *source*.

        None once one came out well; Refused when none can be started by hand.
        """
        repository, file = await self._workflow(source)
        if name == source and any(each.passed for each in await self._runs(repository, file)):
            return None
        return target(name, file, repository.default_branch or "")

    async def builds(self, of: str) -> Sequence[Build]:
        """Return the last runs of that workflow on the default branch, the newest first."""
        return [
            Build(
                run=run(each),
                at=each.created_at,
                ref=f"{each.head_branch}",
                by=each.actor.login if each.actor else "",
            )
            for each in (await self._runs(*await self._workflow(of)))[:MOST]
        ]

    async def _runs(self, repository: Repository, file: str) -> list[WorkflowRun]:
        found = await self._client.runs(repository.name, repository.default_branch or "")
        return [each for each in found if each.file == file]

    async def _workflow(self, of: str) -> tuple[Repository, str]:
        """Return the repository and its workflow; Refused, with the remedy, unless there is just one."""
        name, _, file = of.partition("/")
        repository = await self._client.repository(name)
        if repository is None:
            raise Refused(
                f"{self._client.org} has no repository {name[:100]}.", "Check the year, or the name."
            )
        files = [file] if file else await self._files(name)
        able = [each for each in files if await by_hand(self._client, name, each) is not None]
        if len(able) == 1:
            return repository, able[0]
        if not able:
            raise Refused(
                f"No workflow of {name} can be started by hand{f': not {file} either' if file else ''}.",
                f"Add `workflow_dispatch:` below `on:` in its deploy, in {'/'.join(FOLDER)}.",
            )
        raise Refused(
            f"{name} has several workflows that can be started by hand: {listed(able, 'and')}.",
            "The maintainer names one in the settings: `deploys: {NAME: github:REPOSITORY/FILE}`.",
        )

    async def _files(self, name: str) -> list[str]:
        found = await self._client.folder(name, *FOLDER) or ()
        return [each.name for each in found if each.type == "file" and each.name.endswith(SUFFIXES)]
