"""``people add`` and ``people remove``: one plan for all places, and what is left for people to do."""

from datetime import date, timedelta

import pytest

from bot.core.board import Roster
from bot.core.errors import Refused
from bot.core.keys import Proof, Vault
from tests.commands.conftest import Build
from tests.commands.world import World, targets, words
from tests.integrations.slack_workspaces.wired import workspaces

IN_LIST = ("people.person", "helper-1")
IN_ORG = ("github.org_member", "helper-1")
IN_CORE = ("github.team_member", "core/helper-1")
LINE = "people add helper-1 --slack <@U9> --github helper-1"


@pytest.fixture
def vault(world: World) -> World:
    """Give a world with a vault that George alone opens."""
    world.keys.opens["Infrastructure"] = Vault(people=("george",), on=date(2026, 6, 1))
    return world


async def test_a_newcomer_is_planned_into_our_list_and_the_team(vault: World) -> None:
    """As the organisers do it: our list first, since the invitation may wait; the vault is shared by hand."""
    plan = await vault.plan(LINE)
    assert targets(plan) == [IN_LIST, IN_ORG, IN_CORE]
    assert plan.gains == ("helper-1: organiser", "helper-1: Write on *1 repository*; Read on *1 repository*")
    assert plan.notes == (
        "GitHub: helper-1, account since 2019.",
        "Only our list instead: `--list-only`.",
        "helper-1 is not in PyconUK yet: invited, and in once they accept.",
    )
    shared = (
        "*1Password*: George can share the vault *Infrastructure* with them, should they get in at vendors"
    )
    assert plan.by_hand == (shared,)
    assert plan.wide
    vault.people.people["helper-1"] = vault.person("organiser-1").model_copy(
        update={"name": "helper-1", "slack": ("U9",), "github": "helper-1"}
    )
    assert targets(await vault.plan(LINE)) == [IN_ORG, IN_CORE]  # goes on where it stopped
    await vault.apply(plan)
    reply = await vault.reply(LINE)
    assert reply.title == "helper-1 is one of us already"
    assert shared in words(reply)


async def test_a_role_and_a_team_say_where_somebody_joins(vault: World) -> None:
    """An owner becomes one on GitHub first; a reader joins nothing unasked, nor is a vault theirs."""
    plan = await vault.plan(f"{LINE} --role owner --team pydata")
    pydata = ("github.team_member", "pydata/helper-1")
    assert targets(plan) == [IN_LIST, IN_ORG, pydata]
    assert plan.changes[1].after == {"role": "owner", "pending": False}
    assert plan.gains == (
        "helper-1: owner",
        "helper-1: Admin on *every repository*, and may approve requests",
    )
    plan = await vault.plan(f"{LINE} --role reader")
    assert (targets(plan), plan.by_hand) == ([IN_LIST], ())
    assert targets(await vault.plan(f"{LINE} --role reader --team pydata")) == [IN_LIST, IN_ORG, pydata]
    assert "one of us already" in words(await vault.reply("people add Cory"))  # an owner, and in the team
    plan = await vault.plan("people add George")
    assert (targets(plan), plan.gains[1:]) == ([("github.team_member", "core/george")], ())


async def test_a_workspace_is_joined_and_left_by_hand(build: Build) -> None:
    """Its link or its admins are named; one that is away is said; attendees' stays but for an admin."""
    world = await build()
    then = "Then `people change helper-1 --slack @THEM`"
    unseen = "*Slack*: an admin invites them: the workspace's name, *Invite people*."
    assert (await world.plan("people add helper-1")).by_hand == (f"{unseen} {then}",)
    async with workspaces(invite="https://join.slack.com/x") as both:
        world.readers["slack_workspaces"] = both.reads
        link = "*Slack, attendees*: give them this link: https://join.slack.com/x"
        asked = (
            "*Slack, organisers*: ask george or owen: the workspace's name, *Invite people*. A bot cannot."
        )
        assert (await world.plan("people add helper-1")).by_hand == (f"{asked} {then}", link)
        assert (await world.plan("people add helper-1 --slack <@U9>")).by_hand == (link,)
        gone = "deactivates their account: its name, *Manage members*"
        said = (await world.plan("people remove organiser-1")).by_hand
        assert said == (f"*Slack, organisers*: george or owen {gone}",)
        said = (await world.plan("people remove George")).by_hand
        assert said == (
            f"*Slack, organisers*: owen {gone}",
            "*Slack, attendees*: owen takes the admin's rights from them: its name, *Manage members*",
        )
        both.attendees.revoked = True
        said = (await world.plan("people remove organiser-1")).by_hand
        assert "does not accept our token" in said[1]
        assert "`workspaces` says later who can." in said[1]


