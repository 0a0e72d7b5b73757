"""``invitations``: who is invited and not in yet."""

from datetime import timedelta

import pytest

from bot.core.change import Outcome
from bot.core.errors import UsageError
from bot.core.status import State
from tests.commands.conftest import Build
from tests.commands.world import World, rows, targets, words


async def test_no_invitation_is_said(world: World) -> None:
    """An empty list says so."""
    assert (await world.reply("invitations", by="reader-1")).title == "No invitation waits"


async def test_who_is_invited_is_listed_with_the_link(world: World) -> None:
    """Who, by whom, until when, and what to forward; what no request waits for is not followed."""
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org"))
    reply = await world.reply("invitations")
    who, until = "today by pyconuk-infra", "Mon 22 Jun, 09:00"
    assert rows(reply) == [("helper-1", "member", who, "–", until, "–")]
    assert "Forward this link: " in words(reply)


async def test_what_a_request_waits_for_shows_what_happens_next(world: World) -> None:
    """Since when and for which request, who is asked or forwards it, and when that is."""
    into = await world.plan("grant-push helper-1 2025.pyconuk.org")
    one = await world.plan("grant-push ge0rge ironcage --direct")
    for number, plan in enumerate((into, one), 41):
        await world.apply(plan)
        world.requests.filed.pop()
        world.keep(plan, number=number, state=State.WAITING, outcome=Outcome.WAITING)
    world.rename("organiser-4", github="Ge0rge")
    world.now += timedelta(days=1)
    reply = await world.reply("invitations")
    until, after = "Mon 22 Jun, 09:00", "asked again Wed 17 Jun"
    assert rows(reply) == [
        ("helper-1", "member", "yesterday by organiser-1 (#41)", "organiser-1, to forward", until, after),
        ("ge0rge", "collaborator", "yesterday by organiser-1 (#42)", "organiser-4, in Slack", until, after),
    ]
    assert words(reply).count("Forward this link: ") == 2
    assert "/PyconUK/ironcage/invitations" in words(reply)


async def test_an_invitation_is_cancelled(world: World) -> None:
    """Cancelling is a plan on the invitation alone."""
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org"))
    plan = await world.plan("invitations remove helper-1")
    assert targets(plan) == [("github.invitation", "helper-1")]
    await world.apply(plan)
    assert (await world.reply("invitations")).title == "No invitation waits"


async def test_an_invitation_that_ran_out_is_marked(build: Build) -> None:
    """What ran out is listed, without a link, and how to invite again is said."""
    world = await build(invitations=[{"login": "helper-1", "created_at": "2026-06-01T08:00:00Z"}])
    reply = await world.reply("invitations")
    assert rows(reply) == [("helper-1", "member", "14 days ago by pyconuk-infra", "–", "ran out", "–")]
    assert "invited again" in words(reply)
    assert "Forward" not in words(reply)
    with pytest.raises(UsageError, match="has no invitation that waits"):
        await world.ask("invitations remove helper-1")


async def test_who_is_not_invited_gets_the_nearest(world: World) -> None:
    """A misspelt name is asked back."""
    await world.apply(await world.plan("grant-push helper-1 2025.pyconuk.org"))
    with pytest.raises(UsageError) as caught:
        await world.ask("invitations remove helpr-1")
    assert caught.value.hint == "Did you mean `helper-1`?"
