"""Our Slack workspaces: who administers them; an announcement is posted once and found again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.core.bound import Bound
from bot.core.change import Sought
from bot.core.errors import Denied, Malformed, OutcomeUnknown, Refused, Rejected, Unavailable, VendorError
from bot.core.run import Run
from bot.core.values import Json
from bot.core.vendor import Finding
from integrations.slack_workspaces import ANNOUNCEMENT
from integrations.slack_workspaces.check import check
from integrations.slack_workspaces.health import health
from tests.integrations.slack_workspaces.wired import CHANNEL, Workspaces, workspaces

ASKED = Run().model_dump(mode="json")


@pytest.fixture
async def both() -> AsyncIterator[Workspaces]:
    """Give both workspaces."""
    async with workspaces() as found:
        yield found


def said(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Return how each finding is, and its words."""
    return [(each.level, each.text) for each in found]


async def test_admins_are_named_and_everybody_else_is_counted(both: Workspaces) -> None:
    """Bots and those who left do not count; no address is kept; the list is asked for once an hour."""
    for _ in range(2):
        found = await both.reads.workspace("attendees")
    assert (found.team, found.members, found.guests) == ("pyconuk-attendees", 3, 1)
    assert (found.admins, found.plain) == (("george", "owen"), ())
    assert found.lacks == ()
    assert (both.calls.count("auth.test"), both.calls.count("users.list")) == (2, 1)
    users = await both.client.workspaces["attendees"].users()
    assert "canary" not in f"{users!r}"


async def test_health_says_what_should_be_otherwise(both: Workspaces) -> None:
    """A lone admin, one without a second factor and a missing scope are warnings, each with a remedy."""
    assert said(await health(both.reads)) == [
        ("good", "organisers: pyconuk-organisers has 3 members and 1 guest."),
        ("good", "attendees: pyconuk-attendees has 3 members and 1 guest."),
    ]
    users = both.attendees.users
    users["U1"].is_admin = users["U1"].is_owner = users["U2"].has_2fa = False
    both.attendees.scopes = ("users:read", "chat:write")
    both.forget()
    found = await health(both.reads)
    assert said(found)[2:] == [
        ("warning", "attendees: only owen administers pyconuk-attendees."),
        ("warning", "attendees: owen logs in as admin without a second factor."),
        ("warning", "attendees: our app there lacks `channels:history` and `channels:read`."),
    ]
    assert all(each.hint for each in found[2:])
    users["U2"].has_2fa, users["U2"].is_admin = None, False
    both.forget()
    assert said(await health(both.reads))[2][1].startswith("attendees: nobody that our app sees administers")
    assert (await both.reads.workspace("attendees")).plain is None


async def test_one_workspace_that_is_away_hides_no_other(both: Workspaces) -> None:
    """Its own line is bad; only when none answers is the vendor away."""
    both.attendees.revoked = True
    found = await health(both.reads)
    assert [each.level for each in found] == ["good", "bad"]
    assert "Slack (attendees) does not accept our token (token_revoked)" in found[1].text
    assert [each.level for each in await check(both.client)] == ["good", "bad", "bad"]
    both.organisers.revoked = True
    with pytest.raises(Denied, match=r"Slack \(organisers\)"):
        await health(both.reads)


async def test_where_announcements_go_is_checked_before(both: Workspaces) -> None:
    """The channel is named; a missing scope, a bot outside and an archived channel refuse with a remedy."""
    place = await both.reads.place()
    assert (place.workspace, place.team, place.channel) == ("attendees", "pyconuk-attendees", "announcements")
    checked = said(await check(both.client))[-1]
    assert await both.client.account() == "our app in pyconuk-organisers and our app in pyconuk-attendees"
    assert checked == ("good", "Announcements go to #announcements in pyconuk-attendees.")
    both.attendees.scopes = ("channels:read", "chat:write", "users:read")
    with pytest.raises(Refused, match="lacks the scope `channels:history`"):
        await both.reads.place()
    both.attendees.scopes = ("channels:history", *both.attendees.scopes)
    channel = both.attendees.channels[CHANNEL]
    channel.archived = True
    with pytest.raises(Refused, match="is archived"):
        await both.reads.place()
    channel.archived, channel.members = False, ["U1"]
    with pytest.raises(Refused, match="does not have our bot in it"):
        await both.reads.place()
    assert said(await check(both.client))[-1][0] == "warning"


