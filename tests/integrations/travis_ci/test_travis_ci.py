"""Travis CI: an old way to build, looked at; a build is asked for only where that is on, and then once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TypeAlias

import pytest

from bot.core.bound import Bound
from bot.core.change import Sought
from bot.core.deploying import Stage
from bot.core.errors import Denied, Refused, Rejected, Unavailable, VendorError
from bot.core.run import Run
from bot.core.vendor import Finding, Reach
from bot.http.budget import Budget
from integrations.travis_ci import BUILD_REQUEST, TRAVIS_CI, TravisReads
from integrations.travis_ci.check import check
from integrations.travis_ci.client import TravisClient
from integrations.travis_ci.costs import told
from integrations.travis_ci.health import health
from integrations.travis_ci.resources import OFF
from integrations.travis_ci.standin import StandIn
from tests.integrations.wired import NOW, Wired, unasked, wired

Travis: TypeAlias = Wired[StandIn, TravisClient, TravisReads]

SECTION = {"owner": "PyconUK", "repository": "2017.pyconuk.org", "token": "sandbox-travis-token"}
SEED = {**SECTION, "first": 118, "builds": [{"at": "2018-09-13T11:30:00"}, {"at": "2018-09-14T10:00:00"}]}
ASKED = Run().model_dump(mode="json")
TARGET = "PyconUK/2017.pyconuk.org@master"


@pytest.fixture
async def travis() -> AsyncIterator[Travis]:
    """Give our client wired to the stand-in, where builds may be asked for."""
    async with wired(TRAVIS_CI, StandIn, SEED, {**SECTION, "requests": True}) as found:
        yield found


def levels(found: tuple[Finding, ...]) -> list[str]:
    """Return how each finding is."""
    return [each.level for each in found]


def sought(run: str = "") -> Sought:
    """Return what a build that was asked for now is looked for by."""
    return Sought(marker="infra-1-2f", since=NOW - timedelta(seconds=5), run=run)


async def test_a_build_is_asked_for_once_and_followed(travis: Travis) -> None:
    """The request is known by its number, waits for its build, and ends as that does."""
    bound = Bound(BUILD_REQUEST, travis.client)
    way = await travis.reads.way("", unasked)
    assert (way.resource, way.target, len(way.notes)) == ("travis_ci.build_request", TARGET, 1)
    change = await bound.plan(TARGET, Run())
    assert change.words == "Travis-CI builds *PyconUK/2017.pyconuk.org*, branch master"
    number = await bound.write(TARGET, ASKED, "infra-1-2f")
    assert [call for call in travis.calls if call.startswith("POST")] == [
        "POST /repo/PyconUK%2F2017.pyconuk.org/requests"
    ]
    said = []
    for _ in range(5):
        live = await bound.look(TARGET, sought(number))
        assert live
        said.append((bound.reached(live, ASKED), live["name"], live["text"]))
        travis.now += timedelta(seconds=30)
    assert [*dict.fromkeys(said)] == [
        (Reach.UNDER_WAY, "Request 77", "waits for its build"),
        (Reach.UNDER_WAY, "Build 120", "started"),
        (Reach.YES, "Build 120", ""),
    ]
    assert await bound.look(TARGET, sought("99")) is None


async def test_a_request_is_found_by_the_mark_in_its_message(travis: Travis) -> None:
    """Whatever else was asked for meanwhile is somebody else's."""
    bound = Bound(BUILD_REQUEST, travis.client)
    await bound.write(TARGET, ASKED, "infra-2-77")
    assert await bound.look(TARGET, sought()) is None
    await bound.write(TARGET, ASKED, "infra-1-2f")
    live = await bound.look(TARGET, sought())
    assert live
    assert live["id"] == "78"


@pytest.mark.parametrize(
    ("configured", "text"), [(True, "errored"), (False, "no build came of it (rejected)")]
)
async def test_a_red_build_says_why(travis: Travis, configured: bool, text: str) -> None:
    """It came out badly, or none came at all."""
    travis.standin.ending, travis.standin.configured = "errored", configured
    bound = Bound(BUILD_REQUEST, travis.client)
    number = await bound.write(TARGET, ASKED, "infra-1-2f")
    travis.now += timedelta(minutes=2)
    live = await bound.look(TARGET, sought(number))
    assert live
    assert (live["stage"], live["text"]) == (Stage.BAD, text)


