"""What GitHub holds of all that is kept in the baseline."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.core.baseline import Live, key
from bot.core.bound import Bound
from integrations.github import GITHUB
from integrations.github.check import check
from integrations.github.client import GithubClient
from integrations.github.live import live
from tests.integrations.github.conftest import Wire
from tests.integrations.github.test_reads import big
from tests.integrations.github.wired import SITE, Wired


def of(found: Live, kind: str) -> dict[str, Any]:
    """Return the states of one resource, as one value where they have one."""
    return {
        target: next(iter(state.values())) if not state.get("pending") else f"{next(iter(state.values()))}?"
        for (resource, target), state in found.states.items()
        if resource == f"github.{kind}"
    }


def judged(found: Live) -> set[tuple[str, str]]:
    """Return what can be seen and means something."""
    return {named for named in found.states if not any(each.hold(key(*named)) for each in found.unseen)}


async def test_people_teams_repositories_and_collaborators(hub: Wired) -> None:
    """All of them are there, invited ones as pending with the role they are invited to."""
    await hub.client.set_membership("newcomer", "admin")
    await hub.client.set_team_membership("core", "organiser-1", "member")
    hub.calls.clear()
    found = await live(hub.client)
    assert of(found, "org_member") == {
        "charlie": "owner",
        "Cory": "owner",
        "pyconuk-infra": "owner",
        "organiser-1": "member",
        "organiser-2": "member",
        "organiser-3": "member",
        "newcomer": "owner?",
    }
    assert of(found, "team_repo")["core/ironcage"] == "Write"
    assert of(found, "team_member")["core/organiser-1"] == "member"
    assert of(found, "collaborator") == {"ironcage/outsider": "Maintain", "ironcage/organiser-2": "Read"}
    assert len(hub.calls) == 2  # one survey, one list of invitations


@pytest.mark.parametrize("graphql", [True, False])
async def test_an_idle_hour_leaves_the_rate_to_people(
    wire: Wire, graphql: bool, figure: Callable[[str], None]
) -> None:
    """Looks that find nothing new take an eighth of the rate at most: lists come by ETag, which is free."""
    hub = await wire(graphql=graphql, **big(200, 20, 50))
    meter, spent = hub.standin.world.meter, {"core": 0, "graphql": 0}
    hour: list[tuple[Callable[[GithubClient], Awaitable[object]], int]] = [(live, 3600 // 45), (check, 1)]
    for look, times in hour:
        await look(hub.client)
        before = {resource: meter.used(resource) for resource in spent}
        await look(hub.client)
        spent = {each: spent[each] + times * (meter.used(each) - before[each]) for each in spent}
    said = "by GraphQL" if graphql else "by REST alone"
    figure(
        f"an idle hour at GitHub, {said}: {spent['core']} of 5000 calls, {spent['graphql']} of 5000 points"
    )
    assert max(spent.values()) <= 5000 / 8


async def test_what_is_live_is_what_a_resource_reads(hub: Wired) -> None:
    """A state in the list is the same as that of the target read alone."""
    found = await live(hub.client)
    resources = {resource.name: Bound(resource, hub.client) for resource in GITHUB.resources}
    for resource, target in sorted(judged(found)):
        assert await resources[resource].read(target) == found.states[resource, target], target


async def test_what_owners_hold_beside_everything_means_nothing(hub: Wired) -> None:
    """Whether an owner is in a team is not judged, so nobody's promotion looks like a change of teams."""
    assert ("github.team_member", "core/Cory") not in judged(await live(hub.client))
    hub.standin.world.set_owner("organiser-2")
    assert not {named for named in judged(await live(hub.client)) if named[1].endswith("/organiser-2")}


async def test_what_a_team_inherits_is_its_parents(wire: Wire) -> None:
    """A repository that a team below has as its parent has it is not judged; one of its own is."""
    hub = await wire()
    names = {named[1] for named in judged(await live(hub.client)) if named[0] == "github.team_repo"}
    assert f"core/{SITE}" in names
    assert f"pydata/{SITE}" not in names


async def test_a_repository_that_is_shown_no_more_loses_nobody(hub: Wired) -> None:
    """A token that lost a right is not shown what is private; nobody took away what people have there."""
    before = await live(hub.client)
    hub.standin.world.scopes = tuple(each for each in hub.standin.world.scopes if each != "repo")
    hidden = [named for named in before.states if named[0] == "github.collaborator"]
    after = await live(hub.client)
    assert hidden
    assert not any(named in after.states or after.knows(key(*named)) for named in hidden)


async def test_rest_alone_tells_less(wire: Wire) -> None:
    """Without GraphQL nobody's own grants are judged, nor who is in a team that has teams below it."""
    hub = await wire(graphql=False)
    names = judged(await live(hub.client))
    assert not {target for kind, target in names if kind == "github.collaborator"}
    assert not {target for kind, target in names if target.startswith("core/organiser")}
    assert ("github.team_member", "pydata/organiser-3") in names
    assert ("github.org_member", "organiser-1") in names
