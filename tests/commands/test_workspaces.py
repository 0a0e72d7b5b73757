"""``workspaces`` and ``announce``: what our Slack workspaces are, and one message to all attendees."""

from collections.abc import AsyncIterator

import pytest

from bot.core.bound import Bound
from bot.core.errors import Refused
from integrations.slack_workspaces import SLACK_WORKSPACES
from tests.commands.conftest import Build
from tests.commands.world import World, words
from tests.integrations.slack_workspaces.wired import Workspaces, workspaces

INVITE = "https://join.slack.com/t/pyconuk-attendees/shared_invite/x"


@pytest.fixture
async def both() -> AsyncIterator[Workspaces]:
    """Both workspaces, the attendees' with a link to join."""
    async with workspaces(invite=INVITE) as found:
        yield found


@pytest.fixture
async def world(build: Build, both: Workspaces) -> World:
    """The organisation with its workspaces."""
    world = await build()
    world.readers["slack_workspaces"] = both.reads
    world.bound |= {resource.name: Bound(resource, both.client) for resource in SLACK_WORKSPACES.resources}
    return world


async def test_both_workspaces_are_shown_with_how_to_invite(world: World, both: Workspaces) -> None:
    """By a link where there is one, else by asking an admin; for the asker alone; one away hides no other."""
    reply = await world.reply("workspaces")
    said = words(reply)
    assert reply.private
    assert "*pyconuk-attendees*, attendees (https://pyconuk-attendees.slack.com/)" in said
    assert f"give them this link: {INVITE}" in said
    assert "ask george or owen: the workspace's name, *Invite people*. A bot cannot." in said
    assert "all admins" in said
    both.attendees.revoked = True
    reply = await world.reply("workspaces")
    assert reply.title == "Our Slack workspaces, 1 not seen now"
    assert "does not accept our token" in words(reply)
    assert "*pyconuk-organisers*" in words(reply)


async def test_an_announcement_is_previewed(world: World, both: Workspaces) -> None:
    """The plan has the very words, where they go and who reads them; nothing is posted before."""
    plan = await world.plan("announce 'Doors open at 9:00' tomorrow")
    (change,) = plan.changes
    assert change.words == "This is posted to attendees: “Doors open at 9:00 tomorrow”"
    assert plan.gains == ("Everybody in #announcements of pyconuk-attendees reads it",)
    assert plan.wide
    assert both.posted() == []
    await world.apply(plan)
    assert both.posted() == ["Doors open at 9:00 tomorrow"]


async def test_what_could_not_be_found_again_is_not_announced(world: World, both: Workspaces) -> None:
    """Without the right to read the channel the bot could not tell whether it was posted."""
    both.attendees.scopes = ("channels:read", "chat:write")
    with pytest.raises(Refused, match="lacks the scope `channels:history`"):
        await world.ask("announce Hello")
