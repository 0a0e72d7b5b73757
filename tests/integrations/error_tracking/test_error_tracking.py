"""Error tracking: what is new is said, what is old is counted, and trouble is told from silence."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import TypeAlias

import pytest

from bot.core.errors import Denied, Malformed, VendorError
from integrations.error_tracking import ERROR_TRACKING, TrackingReads
from integrations.error_tracking.check import check
from integrations.error_tracking.client import TrackingClient
from integrations.error_tracking.health import health
from integrations.error_tracking.setup import by_hand
from integrations.error_tracking.standin import StandIn
from tests.integrations.wired import NOW, Wired, wired

Tracking: TypeAlias = Wired[StandIn, TrackingClient, TrackingReads]

SECTION = {"org": "pyconuk", "project": "voting", "token": "sandbox-sentry-token"}
OLD = {"title": "KeyError: 'vote'", "count": 7, "since": "2026-03-01T09:00:00+00:00"}
ISSUES = "/api/0/projects/pyconuk/voting/issues/"


@pytest.fixture
async def tracking() -> AsyncIterator[Tracking]:
    """Give our client wired to the stand-in, which has one old error."""
    async with wired(ERROR_TRACKING, StandIn, {**SECTION, "issues": [OLD]}, SECTION) as found:
        yield found


async def test_what_is_new_since_yesterday_is_said(tracking: Tracking) -> None:
    """An old error is no news; new ones are named, the most frequent first."""
    [found] = await health(tracking.reads)
    assert (found.level, found.text) == (
        "good",
        "No new error of voting in 24 hours; 1 unresolved at Sentry.",
    )
    for number in range(1, 5):
        tracking.standin.breaks(f"Error {number}", number, NOW - timedelta(hours=number))
    tracking.client.memo.clear()
    [found] = await health(tracking.reads)
    assert found.level == "warning"
    assert found.text == (
        "4 new errors of voting in 24 hours: VOTING-5 Error 4 (4 times); VOTING-4 Error 3 (3 times); "
        "VOTING-3 Error 2 (2 times); 1 more; 5 unresolved at Sentry."
    )
    assert found.hint
    tracking.now = NOW + timedelta(days=2)
    assert (await health(tracking.reads))[0].level == "good"
    assert {call.partition("?")[0] for call in tracking.calls} == {f"GET {ISSUES}"}


async def test_every_page_is_read_but_not_without_end(tracking: Tracking) -> None:
    """A next page is read while something is on it; from five hundred on it is said that there are more."""
    for number in range(120):
        tracking.standin.breaks(f"Error {number}", 1, NOW - timedelta(days=3))
    found = await tracking.reads.errors()
    assert (found.unresolved, found.more, found.new, len(tracking.calls)) == (121, False, (), 2)
    assert found.seen == 121
    for number in range(400):
        tracking.standin.breaks(f"Error {number}", 1, NOW - timedelta(days=3))
    tracking.client.memo.clear()
    assert "500 or more unresolved" in (await health(tracking.reads))[0].text


async def test_the_check_proves_token_and_project(tracking: Tracking) -> None:
    """All is well, a scope is missing (which one), the token is wrong, or the project is not there."""
    found = await check(tracking.client)
    assert [each.level for each in found] == ["good", "good"]
    assert found[0].text == "Sentry answers for the project pyconuk/voting."
    assert by_hand(tracking.client.settings)[0].endswith("/organizations/pyconuk/issues/")
    for change, words in (
        ({"scopes": []}, "lacks the scope `event:read`"),
        ({"token": "another"}, "does not accept our token"),
    ):
        for name, value in change.items():
            setattr(tracking.standin, name, value)
        tracking.client.memo.clear()
        [trouble] = await check(tracking.client)
        assert (trouble.level, words in trouble.text, "event:read" in trouble.hint) == ("bad", True, True)
    tracking.standin.reset()
    tracking.client.settings = tracking.client.settings.model_copy(update={"project": "votes"})
    [trouble] = await check(tracking.client)
    assert trouble.text == "Sentry shows our token no project pyconuk/votes."


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, '{"detail": "no list"}', Malformed),
        (200, '[{"id": "1", "title": "no dates"}]', Malformed),
        (200, '[{"id": "1", "title": "a", "firstSeen": "soon", "lastSeen": "later"}]', Malformed),
        (401, '{"detail": "Invalid token"}', Denied),
        (403, "<html>", Denied),
    ],
)
async def test_bad_answers(tracking: Tracking, status: int, body: str, error: type[VendorError]) -> None:
    """Whatever comes in the place of issues is an error with a next step; our token is in none."""
    tracking.instead(ISSUES, status, body)
    with pytest.raises(error) as caught:
        await tracking.reads.errors()
    assert caught.value.hint
    assert SECTION["token"] not in f"{caught.value.message}{caught.value.hint}"


def test_opbeat_is_a_dated_fact() -> None:
    """The service that we had is on the board as closed, with where to go."""
    [opbeat] = ERROR_TRACKING.closed
    assert (opbeat.title, opbeat.on) == ("Opbeat", date(2018, 5, 24))
    assert "Sentry or GlitchTip" in opbeat.why