async def test_asking_is_off_unless_configured() -> None:
    """Nothing is sent; who asks, and the guards, are told how to switch it on."""
    async with wired(TRAVIS_CI, StandIn, SEED, SECTION) as travis:
        bound = Bound(BUILD_REQUEST, travis.client)
        with pytest.raises(Refused, match="is off"):
            await travis.reads.way("", unasked)
        with pytest.raises(Rejected, match="is off"):
            await bound.write(TARGET, ASKED)
        assert (await bound.concerns(await bound.plan(TARGET, Run()))).refused == OFF
        assert travis.calls == []
        assert "are only looked at" in (await check(travis.client))[1].text


async def test_no_more_is_asked_for_than_travis_takes(travis: Travis) -> None:
    """The eleventh in an hour is refused, and nothing was changed."""
    bound = Bound(BUILD_REQUEST, travis.client)
    travis.client._http._budget = Budget(120_000, spacing=0)  # nobody else is disturbed
    for _ in range(10):
        await bound.write(TARGET, ASKED, "infra-1-2f")
    with pytest.raises(Unavailable):
        await bound.write(TARGET, ASKED, "infra-1-2f")
    assert len(travis.standin.requests) == 10


async def test_the_last_builds_and_how_they_do(travis: Travis) -> None:
    """The newest first, those of pull requests left out; a red one, no credits and an inactive site warn."""
    assert levels(await health(travis.reads)) == ["good"]
    travis.standin.begin("pull_request")
    travis.standin.ending = "failed"
    travis.standin.begin()
    travis.standin.credited = False
    travis.now += timedelta(minutes=2)
    travis.client.memo.clear()
    red, spent = await health(travis.reads)
    assert (red.level, spent.level) == ("warning", "warning")
    assert "Build 121 of PyconUK/2017.pyconuk.org came out failed (https://app.travis-ci.com/" in red.text
    builds = await travis.reads.builds("")
    assert [(each.run.name, each.run.stage, each.ref, each.by) for each in builds][:2] == [
        ("Build 121", Stage.BAD, "master", "push"),
        ("Build 119", Stage.GOOD, "master", "push"),
    ]
    travis.standin.active = False
    travis.client.memo.clear()
    assert "any more" in (await health(travis.reads))[0].text
    with pytest.raises(Refused, match="does not build"):
        await travis.reads.way("", unasked)
    assert levels(await check(travis.client)) == ["good", "warning"]


async def test_a_site_without_builds_or_repository_is_told(travis: Travis) -> None:
    """Nothing was built yet; no such repository: the board and the check say so."""
    travis.standin.builds.clear()
    assert (await health(travis.reads))[0].text.startswith("No build of PyconUK/2017.pyconuk.org has ended")
    travis.standin.slug = "PyconUK/another"
    travis.client.memo.clear()
    assert levels(await health(travis.reads)) == ["bad"]
    assert await travis.reads.builds("") == []
    assert levels(await check(travis.client)) == ["good", "bad"]


async def test_costs_are_the_credits_that_were_used(travis: Travis) -> None:
    """None cost nothing; of any others nobody here knows the price."""
    charge = (await told(travis.reads)).charge
    assert f"{charge}" == "no credits used this month: nothing to pay"
    travis.standin.used = 950
    travis.client.memo.clear()
    charge = (await told(travis.reads)).charge
    assert charge
    assert charge.waiting == "what 950 credits of this month cost"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (
            403,
            '{"@type": "error", "error_type": "login_required", "error_message": "login required"}',
            Denied,
        ),
        (401, '{"@type": "error", "error_message": "access denied"}', Denied),
    ],
)
async def test_bad_answers_are_told_clearly(
    travis: Travis, status: int, body: str, error: type[VendorError]
) -> None:
    """Each is one of our errors with a next step, and *infra check* shows it instead of failing."""
    travis.instead("*", status, body)
    with pytest.raises(error) as caught:
        await health(travis.reads)
    assert caught.value.hint
    assert levels(await check(travis.client)) == ["bad"]
