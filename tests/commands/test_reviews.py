"""``people review`` and ``people unconfirmed``: who still helps, and what follows."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.errors import Refused, UsageError
from bot.core.event import Kind
from bot.core.keys import Vault
from bot.core.policy import Policy
from bot.core.review import SUBJECT, Terms
from bot.core.values import Json
from integrations.github import COLLABORATOR, Collaborator, Level
from tests.commands.world import NOW, World, targets, words

OVER = timedelta(days=15)


def line(world: World, kind: Kind, by: str = "George", **payload: Any) -> None:
    """Add a line of the review."""
    world.journal.add(SUBJECT, kind, payload, world.person(by), world.now)


async def begun(world: World, *helping: str) -> Terms:
    """Begin a review in which some say that they still help."""
    plan = await world.plan("people review", by="George")
    terms = Terms.model_validate(plan.changes[0].after)
    line(world, Kind.BEGUN, terms=terms.model_dump(mode="json"))
    line(world, Kind.REMINDED, stage="ask", names="")
    for name in helping:
        line(world, Kind.ANSWERED, by=name, name=name, helps=True, text="")
    return terms


async def test_a_review_says_what_will_happen(world: World) -> None:
    """Who is asked and what they hold, when what happens, who cannot be asked, and how to stop it."""
    for name in ("organiser-2", "organiser-4"):
        world.rename(name, slack=())
    plan = await world.plan("people review", by="organiser-1")
    terms = Terms.model_validate(plan.changes[0].after)
    assert plan.title == "Ask 7 people whether they still help"
    assert plan.notes == (
        "Asked in Slack Mon 15 Jun, 09:00; who is silent is asked once more Mon 22 Jun, 16:30.",
        (
            "Closes Mon 29 Jun, 23:59. Who did not say yes is then in one plan for the owners; "
            "nothing is taken away before they approve it."
        ),
        "Without a Slack account, so an owner answers for them: organiser-2 and organiser-4.",
        "Can push, but not in our people, so not asked: organiser-3.",
        "`people review` shows who answered; `people review --stop` stops it.",
    )
    assert terms.holds["organiser-2"] == (
        "organiser in our list of people",
        "Admin on ironcage (team pydata)",
        "Write on 2025.pyconuk.org (team core)",
    )
    assert terms.holds["Charlie"][1:] == ("Admin on 5 repositories (owner of the organisation)",)
    assert (terms.by, terms.strangers) == ("organiser-1", ("organiser-3",))


async def test_people_are_asked_while_they_are_awake(world: World) -> None:
    """A review that is begun at night asks in the morning; it gives people two days at least."""
    world.now = NOW + timedelta(hours=15)
    plan = await world.plan("people review --until 2026-06-18")
    assert plan.notes[0].startswith("Asked in Slack Tue 16 Jun, 09:00;")
    with pytest.raises(UsageError, match="16 Jun 2026 is too soon"):
        await world.ask("people review --until 2026-06-16")


async def test_without_github_only_roles_are_asked_about(world: World) -> None:
    """Where GitHub is not set up people still have a role."""
    world.configured = False
    terms = await begun(world)
    assert terms.holds["George"] == ("owner in our list of people",)
    world.now += OVER
    assert targets(await world.plan("people unconfirmed"))[0] == ("people.person", "organiser-1")


async def test_a_running_review_is_shown(world: World) -> None:
    """Asked again it shows who answered; it is begun once, and can be stopped."""
    await begun(world, "Cory")
    line(world, Kind.NOTED, name="organiser-4", text="no Slack account")
    line(world, Kind.ANSWERED, name="organiser-1", helps=False, text="")
    said = words(await world.reply("people review"))
    assert said.startswith("2 of 7 people answered\nBegun by: George, Mon 15 Jun, 09:00\nCloses: Mon 29 Jun")
    assert "Still help: Cory" in said
    assert "Want to be removed: organiser-1" in said
    assert "No answer yet: Charlie, George, organiser-2, organiser-4 and reader-1" in said
    assert "Not reached in Slack: organiser-4" in said
    with pytest.raises(Refused, match="A review runs already"):
        await world.ask("people review --until 2026-07-30")
    assert targets(await world.plan("people review --stop")) == [("people.review", "everybody")]


async def test_after_its_close_a_review_is_shown_for_a_while(world: World) -> None:
    """What followed is said; another review begins when that is asked for, or later."""
    await begun(world)
    world.now += OVER
    line(world, Kind.ENDED, request="r12", number=12, names="", text="")
    said = words(await world.reply("people review"))
    assert "What followed: #12: `requests 12`" in said
    assert "`people review --until DATE` begins another one." in said
    await world.plan("people review --until 2026-07-30")
    world.now += timedelta(days=31)
    await world.plan("people review")
    line(world, Kind.STOPPED)
    with pytest.raises(Refused, match="No review runs"):
        await world.ask("people review --stop")


async def test_what_nobody_confirmed_is_one_plan(world: World) -> None:
    """Out of the teams, no grants of their own, out of our list; who said yes is left alone."""
    level = Collaborator(level=Level.WRITE).model_dump(mode="json")
    for repo in ("accounts", "2016.pyconuk.org"):
        world.github.world.set_collaborator(repo, "organiser-1", "push")
    assert await world.bound[COLLABORATOR.name].read("accounts/organiser-1") == level
    await begun(world, "Charlie", "Cory", "George", "organiser-4")
    line(world, Kind.ANSWERED, name="organiser-1", helps=False, text="")
    line(world, Kind.NOTED, name="reader-1", text="no Slack account")
    world.now += OVER
    world.keys.opens["Infrastructure"] = Vault(people=("organiser-2",), on=date(2026, 6, 1))
    plan = await world.plan("people unconfirmed", by="George")
    held = "*organiser-2: 1 thing stands in their name alone*, `people remove organiser-2` says which to move"
    assert [note for note in plan.notes if note.startswith(held)]
    assert "`keys leaver NAME`" in plan.by_hand[0]
    assert targets(plan) == [
        ("github.collaborator", "accounts/organiser-1"),
        ("people.person", "organiser-1"),
        ("github.team_member", "core/organiser-2"),
        ("github.team_member", "pydata/organiser-2"),
        ("people.person", "organiser-2"),
        ("people.person", "reader-1"),
    ]
    assert all(change.after is None for change in plan.changes)
    assert [loss.partition(" loses")[0] for loss in plan.losses] == [
        "organiser-1 (wants to be removed)",
        "organiser-2 (did not answer)",
        "reader-1 (could not be asked in Slack)",
    ]
    assert "Can push, but not in our people, so not asked: organiser-3. `access` shows why" in plan.notes


async def test_enough_owners_stay(world: World) -> None:
    """Owners who did not answer leave only while enough are left; else they are named and stay."""
    await begun(world, "Charlie", "Cory", "organiser-1", "organiser-2", "organiser-4", "reader-1")
    world.now += OVER
    plan = await world.plan("people unconfirmed")
    assert targets(plan) == [("github.org_member", "george"), ("people.person", "George")]
    assert plan.changes[0].after == {"role": "member", "pending": False}
    world.policy = Policy(min_owners=3)
    reply = await world.reply("people unconfirmed")
    assert "Only George did not confirm, but too few owners would be left" in words(reply)
    world.journal.kept = [kept for kept in world.journal.kept if kept.payload.get("name") != "reader-1"]
    plan = await world.plan("people unconfirmed")
    assert targets(plan) == [("people.person", "reader-1")]
    assert plan.notes[0] == "*Not in this plan:* George, since too few owners would be left. Ask them"


async def test_where_every_member_can_push_they_leave_the_organisation(world: World) -> None:
    """Taking somebody out of the teams would change nothing there."""
    world.github.world.set_base_permission("write")
    people = world.people.people
    await begun(world, *(name for name in people if name != "organiser-2"))
    world.now += OVER
    plan = await world.plan("people unconfirmed")
    assert ("github.org_member", "organiser-2") in targets(plan)


async def test_nothing_follows_before_its_time(world: World) -> None:
    """Without a review, or while people can answer, nothing is planned; when all confirmed neither."""
    with pytest.raises(Refused, match="no review"):
        await world.ask("people unconfirmed")
    await begun(world, *world.people.people)
    with pytest.raises(Refused, match="People can still answer, until Mon 29 Jun, 23:59"):
        await world.ask("people unconfirmed")
    world.now += OVER
    payload: Json = {}
    assert "Everybody still helps" in words(await world.reply("people unconfirmed"))
    world.journal.add(SUBJECT, Kind.STOPPED, payload, world.person("George"), world.now)
    with pytest.raises(Refused, match="no review"):
        await world.ask("people unconfirmed")
