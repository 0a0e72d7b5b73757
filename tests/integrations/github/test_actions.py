"""Workflows on GitHub: the one that deploys is found, started once, marked where it can be, and followed."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.bound import Bound
from bot.core.change import Sought
from bot.core.deploying import Stage
from bot.core.errors import Denied, Refused, Rejected
from bot.core.run import Run
from bot.core.vendor import Reach
from integrations.github.actions import Actions
from integrations.github.resources.runs import WORKFLOW_RUN, by_hand, named
from integrations.github.standin.actions import begin
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import NOW, SITE, Wired
from tests.integrations.wired import unasked

ASKED = Run().model_dump(mode="json")
TARGET = f"{SITE}/jekyll.yml@main"
PLAIN = "on:\n  push:\n  workflow_dispatch:\n"
MARKED = "run-name: ${{ inputs.infra_request }}\non: {workflow_dispatch: {inputs: {infra_request: }}}\n"
DISPATCH = f"POST /repos/PyconUK/{SITE}/actions/workflows/jekyll.yml/dispatches"


async def deployed(wire: Wire, text: str = PLAIN, **more: str) -> Wired:
    """Return a GitHub whose website has a workflow that deploys it, and *more*."""
    texts = {".github/workflows/jekyll.yml": text, ".github/workflows/tests.yml": "on: [push]"}
    texts |= {f".github/workflows/{name}.yml": text for name, text in more.items()}
    return await wire(
        repos=[{"name": SITE, "texts": texts}, {"name": "ironcage"}], teams=[], collaborators={}
    )


def begun(hub: Wired, **given: Any) -> None:
    """Begin a run as somebody's press or push does."""
    world = hub.standin.world
    repo = world.repo(SITE)
    assert repo
    begin(world, repo, "jekyll.yml", given.pop("actor", world.bot), **given)


def sought(run: str = "") -> Sought:
    """Return what a run that was started now is looked for by."""
    return Sought(marker="infra-1-2f", since=NOW - timedelta(seconds=5), run=run)


async def test_a_run_is_started_once_and_followed(wire: Wire) -> None:
    """One call starts it, its number is known at once, and it is under way until it came out."""
    hub = await deployed(wire)
    bound = Bound(WORKFLOW_RUN, hub.client)
    change = await bound.plan(TARGET, Run())
    assert change.words == f"GitHub runs *jekyll.yml* of *{SITE}* on the branch main"
    number = await bound.write(TARGET, ASKED, "infra-1-2f")
    assert [call for call in hub.calls if call.startswith("POST")] == [DISPATCH]
    said = []
    for _ in range(4):
        live = await bound.look(TARGET, sought(number))
        assert live
        said.append((bound.reached(live, ASKED), live["text"]))
        hub.now += timedelta(seconds=30)
    assert [*dict.fromkeys(said)] == [
        (Reach.UNDER_WAY, "queued"),
        (Reach.UNDER_WAY, "in progress"),
        (Reach.YES, ""),
    ]
    assert live
    assert live["link"] == f"https://github.com/PyconUK/{SITE}/actions/runs/{number}"
    assert await bound.look(TARGET, sought("99")) is None


async def test_a_declared_input_carries_the_mark(wire: Wire) -> None:
    """Among other runs of the same seconds ours is known by it; an older GitHub does not say the number."""
    hub = await deployed(wire, MARKED)
    hub.standin.world.tells_runs = False
    begun(hub, event="workflow_dispatch")
    bound = Bound(WORKFLOW_RUN, hub.client)
    assert await bound.write(TARGET, ASKED, "infra-1-2f") == ""
    begun(hub, event="workflow_dispatch")
    live = await bound.look(TARGET, sought())
    assert live
    assert live["name"] == "Run 2 of jekyll"


