"""Read the Docs: builds are started once and followed; failures are told before the project is disabled."""

import hmac
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeAlias

import pytest

from bot.core.bound import Bound
from bot.core.change import Sought
from bot.core.costs import Mark
from bot.core.errors import Denied, Malformed, Refused, Rejected, VendorError
from bot.core.run import Run, Stage
from bot.core.values import Json
from bot.core.vendor import Dropped, Finding, Hint, Reach
from integrations.readthedocs import BUILD, READTHEDOCS, ReadTheDocsReads, ReadTheDocsSettings
from integrations.readthedocs.check import check
from integrations.readthedocs.client import ReadTheDocsClient
from integrations.readthedocs.costs import told
from integrations.readthedocs.health import health
from integrations.readthedocs.standin import StandIn
from integrations.readthedocs.webhooks import signed, webhooks
from tests.integrations.wired import Wired, unasked, wired

Docs: TypeAlias = Wired[StandIn, ReadTheDocsClient, ReadTheDocsReads]

SEED = {
    "project": "docs",
    "token": "sandbox-docs-token",
    "first": 11,
    "builds": [{"at": "2026-04-11T18:30:00", "error": "No config."}, {"at": "2026-05-30T09:12:00"}],
}
SECTION = {"project": "docs", "token": "sandbox-docs-token"}
ASKED = Run().model_dump(mode="json")
LATEST = "docs/latest"


@pytest.fixture
async def docs() -> AsyncIterator[Docs]:
    """Give our client wired to the stand-in."""
    async with wired(READTHEDOCS, StandIn, SEED, SECTION) as found:
        found.client._http.base = f"{found.client.settings.url.rstrip('/')}/api/v3"
        yield found


def levels(found: tuple[Finding, ...]) -> list[str]:
    """Return how each finding is."""
    return [each.level for each in found]


def sought(docs: Docs, run: str = "") -> Sought:
    """Return what a build that was started now is looked for by."""
    return Sought(marker="infra-1", since=docs.now - timedelta(seconds=5), run=run)


async def look(docs: Docs, run: str = "") -> Json:
    """Return the build that is sought."""
    live = await Bound(BUILD, docs.client).look(LATEST, sought(docs, run))
    assert live is not None
    return live


async def test_a_build_is_started_and_followed_to_its_end(docs: Docs) -> None:
    """One call starts it, its number is known at once, and each step is told until it came out well."""
    bound = Bound(BUILD, docs.client)
    change = await bound.plan(LATEST, Run())
    assert change.words == "Read the Docs builds *docs*, version latest"
    number = await bound.write(LATEST, ASKED, "infra-1")
    assert number == "13"
    assert [call for call in docs.calls if call.startswith("POST")] == [
        "POST /api/v3/projects/docs/versions/latest/builds/"
    ]
    said = []
    for _ in range(7):
        live = await look(docs, number)
        said.append((bound.reached(live, ASKED), live["text"]))
        docs.now += timedelta(seconds=20)
    assert [*dict.fromkeys(said)] == [
        (Reach.UNDER_WAY, "triggered"),
        (Reach.UNDER_WAY, "installing"),
        (Reach.UNDER_WAY, "building"),
        (Reach.UNDER_WAY, "uploading"),
        (Reach.YES, ""),
    ]
    assert live["link"] == "https://app.readthedocs.org/projects/docs/builds/13/"


async def test_a_build_is_found_by_its_version_and_time(docs: Docs) -> None:
    """Without its number those of the version since then fit: none, one, or several, which is unclear."""
    bound = Bound(BUILD, docs.client)
    wanted = sought(docs)
    assert await bound.look(LATEST, wanted) is None
    docs.standin.begin("stable")
    docs.standin.begin()
    assert (await look(docs))["id"] == "14"
    docs.standin.begin()
    assert bound.reached(await look(docs), ASKED) is Reach.UNCLEAR
    assert await bound.look(LATEST, sought(docs, "99")) is None


async def test_a_red_build_says_why(docs: Docs) -> None:
    """The build's own error is told, or else what Read the Docs notes of it."""
    docs.standin.failing = "Sphinx stopped:\nno conf.py"
    red, cancelled = docs.standin.begin(), docs.standin.begin()
    cancelled.cancelled = True
    docs.now += timedelta(minutes=2)
    found = [await look(docs, f"{each.id}") for each in (red, cancelled)]
    assert [(each["stage"], each["text"]) for each in found] == [
        (Stage.BAD, "Sphinx stopped: no conf.py"),
        (Stage.BAD, "Build cancelled manually."),
    ]


@pytest.mark.parametrize(
    ("attribute", "value", "error"),
    [("accepting", False, Rejected), ("maintained", False, Denied), ("versions", [], Rejected)],
)
async def test_a_build_that_is_refused_says_so(
    docs: Docs, attribute: str, value: Any, error: type[VendorError]
) -> None:
    """Not triggered, not allowed, no such version: an error, and no build."""
    setattr(docs.standin, attribute, value)
    with pytest.raises(error):
        await Bound(BUILD, docs.client).write(LATEST, ASKED)
    assert len(docs.standin.builds) == 2


