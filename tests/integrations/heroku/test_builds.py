"""An app is built from a commit once, found again by our mark, and followed until it is released."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.bound import Bound
from bot.core.change import Sought
from bot.core.deploying import Source
from bot.core.errors import OutcomeUnknown, Rejected, UsageError
from bot.core.run import Run
from bot.core.values import Json
from bot.core.vendor import Reach
from integrations.heroku import BUILD
from integrations.heroku.deployer import Deployer
from tests.integrations.heroku.wired import Heroku
from tests.integrations.heroku.wired import heroku as wire

VOTING = "pyconuk-voting"
COMMIT = "66acde4f" * 5
CODE = Source(url="https://github.com/PyconUK/voting", branch="master", commit=COMMIT)
TARGET = f"{VOTING}/https://github.com/PyconUK/voting@{COMMIT}"
MARK = "infra-1-0"
MINUTE = timedelta(minutes=1)


async def code() -> Source:
    """Return where the app's code is."""
    return CODE


@pytest.fixture
async def heroku() -> AsyncIterator[Heroku]:
    """Give our client wired to the stand-in, where a build takes a minute and its release five seconds."""
    async with wire() as found:
        found.standin.world.apps[VOTING].building = MINUTE
        yield found


async def start(heroku: Heroku) -> str:
    """Start a build, and return its id."""
    return await Bound(BUILD, heroku.client).write(TARGET, Run().model_dump(mode="json"), MARK)


async def look(heroku: Heroku, run: str = "") -> Json | None:
    """Look for what was started now, or is called *run*."""
    sought = Sought(marker=MARK, since=heroku.now - timedelta(seconds=5), run=run)
    return await Bound(BUILD, heroku.client).look(TARGET, sought)


async def test_the_plan_says_which_commit_is_built_and_what_runs_until_then(heroku: Heroku) -> None:
    """A word of the app's name is enough; what is merged later is not in it; a build under way is told."""
    way = await Deployer(heroku.reads).way("voting", code)
    assert (way.resource, way.target, way.fixed) == ("heroku.build", TARGET, True)
    assert f"head of master as it is now (https://github.com/PyconUK/voting/commit/{COMMIT})" in way.notes[0]
    assert way.notes[1:] == ("v34 runs now: Deploy 66acde4f",)
    change = await Bound(BUILD, heroku.client).plan(way.target, Run())
    assert change.words == "Heroku builds *pyconuk-voting* from PyconUK/voting at commit *66acde4f66ac*"
    build = await start(heroku)
    assert f"*Build {build[:8]} is under way*" in (await Deployer(heroku.reads).way(VOTING, code)).notes[-1]
    with pytest.raises(UsageError, match="no app `grey`"):
        await Deployer(heroku.reads).way("grey", code)


async def test_a_build_is_started_once_and_followed_to_its_release(heroku: Heroku) -> None:
    """What is sent is the commit's tarball, the commit and our mark; it is over when its release runs."""
    assert await look(heroku) is None
    build = await start(heroku)
    (started,) = heroku.standin.world.apps[VOTING].builds
    assert started.blob == {
        "url": f"https://github.com/PyconUK/voting/archive/{COMMIT}.tar.gz",
        "version": COMMIT,
        "version_description": f"Asked for by infra ({MARK})",
    }
    told = []
    for wait in (timedelta(0), MINUTE, timedelta(seconds=5)):
        heroku.now += wait
        live = await look(heroku, build)
        assert live is not None
        told.append((BUILD.reached(Run.model_validate(live), Run()), live["text"]))
    assert told == [
        (Reach.UNDER_WAY, "building"),
        (Reach.UNDER_WAY, "release phase"),
        (Reach.YES, "v35 runs"),
    ]
    (shown,) = await Deployer(heroku.reads).builds("voting")
    assert (shown.run.id, shown.run.text, shown.ref) == (build, "v35 runs", COMMIT[:12])
    assert shown.run.link == f"https://dashboard.heroku.com/apps/{VOTING}/activity/builds/{build}"
    assert "build-output" not in f"{shown}{live}"  # whoever has the address of the log may read it


@pytest.mark.parametrize(
    ("breaks", "text"),
    [
        ("build", "what ran before goes on"),
        ("release", "its release failed; what ran before goes on"),
    ],
)
async def test_a_build_that_breaks_has_failed(heroku: Heroku, breaks: str, text: str) -> None:
    """Also one that was built and whose release phase broke; the older release runs."""
    heroku.standin.world.breaks = breaks
    build = await start(heroku)
    heroku.now += 2 * MINUTE
    live = await look(heroku, build)
    assert live
    assert (live["stage"], live["text"]) == ("bad", text)
    app = await heroku.reads.app(VOTING)
    assert app
    assert app.current
    assert app.current.version == 34


async def test_a_lost_answer_starts_no_second_build(heroku: Heroku) -> None:
    """Ours is found by its mark among others of the same commit; without marks by commit, account, time."""
    build = await start(heroku)
    app = heroku.standin.world.apps[VOTING]
    theirs = heroku.standin.world.build(app, {"url": "https://example.org/a.tgz", "version": COMMIT})
    live = await look(heroku)
    assert live
    assert live["id"] == build
    app.builds[0].blob.pop("version_description")
    live = await look(heroku)
    assert live
    assert live["stage"] == "several"
    theirs.user = "01234567-89ab-cdef-0123-000000000002"
    live = await look(heroku)
    assert live
    assert live["id"] == build
    heroku.now += MINUTE
    assert await look(heroku) is None  # it began before
    assert await look(heroku, "gone") is None


async def test_what_cannot_be_built_is_told(heroku: Heroku) -> None:
    """An app that is gone is refused before anybody approves; a lost answer is not taken for a no."""
    bound = Bound(BUILD, heroku.client)
    change = await bound.plan(TARGET.replace(VOTING, "gone"), Run())
    assert (await bound.concerns(change)).refused == "We have no app gone at Heroku."
    assert (await bound.concerns(await bound.plan(TARGET, Run()))).refused is None
    with pytest.raises(Rejected, match="names no build"):
        await bound.plan("voting", Run())
    heroku.instead(f"/apps/{VOTING}/builds", 503)
    with pytest.raises(OutcomeUnknown):
        await start(heroku)