async def test_without_a_mark_ours_is_found_by_kind_actor_branch_and_time(wire: Wire) -> None:
    """A push's run, somebody else's and one of before are not taken; two that fit are unclear."""
    hub = await deployed(wire)
    other = hub.standin.world.user("organiser-1")
    assert other
    begun(hub, event="workflow_dispatch")
    hub.now += timedelta(minutes=1)
    wanted = Sought(marker="infra-1", since=hub.now - timedelta(seconds=5))
    begun(hub)
    begun(hub, event="workflow_dispatch", actor=other.id)
    bound = Bound(WORKFLOW_RUN, hub.client)
    assert await bound.look(TARGET, wanted) is None
    begun(hub, event="workflow_dispatch")
    live = await bound.look(TARGET, wanted)
    assert live
    assert live["name"] == "Run 4 of jekyll"
    begun(hub, event="workflow_dispatch")
    assert bound.reached(await bound.look(TARGET, wanted), ASKED) is Reach.UNCLEAR


async def test_the_way_is_the_one_workflow_that_starts_by_hand(wire: Wire) -> None:
    """Whoever decides reads what runs and how the last came out; without one it is refused."""
    hub = await deployed(wire)
    actions = hub.reads.actions
    way = await actions.way(SITE, unasked)
    assert (way.resource, way.target, way.notes) == ("github.workflow_run", TARGET, ())
    hub.standin.world.outcome = "failure"
    begun(hub)
    hub.now += timedelta(minutes=2)
    begun(hub)
    running, failed = (await actions.way(SITE, unasked)).notes
    assert running.startswith("*Run 2 is under way*")
    assert failed.startswith("*The last run came out failure*")
    builds = await actions.builds(SITE)
    assert [(each.run.stage, each.run.text, each.ref, each.by) for each in builds] == [
        (Stage.UNDER_WAY, "queued", "main", "pyconuk-infra"),
        (Stage.BAD, "failure", "main", "pyconuk-infra"),
    ]
    for of, words, remedy in (
        ("ironcage", "No workflow of ironcage can be started by hand.", "Add `workflow_dispatch:`"),
        (f"{SITE}/tests.yml", "not tests.yml either", "Add `workflow_dispatch:`"),
        ("2031.pyconuk.org", "no repository 2031.pyconuk.org", "Check the year"),
    ):
        with pytest.raises(Refused, match=words) as caught:
            await actions.way(of, unasked)
        assert remedy in caught.value.hint


async def test_of_several_workflows_one_is_named(wire: Wire) -> None:
    """The settings say which; until then it is refused, with their names."""
    hub = await deployed(wire, preview=PLAIN)
    with pytest.raises(Refused, match=r"jekyll\.yml and preview\.yml") as caught:
        await Actions(hub.client).way(SITE, unasked)
    assert "github:REPOSITORY/FILE" in caught.value.hint
    assert (
        await Actions(hub.client).way(f"{SITE}/preview.yml", unasked)
    ).target == f"{SITE}/preview.yml@main"


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        (PLAIN, frozenset()),
        (MARKED, frozenset({"infra_request"})),
        ("on: workflow_dispatch", frozenset()),
        ("on: [push, workflow_dispatch]", frozenset()),
        ("on: {workflow_dispatch: {inputs: }}", frozenset()),
        ("on: push", None),
        ("on: {push: }", None),
        ("name: nothing", None),
        ("- a list", None),
        ("{ broken", None),
        ("", None),
    ],
)
async def test_what_starts_a_workflow_is_read_as_github_does(
    wire: Wire, text: str, inputs: frozenset[str] | None
) -> None:
    """In each way of writing it; what cannot be read starts nothing."""
    hub = await deployed(wire, text)
    assert await by_hand(hub.client, SITE, "jekyll.yml") == inputs
    assert await by_hand(hub.client, SITE, "other.yml") is None


async def test_a_start_that_is_refused_says_why(wire: Wire) -> None:
    """No right, no such branch, an archived repository: an error, and no run."""
    hub = await deployed(wire)
    bound = Bound(WORKFLOW_RUN, hub.client)
    with pytest.raises(Rejected, match="No ref found for: master"):
        await bound.write(f"{SITE}/jekyll.yml@master", ASKED)
    hub.standin.world.set_archived(SITE)
    refused = (await bound.concerns(await bound.plan(TARGET, Run()))).refused
    assert refused
    assert SITE in refused
    with pytest.raises(Denied):
        await bound.write(TARGET, ASKED)
    assert hub.standin.world.runs == {}
    with pytest.raises(Rejected, match="names no workflow"):
        named("website")
