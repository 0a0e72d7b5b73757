"""``people``, ``away`` and ``owners``: our list, and who decides."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.core.errors import BotError, Refused, UsageError
from bot.core.policy import Policy
from commands.away.until import UNTIL
from tests.commands.conftest import Build
from tests.commands.world import World, rows, targets, words


def after(plan: Any) -> dict[str, Any]:
    """Return what the first change leaves."""
    state: dict[str, Any] = plan.changes[0].after
    return state


async def test_people_are_listed_owners_first(world: World) -> None:
    """Each with role and accounts; who lacks a login is pointed out."""
    reply = await world.reply("people", by="reader-1")
    assert [row[0] for row in rows(reply)][:4] == ["Charlie", "Cory", "George", "organiser-1"]
    assert ("organiser-4", "organiser", "<@U0ORG4>", "–", "–") in rows(reply)
    assert "Without GitHub login: organiser-4 and reader-1." in words(reply)


async def test_a_list_where_everybody_has_a_login_warns_of_nobody(world: World) -> None:
    """No warning without a reason."""
    for name in ("organiser-4", "reader-1"):
        del world.people.people[name]
    assert "Without" not in words(await world.reply("people"))


async def test_one_person_is_shown(world: World) -> None:
    """One person with everything we know."""
    world.rename("organiser-1", away_until=date(2026, 6, 18))
    said = words(await world.reply("people show organiser-1"))
    assert (
        said == "organiser-1\nRole: organiser\nSlack: <@U0ORG1>\nGitHub: organiser-1\nAway: until 18 Jun 2026"
    )


async def test_a_person_joins_our_list(world: World) -> None:
    """Accounts are checked and shown."""
    plan = await world.plan("people add helper-1 --slack <@U9> --github HELPER-1 --list-only")
    assert targets(plan) == [("people.person", "helper-1")]
    assert after(plan)["github"] == "helper-1"
    assert plan.notes == ("GitHub: helper-1, account since 2019.",)
    assert (plan.by_hand, plan.wide) == ((), False)
    await world.apply(plan)
    assert world.person("helper-1").slack == ("U9",)


async def test_a_person_without_slack_is_pointed_out(world: World) -> None:
    """Somebody who cannot ask anything is worth a note."""
    plan = await world.plan("people add helper-1")
    assert plan.notes == ("Without a Slack account they cannot ask the bot for anything.",)


async def test_without_github_a_login_is_taken_as_said(world: World) -> None:
    """Where GitHub is not set up, nothing is checked there."""
    world.configured = False
    assert after(await world.plan("people add helper-1 --github no-such"))["github"] == "no-such"
    assert after(await world.plan("people change organiser-4 --github no-such"))["github"] == "no-such"
    assert targets(await world.plan("people remove organiser-2")) == [("people.person", "organiser-2")]
    with pytest.raises(Refused, match="GitHub is not set up here"):
        await world.ask("people add helper-1 --github helper-1 --team core")


async def test_a_person_changes(world: World) -> None:
    """A role, a login, another Slack account: what is not said stays."""
    plan = await world.plan("people change organiser-1 --role owner")
    assert after(plan) == {"role": "owner", "slack": ["U0ORG1"], "github": "organiser-1", "away_until": None}
    assert plan.gains == ("organiser-1: owner instead of organiser",)
    plan = await world.plan("people change organiser-1 --slack <@U8>")
    assert after(plan)["slack"] == ["U0ORG1", "U8"]
    plan = await world.plan("people change organiser-1 --drop-slack <@U0ORG1>")
    assert after(plan)["slack"] == []
    plan = await world.plan("people change organiser-4 --github helper-1")
    assert after(plan)["github"] == "helper-1"
    assert "GitHub: helper-1, account since 2019." in plan.notes


@pytest.mark.parametrize(
    ("line", "error", "message", "hint"),
    [
        (
            "people show organser-1",
            UsageError,
            "organser-1 is not in our people",
            "Did you mean `organiser-1`?",
        ),
        ("people show zzz", UsageError, "zzz is not in our people", "`people` lists everybody"),
        ("people change zzz --role owner", UsageError, "zzz is not in our people", "`people add zzz`"),
        ("people change organiser-1", UsageError, "changes nothing", "--role"),
        ("people change organiser-1 --role organiser", UsageError, "changes nothing", "--role"),
        ("people change organiser-1 --role boss", UsageError, "--role", "people change NAME"),
        ("people change organiser-1 --slack <@U0CORY>", Refused, "belongs to Cory", "one person"),
        ("people change organiser-1 --slack cory", UsageError, "not a Slack account", "people change NAME"),
        ("people change organiser-1 --github cory", Refused, "cory belongs to Cory", "one person"),
        ("people change organiser-4 --github no-such", UsageError, "no account `no-such`", "spelling"),
        ("people remove zzz", UsageError, "zzz is not in our people", "`people` lists everybody"),
        (
            "people add organiser-1 --role owner",
            Refused,
            "in our people already",
            "people change organiser-1",
        ),
        (
            "people add organiser-1 --slack <@U9>",
            Refused,
            "in our people already",
            "people change organiser-1",
        ),
        ("people add organiser-4 --github helper-1", Refused, "otherwise", "people change organiser-4"),
        ("people add helper --team core", UsageError, "A team is on GitHub", "--github LOGIN"),
        ("people add helper --github helper-1 --team croe", UsageError, "no team `croe`", "`core`"),
        (
            "people add x --github helper-1 --team core --list-only",
            UsageError,
            "A team is",
            "Leave one of them",
        ),
        ("people add helper --slack <@U0CORY>", Refused, "<@U0CORY> is Cory", "people change Cory"),
        ("people add helper --github another-org", Refused, "is no person", "person's login"),
        ("people add two*words", UsageError, "NAME", "people add NAME"),
        ("people add helper --github -x-_", UsageError, "--github", "people add NAME"),
        (
            "owners add helper-1",
            Refused,
            "helper-1 is not in our people",
            "people add NAME --github helper-1",
        ),
        ("owners remove zzz", UsageError, "zzz is no owner", "`owners` lists them"),
        ("owners remove geroge", UsageError, "geroge is no owner", "Did you mean `George`?"),
        ("away until 2026-06-01", UsageError, "1 Jun 2026 has passed", "2026-07-01"),
        ("away until tomorrow", UsageError, "DATE", "away until DATE"),
    ],
)
async def test_what_cannot_be_says_the_next_step(
    world: World, line: str, error: type[BotError], message: str, hint: str
) -> None:
    """Each mistake has a message and what to do."""
    with pytest.raises(error) as caught:
        await world.ask(line)
    assert message in caught.value.message
    assert hint in caught.value.hint


async def test_away_is_of_oneself(world: World) -> None:
    """Only the asker goes away, up to and including a day."""
    plan = await world.plan("away until 2026-06-18", by="Cory")
    assert targets(plan) == [("people.person", "Cory")]
    assert after(plan)["away_until"] == "2026-06-18"
    await world.apply(plan, by="Cory")
    said = words(await world.reply("away"))
    assert "*Cory* until 18 Jun 2026" in said
    assert "Owners who can be asked: Charlie and George." in said


async def test_back_is_the_way_back(world: World) -> None:
    """Who is away comes back; who is here is told so."""
    assert words(await world.reply("away back", by="Cory")) == "You are not away."
    world.rename("Cory", away_until=date(2026, 6, 18))
    assert after(await world.plan("away back", by="Cory"))["away_until"] is None


async def test_nobody_is_away(world: World) -> None:
    """An empty list says so."""
    assert "Nobody is away." in words(await world.reply("away"))


async def test_who_is_not_in_our_people_cannot_go_away(world: World) -> None:
    """An actor who was removed meanwhile is told who adds people."""
    context = replace(world.context("organiser-1", ""), people=())
    with pytest.raises(Refused, match="organiser-1 is not in our people"):
        await UNTIL.run(UNTIL.args(until=date(2026, 7, 1)), context)


async def test_owners_are_shown_with_where_the_lists_differ(world: World) -> None:
    """Owners on GitHub who are not in our list, and the other way round, are pointed out."""
    world.people.people["organiser-1"] = world.person("organiser-1").model_copy(
        update={"role": world.person("Cory").role}
    )
    reply = await world.reply("owners", by="reader-1")
    assert ("Cory", "cory", "yes") in rows(reply)
    assert "Owners on GitHub, but not in our list: pyconuk-infra." in words(reply)
    assert "Owners in our list, but not on GitHub: organiser-1. They cannot approve." in words(reply)


async def test_two_lists_that_agree_warn_of_nothing_but_their_size(build: Build) -> None:
    """Too few owners are pointed out."""
    world = await build(bot_login="cory")
    assert "Owners" not in words(await world.reply("owners"))
    world.policy = Policy(min_owners=4)
    assert "Fewer than 4 owners" in words(await world.reply("owners"))


async def test_an_owner_is_made_in_both_lists(world: World) -> None:
    """Ours first, since an invitation to GitHub may wait."""
    plan = await world.plan("owners add organiser-1")
    assert targets(plan) == [("people.person", "organiser-1"), ("github.org_member", "organiser-1")]
    assert after(plan)["role"] == "owner"
    assert plan.wide
    await world.apply(plan)
    assert "an owner already" in words(await world.reply("owners add organiser-1"))


async def test_an_owner_is_owner_no_longer_in_both_lists(world: World) -> None:
    """Who stops being an owner stays a member."""
    plan = await world.plan("owners remove George")
    assert targets(plan) == [("github.org_member", "george"), ("people.person", "George")]
    assert plan.changes[0].after == {"role": "member", "pending": False}
    assert plan.changes[1].after is not None
    assert plan.changes[1].after["role"] == "organiser"


async def test_an_owner_of_one_list_is_taken_from_that_one(world: World) -> None:
    """Somebody who is an owner on GitHub alone, or in our list alone, is taken where they are."""
    assert targets(await world.plan("owners remove pyconuk-infra")) == [
        ("github.org_member", "pyconuk-infra")
    ]
    world.people.people["organiser-4"] = world.person("organiser-4").model_copy(
        update={"role": world.person("Cory").role}
    )
    assert targets(await world.plan("owners remove organiser-4")) == [("people.person", "organiser-4")]


async def test_who_is_no_owner_has_nothing_to_lose(world: World) -> None:
    """Nothing is filed."""
    assert "nothing was filed" in words(await world.reply("owners remove organiser-1"))