async def test_without_a_channel_nothing_is_announced() -> None:
    """It says which key is missing, and needs no scopes for it."""
    async with workspaces({"scopes": ["users:read"]}, announcements=None) as found:
        with pytest.raises(Refused) as caught:
            await found.reads.place()
        assert "attendees.announcements" in caught.value.hint
        assert (await found.reads.workspace("attendees")).lacks == ()
        with pytest.raises(Rejected, match="no channel"):
            await Bound(ANNOUNCEMENT, found.client).write("attendees/Hello", ASKED, "m")


async def test_an_announcement_is_posted_once_and_found_by_its_mark(both: Workspaces) -> None:
    """What people wrote pings nobody; it is found by the mark, by its name, or by our bot's same words."""
    bound, words = Bound(ANNOUNCEMENT, both.client), "Doors & <!channel> open / 9:00"
    target = f"attendees/{words}"
    assert bound.change(target, None, ASKED).words == f"This is posted to attendees: “{words}”"
    sought = Sought(marker="infra-1", since=both.now - timedelta(seconds=5))
    assert await bound.look(target, sought) is None
    ts = await bound.write(target, ASKED, "infra-1")
    assert both.posted() == ["Doors &amp; &lt;!channel&gt; open / 9:00"]
    await bound.write(target, ASKED, "infra-2")

    async def found(**changes: Any) -> Json | None:
        return await bound.look(target, sought.model_copy(update=changes))

    live = await found()
    assert live
    assert (live["id"], live["stage"]) == (ts, "good")
    link = f"https://pyconuk-attendees.slack.com/archives/{CHANNEL}/p{ts.replace('.', '')}"
    assert bound.ended(target, live) == f"The announcement to attendees succeeded ({link})"
    assert await found(marker="another") is None
    assert await found(marker="another", run=ts) == live
    assert await found(since=both.now + timedelta(hours=1)) is None
    for message in both.attendees.channels[CHANNEL].messages:
        message.metadata = None
    assert (await found() or {})["stage"] == "several"
    both.attendees.channels[CHANNEL].messages.pop()
    assert await found() == live
    both.attendees.channels[CHANNEL].messages[0].user = "U1"
    assert await found() is None


async def test_long_lists_are_followed_to_their_end(both: Workspaces) -> None:
    """A busy channel's messages come in pages."""
    bound = Bound(ANNOUNCEMENT, both.client)
    await bound.write("attendees/Hello", ASKED, "m")
    for number in range(250):
        both.attendees.post(CHANNEL, "U1", text=f"{number}")
    sought = Sought(marker="m", since=both.now - timedelta(seconds=5))
    assert await bound.look("attendees/Hello", sought)
    assert both.calls.count("conversations.history") == 2


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, '{"ok": false, "error": "invalid_auth"}', Denied),
        (200, '{"ok": false, "error": "missing_scope", "needed": "users:read"}', Denied),
        (200, '{"ok": false, "error": "channel_not_found"}', Rejected),
        (200, '{"ok": false, "error": "ratelimited"}', Unavailable),
        (200, '{"ok": false, "error": "internal_error"}', Unavailable),
        (200, "[]", Malformed),
        (200, '{"ok": true}', Malformed),
    ],
)
async def test_bad_answers_are_told_clearly(
    both: Workspaces, status: int, body: str, error: type[VendorError]
) -> None:
    """Each is one of our errors with a next step, and *infra check* shows it instead of failing."""
    both.instead("*", status, body)
    with pytest.raises(error) as caught:
        await both.reads.workspace("attendees")
    assert "Slack (attendees)" in caught.value.message
    assert caught.value.hint
    assert "xoxb" not in caught.value.message
    if "needed" in body:
        assert "the scope `users:read`" in caught.value.message
    assert "bad" in [each.level for each in await check(both.client)]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('{"ok": false, "error": "fatal_error"}', OutcomeUnknown),
        ('{"ok": false, "error": "ratelimited"}', Unavailable),
        ('{"ok": false, "error": "not_in_channel"}', Rejected),
        ('{"ok": true}', Malformed),
    ],
)
async def test_trouble_with_a_post_may_have_posted(
    both: Workspaces, body: str, error: type[VendorError]
) -> None:
    """Slack's own errors are half done at times: those are looked after, a refusal posted nothing."""
    both.instead("chat.postMessage", 200, body)
    with pytest.raises(error):
        await Bound(ANNOUNCEMENT, both.client).write("attendees/Hello", ASKED, "m")