async def test_the_way_tells_what_runs_and_what_failed(docs: Docs) -> None:
    """A decider reads of a build under way, and of those that failed; an unseen project is refused."""
    way = await docs.reads.way("", unasked)
    assert (way.resource, way.target, way.notes) == ("readthedocs.build", LATEST, ())
    docs.standin.builds.pop()
    docs.standin.begin()
    docs.client.memo.clear()
    (running, failed) = (await docs.reads.way("", unasked)).notes
    assert running.startswith("*Build 12 of latest is under way* (https://app.readthedocs.org/")
    assert failed == "*The last build failed*"
    builds = await docs.reads.builds("")
    assert [(each.run.stage, each.ref) for each in builds] == [
        (Stage.UNDER_WAY, "latest"),
        (Stage.BAD, "latest"),
    ]
    docs.standin.slug = "another"
    docs.client.memo.clear()
    with pytest.raises(Refused, match="no project docs"):
        await docs.reads.way("", unasked)
    assert levels(await health(docs.reads)) == ["bad"]


async def test_health_warns_before_the_project_is_disabled(docs: Docs) -> None:
    """The last build, then ten failures in a row as a warning, twenty-five as disabled."""
    assert levels(await health(docs.reads)) == ["good", "good"]
    docs.standin.failing = "No configuration file was found."
    for number, expected in ((1, ["warning"]), (10, ["warning", "warning"]), (25, ["warning", "bad"])):
        while len(docs.standin.builds) < 2 + number:
            docs.standin.begin()
        docs.now += timedelta(minutes=2)
        docs.client.memo.clear()
        found = await health(docs.reads)
        assert levels(found) == [*expected, "good"]
        assert "No configuration file was found." in found[0].text
    assert "25 builds failed in a row" in found[1].text
    docs.standin.builds.clear()
    docs.client.memo.clear()
    assert (await health(docs.reads))[0].text == "docs has no finished build of latest yet."


async def test_health_says_which_versions_are_built(docs: Docs) -> None:
    """Those that are active; that ours is not one of them is trouble, since its builds cannot begin."""
    docs.standin.versions = ["stable", "latest"]
    assert (await health(docs.reads))[-1].text == "Versions that are built: latest and stable."
    docs.standin.versions = ["stable"]
    docs.client.memo.clear()
    found = (await health(docs.reads))[-1]
    assert (found.level, found.text) == (
        "bad",
        "Read the Docs does not build latest: no active version is called so.",
    )
    assert "It builds stable." in found.hint


async def test_check_proves_the_token_and_names_what_is_wrong(docs: Docs) -> None:
    """Good; an account that may more, or not this; a project that is none; a wrong token."""
    assert levels(await check(docs.client)) == ["good", "good", "good"]
    docs.standin.others = ["pycon-secret"]
    assert (await check(docs.client))[1].text.startswith("Our token's account maintains pycon-secret too")
    docs.standin.maintained = False
    assert levels(await check(docs.client)) == ["good", "bad", "good"]
    docs.standin.slug = "another"
    (found,) = await check(docs.client)
    assert "Its account has pycon-secret." in found.hint
    docs.standin.token = "another"
    (found,) = await check(docs.client)
    assert "does not accept our token (Invalid token)" in found.text


async def test_costs_are_those_of_the_site(docs: Docs) -> None:
    """The community's site is free; what Business costs nobody here knows."""
    charge = (await told(docs.reads)).charge
    assert charge is not None
    assert charge.mark is Mark.MEASURED
    assert f"{charge}" == "community, with advertising: nothing to pay"
    url = "https://app.readthedocs.com/api/v3"
    docs.client.settings = docs.client.settings.model_copy(update={"url": url})
    charge = (await told(docs.reads)).charge
    assert charge is not None
    assert charge.waiting == "what Read the Docs for Business costs"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, '{"detail": "Invalid token."}', Denied),
        (403, '{"detail": "You do not have permission."}', Denied),
        (200, '{"slug": "docs", "results": [{"id": "first"}]}', Malformed),
    ],
)
async def test_bad_answers_are_told_clearly(
    docs: Docs, status: int, body: str, error: type[VendorError]
) -> None:
    """Each is one of our errors with a next step, and *infra check* shows it instead of failing."""
    docs.instead("*", status, body)
    with pytest.raises(error) as caught:
        await health(docs.reads)
    assert caught.value.hint
    assert levels(await check(docs.client)) == ["bad"]


# Webhooks.

BODY = b'{"event": "build:failed", "slug": "docs", "version": "latest", "build": "15173336"}'
SETTINGS = ReadTheDocsSettings.model_validate({**SECTION, "webhook_secret": "s3cret"})


def read(body: bytes, secret: bytes = b"s3cret") -> Any:
    """Read a delivery as Read the Docs signs it."""
    reader = webhooks(SETTINGS)
    assert callable(reader)
    return reader({"X-Hub-Signature": hmac.new(secret, body, sha256).hexdigest()}, body)


def test_a_delivery_hints_at_our_project() -> None:
    """Signed as in the vendor's vector; another project, or nonsense, is dropped, a forgery is not its."""
    vector = b'{"action":"update","resource":"release"}'
    assert signed(b"s3cret", "dc810f3c81c9885ff96e51812d5514e66d52341269aed0bb01268178de3c0781", vector)
    due = Hint(
        vendor="readthedocs", key="15173336/build:failed", event="build:failed", about=frozenset({"docs"})
    )
    assert read(BODY) == due
    assert read(BODY, b"another") is None
    for body in (BODY.replace(b"docs", b"more"), b"[]", BODY.replace(b"15173336", b"../x")):
        assert isinstance(read(body), Dropped)
    assert webhooks(ReadTheDocsSettings.model_validate(SECTION)) is None
    assert not signed(b"", hmac.new(b"", BODY, sha256).hexdigest(), BODY)
