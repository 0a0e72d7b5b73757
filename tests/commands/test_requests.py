"""``requests``, ``undo`` and ``audit``: what was asked, and the way back."""

from datetime import timedelta

import pytest

from bot.core.change import Outcome
from bot.core.errors import Refused, UsageError
from bot.core.event import Kind
from bot.core.people import Actor
from bot.core.status import Decision, State
from bot.core.values import Json
from tests.commands.world import NOW, World, rows, targets, words


async def test_open_requests_come_before_recent_ones(world: World) -> None:
    """What waits for somebody is on top."""
    plan = await world.plan("grant-push organiser-1 website")
    world.keep(plan, number=41, state=State.DENIED)
    world.keep(plan, number=42, state=State.PENDING)
    reply = await world.reply("requests", by="reader-1")
    assert reply.title == "1 open request"
    assert rows(reply)[0] == (
        "#42",
        "Push access for organiser-1: website",
        "organiser-1",
        "Mon 15 Jun, 09:00",
        "pending",
    )
    assert words(reply).index("#42") < words(reply).index("#41")


async def test_no_request_is_said(world: World) -> None:
    """Nothing open, nothing recent."""
    assert (await world.reply("requests")).title == "No open requests"


async def test_running_grants_are_listed_with_their_end(world: World) -> None:
    """What will end is in the list, the next end first."""
    for number, days in ((42, 14), (43, 7)):
        request = world.keep(await world.plan("grant-push organiser-1 ironcage --for 14d"), number=number)
        world.grant(request, NOW + timedelta(days=days))
    said = words(await world.reply("requests"))
    assert "*With an end*" in said
    assert (
        "#43 | Push access for organiser-1: ironcage | organiser-1 | Mon 22 Jun, 09:00 | "
        "organiser-1 loses their own grant on *ironcage* (now: Write)"
    ) in said
    assert "#42" in said


async def test_a_grant_says_its_end(world: World) -> None:
    """One request tells when its grant ends, also when that was moved, what that changes, and when it did."""
    request = world.keep(await world.plan("grant-push organiser-1 ironcage --for 14d"))
    world.grant(request, NOW + timedelta(days=7))
    said = words(await world.reply("requests 42"))
    assert "Ends: Mon 22 Jun, 09:00" in said
    assert "*At its end*\n• organiser-1 loses their own grant on *ironcage* (now: Write)" in said
    for clean, told in ((True, "Ended: Mon 22 Jun, 09:00"), (False, "Ended, but not cleanly: Mon 22 Jun")):
        ended = {"ended_at": NOW + timedelta(days=7), "ended_clean": clean}
        world.requests.filed[0] = (request, world.requests.filed[0][1].model_copy(update=ended))
        assert told in words(await world.reply("requests 42"))


async def test_a_long_list_of_grants_says_how_many_more(world: World) -> None:
    """The next twenty ends are listed, the others counted."""
    request = world.keep(await world.plan("grant-push organiser-1 ironcage --for 14d"))
    for days in range(22):
        world.grant(request, NOW + timedelta(days=days))
    assert "… and 2 more that end later." in words(await world.reply("requests"))


async def test_one_request_is_shown_in_full(world: World) -> None:
    """What changes, who asked why, who can decide until when, and what happened so far."""
    plan = await world.plan("grant-push organiser-1 website --for 14d")
    plan = plan.model_copy(update={"reason": "looks after the schedule page"})
    world.keep(plan, state=State.PENDING, outcome=None)
    said = words(await world.reply("requests #42", by="reader-1"))
    assert said.startswith(
        "#42 Push access for organiser-1: website\nAsked by: organiser-1, Mon 15 Jun, 09:00"
    )
    assert "Reason: looks after the schedule page" in said
    assert "Decision: 1 owner of Charlie, Cory or George, until Thu 18 Jun, 09:00" in said
    assert "Ends: Mon 29 Jun, 09:00" in said
    assert "1. organiser-1 gets *Write* on *2026.pyconuk.org* alone (now: no grant of their own)" in said
    assert "organiser-1 · asked: Push access for organiser-1: website" in said