async def test_who_leaves_loses_everything_in_one_plan(vault: World) -> None:
    """What they have of their own, teams, the organisation, our list at last; what runs is said to end."""
    vault.github.world.set_collaborator("2027.pyconuk.org", "organiser-2", "push")
    given = await vault.plan("grant-push organiser-2 accounts --for 14d")
    vault.grant(await vault.apply(given), vault.now + timedelta(days=14))
    plan = await vault.plan("people remove organiser-2 because they moved away")
    assert targets(plan) == [
        ("github.collaborator", "2027.pyconuk.org/organiser-2"),
        ("github.collaborator", "accounts/organiser-2"),
        ("github.team_member", "core/organiser-2"),
        ("github.team_member", "pydata/organiser-2"),
        ("github.org_member", "organiser-2"),
        ("people.person", "organiser-2"),
    ]
    assert plan.losses == (
        "organiser-2: can push to *4 repositories* no more",
        "organiser-2: can ask the bot for nothing any more",
    )
    assert plan.notes == ("Takes away now what #42 gave until Mon 29 Jun, 09:00.",)
    assert plan.wide
    vault.github.world.set_archived("accounts")  # there GitHub changes nothing any more
    vault.client.memo.clear()
    assert targets(await vault.plan("people remove organiser-2")) == [
        each for each in targets(plan) if each[1] != "accounts/organiser-2"
    ]
    vault.github.world.set_archived("accounts", False)
    await vault.apply(plan, number=43)
    assert "organiser-2" not in {user.login for user in await vault.client.members()}
    assert "organiser-2" not in vault.people.people
    plan = await vault.plan("people remove organiser-4")
    assert (targets(plan), plan.wide) == ([("people.person", "organiser-4")], False)


async def test_who_holds_something_alone_cannot_go_yet(vault: World) -> None:
    """It is refused with what to move first; once that is done, who takes them out where is told."""
    vault.board.roster = Roster(
        titles={"registrar": "123-reg", "heroku": "Heroku", "github": "GitHub"}, looked_at={"github"}
    )
    vault.rename("George", github="pyconuk-infra")
    vault.keys.told["github"] = "pyconuk-infra"
    vault.keys.opens["Infrastructure"] = Vault(people=("George",), on=date(2026, 6, 1))
    vault.keys.kept["registrar", "George"] = Proof(vendor="registrar", person="George", on=date(2025, 1, 1))
    with pytest.raises(Refused, match="George cannot go yet: 3 things stand in their name alone") as caught:
        await vault.ask("people remove George")
    lines = caught.value.hint.splitlines()
    assert [line.partition(":")[0] for line in lines[:4]] == [
        "Move first",
        "• *GitHub*",
        "• *123-reg*",
        "• the vault *Infrastructure*",
    ]
    assert "`teams remove`" in lines[4]
    vault.rename("George", github="george")
    vault.keys.kept["registrar", "Cory"] = Proof(vendor="registrar", person="Cory", on=date(2026, 6, 1))
    vault.keys.opens["Infrastructure"] = Vault(people=("George", "Owen"), on=date(2026, 6, 1))
    tokens = "the bot's tokens that they knew, of those of GitHub (docs/operations.md, *Rotate a secret*)"
    assert (await vault.plan("people remove George")).by_hand[1:] == (
        "*123-reg*: Cory takes them out",
        "They never said that they log in at Heroku: look there whether they can",
        "*1Password*: Owen takes the vault *Infrastructure* from them",
        f"*Made anew*, since they keep what they saw: all in the vault *Infrastructure*; {tokens}",
    )
