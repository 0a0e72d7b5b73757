"""Routes of workflows: their runs, and starting one by hand."""

from .edge import Answer, Call, RefusedError, Route, not_found
from .run import FOLDER, Run
from .world import Repo, World

BY_HAND = "workflow_dispatch"


def begin(world: World, repo: Repo, file: str, actor: int, event: str = "push", title: str = "") -> Run:
    """Begin a run, as a push or somebody's press does."""
    number = world.next_id()
    runs = sum(each.repo == repo.id and each.file == file for each in world.runs.values())
    run = Run(
        id=number,
        number=runs + 1,
        repo=repo.id,
        file=file,
        branch=repo.default_branch,
        event=event,
        actor=actor,
        created_at=world.clock(),
        title=title or file,
        conclusion=world.outcome,
    )
    world.runs[number] = run
    return run


def dispatch(call: Call) -> Answer:
    """POST /repos/:o/:r/actions/workflows/:file/dispatches: 200 with the run; 204 in older versions."""
    repo = call.repo("push", write=True)
    file, inputs = call.params["workflow"], call.body.get("inputs") or {}
    text = repo.texts.get(f"{FOLDER}{file}")
    if text is None:
        raise not_found()
    if call.body.get("ref") != repo.default_branch:
        raise RefusedError(422, f"No ref found for: {call.body.get('ref')}")
    if BY_HAND not in text:
        raise RefusedError(422, "Workflow does not have 'workflow_dispatch' trigger")
    if unknown := [name for name in inputs if f"{name}:" not in text]:
        raise RefusedError(422, f"Unexpected inputs provided: {unknown}")
    actor = call.caller.user.id if call.caller.user else call.world.bot
    title = " ".join(inputs.values()) if "run-name:" in text else ""
    run = begin(call.world, repo, file, actor, BY_HAND, title)
    if not call.world.tells_runs:
        return Answer(204)
    page = call.shapes.run(repo, run)
    return Answer(200, {"workflow_run_id": run.id, "run_url": page["url"], "html_url": page["html_url"]})


def runs(call: Call) -> Answer:
    """GET /repos/:o/:r/actions/runs: the newest first; of the filters, the branch."""
    repo, branch = call.repo(), call.query.get("branch")
    found = [
        run
        for run in reversed(call.world.runs.values())
        if run.repo == repo.id and branch in {None, run.branch}
    ]
    most = min(int(call.query.get("per_page", 30)), 100)
    return Answer(
        200,
        {"total_count": len(found), "workflow_runs": [call.shapes.run(repo, run) for run in found[:most]]},
    )


def run(call: Call) -> Answer:
    """GET /repos/:o/:r/actions/runs/:id."""
    repo, number = call.repo(), call.params["run"]
    found = call.world.runs.get(int(number)) if number.isdecimal() else None
    if found is None or found.repo != repo.id:
        raise not_found()
    return Answer(200, call.shapes.run(repo, found))


REPO = "/repos/{owner}/{repo}/actions"
ROUTES = (
    Route("GET", REPO + "/runs", runs, "public_repo", "actions=read"),
    Route("GET", REPO + "/runs/{run}", run, "public_repo", "actions=read"),
    Route("POST", REPO + "/workflows/{workflow}/dispatches", dispatch, "public_repo", "actions=write"),
)