async def test_a_decided_request_says_who_decided_and_how_each_step_went(world: World) -> None:
    """After the decision the request says by whom, and what became of each change."""
    request = world.keep(await world.plan("grant-push organiser-1 website"), state=State.WAITING)
    status = world.requests.filed[0][1]
    approvals = (Decision(by=Actor.of(world.person("Cory"), "slack"), at=NOW),)
    step = status.step("apply", 1).model_copy(update={"outcome": Outcome.WAITING, "detail": "must accept"})
    status = status.model_copy(
        update={"approvals": approvals, "note": "GitHub is slow", "steps": status.steps | {"apply:1": step}}
    )
    world.requests.filed[0] = (request, status)
    said = words(await world.reply("requests 42"))
    assert "State: waiting (GitHub is slow)" in said
    assert "Decision: #42 was approved by Cory at 09:00." in said
    assert "(now: Read) – done" in said
    assert "(now: not in it) – waiting: must accept" in said


@pytest.mark.parametrize("line", ["requests 7", "undo 7"])
async def test_an_unknown_number_is_said(world: World, line: str) -> None:
    """A request that never was has nothing to show or undo."""
    with pytest.raises(UsageError, match="There is no #7"):
        await world.ask(line)


@pytest.mark.parametrize("line", ["requests x", "undo 0", "undo"])
async def test_a_number_is_a_number(world: World, line: str) -> None:
    """Anything else shows usage."""
    with pytest.raises(UsageError) as caught:
        await world.ask(line)
    assert "Write: `" in caught.value.hint


async def test_undo_restores_what_was_there_last_step_first(world: World) -> None:
    """While nothing moved, the way back is an undo of that request."""
    request = await world.apply(await world.plan("grant-push organiser-1 website"))
    plan = await world.plan("undo 42 because it was the wrong repository")
    assert plan.title == "Undo #42: Push access for organiser-1: website"
    assert plan.undoes == request.id
    assert targets(plan) == [
        ("github.team_member", "core/organiser-1"),
        ("github.team_repo", "core/2026.pyconuk.org"),
    ]
    assert [change.after for change in plan.changes] == [None, {"level": "Read"}]
    await world.apply(plan, number=43)
    with pytest.raises(Refused, match="Nothing of #42 is left"):
        await world.ask("undo 42")


async def test_what_moved_since_makes_an_ordinary_plan(world: World) -> None:
    """When live is no longer what was applied, owners decide as about any plan, and see what moved."""
    await world.apply(await world.plan("grant-push organiser-1 website"))
    level: Json = {"level": "Admin"}
    await world.bound["github.team_repo"].write("core/2026.pyconuk.org", level)
    plan = await world.plan("undo 42")
    assert plan.undoes == ""
    assert plan.changes[1].before == level
    assert plan.notes == ("*Moved since* #42: *2026.pyconuk.org* joins core with *Read* (now: Admin)",)


async def test_after_a_day_undo_is_an_ordinary_plan(world: World) -> None:
    """Later than a day the usual number of owners decides."""
    await world.apply(await world.plan("grant-push organiser-1 website"))
    world.now += timedelta(days=2)
    assert (await world.plan("undo 42")).undoes == ""


async def test_an_invitation_that_waits_can_be_undone(world: World) -> None:
    """Who has not accepted yet is not invited any more: the exact mirror, in words true now."""
    given = await world.plan("grant-push helper-1 2025.pyconuk.org")
    await world.apply(given)
    plan = await world.plan("undo 42")
    assert (plan.changes[0].before, plan.changes[0].after) == (
        given.changes[0].after,
        given.changes[0].before,
    )
    assert plan.changes[0].words == "helper-1 leaves team *core* (now: invited as member)"
    assert plan.undoes == "r42"


