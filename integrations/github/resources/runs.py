"""A run of a workflow: started by ``workflow_dispatch``, marked where the workflow declares our input."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import yaml

from bot.core.change import Change, Sought
from bot.core.run import Run, Stage, parts_of, run_of
from bot.core.vendor import Concerns
from integrations.github.calls import same
from integrations.github.client import GithubClient
from integrations.github.guards import archived
from integrations.github.workflows import WorkflowRun

MARKER = "infra_request"  # the input that carries our mark; `run-name: ${{ inputs.infra_request }}` shows it
FOLDER = (".github", "workflows")
BY_HAND = "workflow_dispatch"
PATIENCE = timedelta(hours=2)


def target(repository: str, file: str, ref: str) -> str:
    """Return the target of the runs of a workflow's *file* on a branch."""
    return f"{repository}/{file}@{ref}"


named = partial(parts_of, vendor="GitHub", what="workflow", form="REPOSITORY/FILE@BRANCH")


async def by_hand(client: GithubClient, repository: str, file: str) -> frozenset[str] | None:
    """Return the inputs with which a workflow can be started by hand; None when it cannot."""
    try:
        said: Any = yaml.safe_load(await client.text(repository, *FOLDER, file) or "")
    except yaml.YAMLError:
        return None
    on = said.get("on", said.get(True)) if isinstance(said, dict) else None  # YAML 1.1 takes `on` for true
    if not isinstance(on, dict | list) and on != BY_HAND:
        return None
    if BY_HAND not in on:
        return None
    declared = on[BY_HAND] if isinstance(on, dict) else None
    inputs = declared.get("inputs") if isinstance(declared, dict) else None
    return frozenset(inputs or ())


async def _start(client: GithubClient, said: str, marker: str) -> str:
    repository, file, ref = named(said)
    inputs = await by_hand(client, repository, file) or ()
    return await client.dispatch(repository, file, ref, {MARKER: marker} if MARKER in inputs else {})


async def _find(client: GithubClient, said: str, sought: Sought) -> Sequence[Run]:
    """Return the run that is known, or marked, or else those by hand and by us on the branch since."""
    repository, file, ref = named(said)
    if sought.run:
        known = await client.run(repository, sought.run)
        return [run(known)] if known else []
    me = await client.me()
    found = [
        each
        for each in await client.runs(repository, ref)
        if each.file == file and each.event == BY_HAND and each.created_at >= sought.since
        if me is None or each.actor is None or same(each.actor.login, me)
    ]
    marked = [each for each in found if sought.marker in (each.display_title or "")]
    return [run(each) for each in marked or found]


def run(found: WorkflowRun) -> Run:
    """Return a run in our words."""
    ended = found.status == "completed"
    good = found.conclusion == "success"
    stage = Stage.UNDER_WAY if not ended else Stage.GOOD if good else Stage.BAD
    text = "" if stage is Stage.GOOD else (found.conclusion if ended else found.status) or ""
    name = f"Run {found.run_number} of {found.name or found.file}"
    return Run(id=f"{found.id}", stage=stage, name=name, text=text.replace("_", " "), link=found.html_url)


def _say(said: str) -> str:
    repository, file, ref = named(said)
    return f"GitHub runs *{file}* of *{repository}* on the branch {ref}"


async def _weigh(client: GithubClient, change: Change) -> Concerns:
    return Concerns(refused=await archived(client, named(change.target)[0]))


WORKFLOW_RUN = run_of("github.workflow_run", _start, _find, _say, patience=PATIENCE, concerns=_weigh)
