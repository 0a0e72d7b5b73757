"""``teams``: who and what is in them."""

import pytest

from bot.core.errors import BotError, Refused, UsageError
from integrations.github import GITHUB, TEAM_MEMBER, TeamMember
from tests.commands.conftest import Build
from tests.commands.world import World, rows, targets, words


async def test_all_teams_are_listed(world: World) -> None:
    """Each with how many people and repositories, and what it is for."""
    assert rows(await world.reply("teams", by="reader-1")) == [
        ("core", "3", "3", "Basically everyone"),
        ("pydata", "1", "1", "–"),
    ]


async def test_one_team_lists_people_and_repositories(world: World) -> None:
    """Who is in it by name, and what it may do where."""
    said = words(await world.reply("teams show core"))
    assert "organiser-2 | organiser-2 | member" in said
    assert "not in our people | organiser-3 | member" in said
    assert "2026.pyconuk.org | Read" in said


async def test_the_invited_are_marked(world: World) -> None:
    """Who must accept is shown as invited."""
    await world.apply(await world.plan("teams add core helper-1"))
    assert "helper-1 | invited, not in yet" in words(await world.reply("teams show core"))


async def test_who_is_invited_is_not_asked_for_again(world: World) -> None:
    """Who was invited meanwhile is said to be, though the lists at hand do not have them yet."""
    await world.reply("teams")
    elsewhere = GITHUB.connect(world.client.settings, world.network)
    await TEAM_MEMBER.write(elsewhere, "core/helper-1", TeamMember(role="member"))
    assert (await world.reply("teams add core helper-1")).title == "helper-1 is invited into core already"


async def test_a_person_joins(world: World) -> None:
    """The card says what the team gives."""
    plan = await world.plan("teams add pydata organiser-1")
    assert targets(plan) == [("github.team_member", "pydata/organiser-1")]
    assert plan.gains == ("organiser-1: Admin on *1 repository*",)


async def test_a_person_who_gains_nothing_new(world: World) -> None:
    """An owner gains nothing from a team."""
    assert (await world.plan("teams add pydata Cory")).gains == ("Cory: nothing they do not have",)


async def test_a_repository_joins(world: World) -> None:
    """A repository comes with a level, Write when none is said; who gains is counted."""
    plan = await world.plan("teams add core --repo ironcage")
    assert plan.changes[0].after == {"level": "Write"}
    assert plan.gains == ("*1 person* in core: Write on *ironcage*",)
    plan = await world.plan("teams add core --repo ironcage --level triage")
    assert plan.changes[0].after == {"level": "Triage"}


async def test_lowering_a_level_says_who_loses(world: World) -> None:
    """Less than before is said as such."""
    plan = await world.plan("teams add core --repo 2025.pyconuk.org --level Read")
    assert plan.gains == ("*3 people* in core: Read instead of Write on *2025.pyconuk.org*",)


async def test_a_person_leaves(world: World) -> None:
    """What is lost is counted, and what stays is named."""
    plan = await world.plan("teams remove core organiser-2")
    assert plan.changes[0].after is None
    assert plan.losses == ("organiser-2: loses access to *1 repository*",)
    assert plan.notes == ("*Still can push* to ironcage: team pydata.",)


async def test_many_ways_that_stay_are_cut_short(world: World) -> None:
    """The card names five and says where the rest is."""
    plan = await world.plan("teams remove core Cory")
    assert len(plan.notes) == 6
    assert plan.notes[-1] == "… and to 1 more: `access cory`."
    assert plan.gains == ()


async def test_a_repository_leaves(world: World) -> None:
    """How many lose access, and how many can push still."""
    plan = await world.plan("teams remove core --repo 2025.pyconuk.org")
    assert targets(plan) == [("github.team_repo", "core/2025.pyconuk.org")]
    assert plan.losses == ("*2 people* in core: lose access to *2025.pyconuk.org*",)
    assert plan.notes == ("*4 people* can still push to it: `access 2025.pyconuk.org`.",)


async def test_nobody_loses_by_a_repository_that_all_can_push_to(build: Build) -> None:
    """A repository whose team gives nothing beyond the base leaves without a loss."""
    world = await build(default_repository_permission="write")
    plan = await world.plan("teams remove core --repo 2025.pyconuk.org")
    assert plan.gains == ()


@pytest.mark.parametrize(
    "line",
    ["teams add core organiser-2", "teams add core --repo 2025.pyconuk.org"],
)
async def test_who_or_what_is_in_already_files_nothing(world: World, line: str) -> None:
    """Nothing is missing."""
    assert "nothing was filed" in words(await world.reply(line))


@pytest.mark.parametrize(
    "line",
    ["teams remove core organiser-1", "teams remove core somebody", "teams remove pydata --repo accounts"],
)
async def test_who_or_what_is_not_in_files_nothing(world: World, line: str) -> None:
    """Nothing can be taken away."""
    assert "nothing was filed" in words(await world.reply(line))


@pytest.mark.parametrize(
    ("line", "error", "message", "hint"),
    [
        ("teams show cor", UsageError, "no team `cor`", "Did you mean `core`?"),
        ("teams show zzzz", UsageError, "no team `zzzz`", "`teams` lists them."),
        ("teams add core", UsageError, "Say who joins", "teams add TEAM"),
        ("teams remove core", UsageError, "Say who leaves", "teams remove TEAM"),
        ("teams add core organiser-1 --repo ironcage", UsageError, "Say who joins", "teams add TEAM"),
        ("teams add core --repo ironcage --level all", UsageError, "--level", "teams add TEAM"),
        ("teams add core --repo 2016.pyconuk.org", Refused, "archived", "unarchives"),
        ("teams ad core organiser-1", UsageError, "unrecognized arguments", "Did you mean `add`?"),
    ],
)
async def test_what_cannot_be_says_the_next_step(
    world: World, line: str, error: type[BotError], message: str, hint: str
) -> None:
    """Each mistake has a message and what to do."""
    with pytest.raises(error) as caught:
        await world.ask(line)
    assert message.lower() in caught.value.message.lower()
    assert hint in caught.value.hint
