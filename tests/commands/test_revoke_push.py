"""``revoke-push``: it never guesses which way to close."""

from datetime import timedelta

import pytest

from bot.core.errors import Refused
from tests.commands.conftest import Build
from tests.commands.world import NOW, SEED, World, choices, targets, words


async def test_a_direct_grant_is_taken_away(build: Build) -> None:
    """With one way in, given directly, the way out is plain."""
    world = await build(collaborators={"ironcage": {"organiser-1": "push"}})
    plan = await world.plan("revoke-push organiser-1 ironcage")
    assert targets(plan) == [("github.collaborator", "ironcage/organiser-1")]
    assert plan.changes[0].after is None
    assert plan.losses == ("organiser-1: no longer able to push to *ironcage*",)
    await world.apply(plan)
    assert "Nothing to take away" in words(await world.reply("revoke-push organiser-1 ironcage"))


async def test_access_through_a_team_is_the_askers_choice(world: World) -> None:
    """The person leaves the team or the repository does: each says who loses what, and nothing is filed."""
    reply = await world.reply("revoke-push organiser-2 2025.pyconuk.org because left the team")
    assert choices(reply) == [
        "teams remove core organiser-2 because left the team",
        "teams remove core --repo 2025.pyconuk.org because left the team",
    ]
    assert "[take organiser-2 out of core (loses 1)]" in words(reply)
    assert "[take 2025.pyconuk.org out of core (2 people lose)]" in words(reply)
    assert "Nothing was filed yet." in words(reply)


async def test_each_choice_is_a_line_that_can_be_said(world: World) -> None:
    """What the buttons ask are plans."""
    for line in choices(await world.reply("revoke-push organiser-2 2025.pyconuk.org")):
        assert (await world.plan(line)).changes[0].after is None


async def test_two_ways_in_are_both_named(build: Build) -> None:
    """A direct grant beside a team is one more choice, and taking one leaves the other."""
    world = await build(collaborators={"2025.pyconuk.org": {"organiser-2": "admin"}})
    reply = await world.reply("revoke-push organiser-2 2025.pyconuk.org")
    assert choices(reply)[0] == "revoke-push organiser-2 2025.pyconuk.org --direct"
    assert "Admin, given directly; Write, team core. Taking one away leaves the others." in words(reply)
    plan = await world.plan("revoke-push organiser-2 2025.pyconuk.org --direct")
    assert plan.notes == ("*organiser-2 can still push* afterwards: team core.",)
    assert plan.losses == ()


async def test_an_owner_can_push_everywhere(world: World) -> None:
    """An owner's push ends with the ownership, which is another command."""
    with pytest.raises(Refused, match="owners can push everywhere") as caught:
        await world.ask("revoke-push Cory ironcage")
    assert "`owners remove Cory`" in caught.value.hint


async def test_what_every_member_has_cannot_be_taken_from_one(build: Build) -> None:
    """The base permission is named, and who can change it."""
    world = await build(default_repository_permission="write")
    reply = await world.reply("revoke-push organiser-1 ironcage")
    assert choices(reply) == []
    assert "Every member of PyconUK can push: an owner changes that in GitHub's settings." in words(reply)


async def test_who_cannot_push_has_nothing_to_lose(world: World) -> None:
    """A lower level is said, and nothing is filed."""
    assert "has Read only (as every member)" in words(await world.reply("revoke-push organiser-1 ironcage"))
    assert "has no access of their own" in words(await world.reply("revoke-push helper-1 ironcage"))


async def test_an_invitation_to_the_repository_is_cancelled(world: World) -> None:
    """Who is not in yet loses the invitation."""
    await world.apply(await world.plan("grant-push helper-1 ironcage --direct"))
    plan = await world.plan("revoke-push helper-1 ironcage")
    assert plan.title == "Cancel the invitation of helper-1: ironcage"
    assert plan.changes[0].after is None


async def test_an_invitation_into_the_team_is_offered_to_be_taken_back(world: World) -> None:
    """Who is invited into a team that can push is told so."""
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org"))
    reply = await world.reply("revoke-push helper-1 2025.pyconuk.org")
    assert choices(reply) == ["teams remove core helper-1"]
    plan = await world.plan("teams remove core helper-1")
    assert targets(plan) == [("github.team_member", "core/helper-1")]


async def test_a_grant_that_would_end_anyway_is_named(world: World) -> None:
    """Taking away what has an end says which request gave it, and until when."""
    first = await world.apply(await world.plan("grant-push organiser-1 ironcage --for 14d"))
    world.grant(first, NOW + timedelta(days=14))
    plan = await world.plan("revoke-push organiser-1 ironcage")
    assert plan.notes == ("Takes away now what #42 gave until Mon 29 Jun, 09:00.",)


async def test_archived_repositories_are_no_loss(build: Build) -> None:
    """What nobody can push to is not counted."""
    core = SEED["teams"][0] | {"repos": {"2016.pyconuk.org": "push", "2025.pyconuk.org": "push"}}
    world = await build(teams=[core])
    assert "(loses 1)" in words(await world.reply("revoke-push organiser-2 2025.pyconuk.org"))