async def test_a_grant_that_is_undone_invites_nobody(world: World) -> None:
    """Who was invited before, got more by a request and is out since, is not invited anew by its undo."""
    target = "2025.pyconuk.org/helper-1"
    invited: Json = {"level": "Read", "pending": True}
    await world.bound["github.collaborator"].write(target, invited)
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org --direct"))
    world.github.decline("helper-1")
    with pytest.raises(Refused, match="taking back what was given invites nobody"):
        await world.ask("undo 42")


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(State.PENDING, None), (State.DRIFTED, Outcome.DRIFTED), (State.APPLIED, Outcome.ALREADY_SO)],
)
async def test_what_changed_nothing_cannot_be_undone(
    world: World, state: State, outcome: Outcome | None
) -> None:
    """A request that made no change has no way back."""
    world.keep(await world.plan("grant-push organiser-1 website"), state=state, outcome=outcome)
    with pytest.raises(Refused, match=f"#42 changed nothing \\({state.value}\\)"):
        await world.ask("undo 42")


async def test_the_audit_reads_like_a_story(world: World) -> None:
    """When, who, about which request, what."""
    request = world.keep(await world.plan("grant-push organiser-1 website"))
    cory = world.person("Cory")
    world.journal.add(f"request:{request.id}", Kind.APPROVED, {"digest": "x"}, cory, NOW)
    refused: Json = {"request": request.id, "verb": "approve", "why": "Only an owner can approve #42."}
    world.journal.add("refusals", Kind.REFUSED, refused, world.person("organiser-2"), NOW)
    world.journal.add("people", Kind.SEEDED, {"names": ["Cory"]}, cory, NOW)
    reply = await world.reply("audit", by="reader-1")
    assert reply.title == "Audit: 4 lines"
    assert [row[1:] for row in rows(reply)] == [
        ("organiser-1", "#42", "asked: Push access for organiser-1: website"),
        ("Cory", "#42", "approved"),
        ("organiser-2", "#42", "was refused: Only an owner can approve #42."),
        ("Cory", "people", "filled an empty list from the configuration"),
    ]


async def test_the_audit_can_be_of_one_person_and_of_some_days(world: World) -> None:
    """--who takes a person in any form, also one who is gone; --since a day or a span."""
    cory = world.person("Cory")
    for day in (1, 10, 14):
        world.journal.add("people", Kind.NOTED, {"text": f"on day {day}"}, cory, NOW.replace(day=day))
    world.journal.add("people", Kind.NOTED, {"text": "other"}, world.person("organiser-1"), NOW)
    reply = await world.reply("audit --who cory --since 7d")
    assert reply.title == "Audit: 2 lines by Cory"
    assert [row[3] for row in rows(reply)] == ["noted: on day 10", "noted: on day 14"]
    assert len(rows(await world.reply("audit --since 2026-06-14"))) == 2
    assert (await world.reply("audit --who gone")).title == "Audit: No line by gone"


async def test_a_long_audit_says_that_there_is_more(world: World) -> None:
    """Fifty lines are shown, and how to see others."""
    for _ in range(51):
        world.journal.add("people", Kind.NOTED, {"text": "x"}, world.person("Cory"), NOW)
    assert "newest 50" in words(await world.reply("audit"))


async def test_since_is_a_day_or_a_span(world: World) -> None:
    """Anything else shows what to write."""
    with pytest.raises(UsageError, match="neither a day nor a span: write 2026-06-01 or 7d"):
        await world.ask("audit --since yesterday")


async def test_a_request_without_notes_shows_none(world: World) -> None:
    """Empty parts are left out."""
    world.keep(await world.plan("away until 2026-07-01"), state=State.APPLIED)
    said = words(await world.reply("requests 42"))
    assert "*Notes*" not in said
    assert "*Who gains what*" not in said
    assert "Decision: #42 needed no approval." in said
