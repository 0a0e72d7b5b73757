"""Heroku: apps, bills, changes one call each; config vars are never asked for."""

import ast
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from bot.core.bound import Bound
from bot.core.change import Sought
from bot.core.errors import Denied, Malformed, OutcomeUnknown, Rejected, VendorError
from bot.core.run import Run
from bot.core.values import Json
from bot.core.vendor import Finding, Reach
from integrations import heroku as package
from integrations.heroku import (
    BUILD,
    FORMATION,
    MAINTENANCE,
    RELEASE,
    RESTART,
    Current,
    Formation,
    Maintenance,
)
from integrations.heroku.check import check
from integrations.heroku.costs import told
from integrations.heroku.health import health
from integrations.heroku.standin import ACCEPT
from tests.integrations.heroku.wired import TOKEN, Heroku
from tests.integrations.heroku.wired import heroku as wire

VOTING = "pyconuk-voting"


@pytest.fixture
async def heroku() -> AsyncIterator[Heroku]:
    """Give our client wired to the stand-in."""
    async with wire() as found:
        yield found


def levels(found: tuple[Finding, ...]) -> list[str]:
    """Return how each finding is."""
    return [each.level for each in found]


async def test_an_app_is_shown_as_it_is(heroku: Heroku) -> None:
    """Its types, dynos, newest releases, add-ons; its address is not made from its name."""
    app = await heroku.reads.app(VOTING)
    assert app is not None
    assert app.url == "https://pyconuk-voting-7c1b8e2f4a10.herokuapp.com/"
    assert [(each.name, each.quantity, each.size) for each in app.types] == [
        ("clock", 0, "basic"),
        ("web", 1, "basic"),
    ]
    assert [(each.name, each.state) for each in app.dynos] == [("web.1", "up")]
    assert [(each.version, each.status) for each in app.releases][:3] == [
        (34, "succeeded"),
        (33, "succeeded"),
        (32, "failed"),
    ]
    assert app.current
    assert app.current.version == 34
    (addon,) = await heroku.reads.addons(VOTING)
    assert (addon.plan, str(addon.price)) == ("heroku-postgresql:essential-0", "$5")
    assert await heroku.reads.app("gone") is None
    assert await heroku.reads.claims() == {"voting.pyconuk.org"}


async def test_long_lists_come_in_parts(heroku: Heroku) -> None:
    """A part says what to ask for next; of releases no more are asked for than lead to what runs."""
    world = heroku.standin.world
    world.addons = [{**world.addons[0], "name": f"db-{number}"} for number in range(401)]
    assert len(await heroku.reads.addons(VOTING)) == 401
    assert heroku.calls.count("GET /addons") == 3
    app, late = world.apps[VOTING], heroku.now + timedelta(days=1)
    first = app.releases[0]
    app.releases = [first, *(type(first)(each, "Deploy", first.at, late) for each in range(32, 60))]
    found = await heroku.client.releases(VOTING)
    assert (found[0].version, found[-1].version, len(found)) == (59, 31, 29)


async def apply(heroku: Heroku, bound: Bound, target: str, after: Json | None) -> Reach:
    """Write once, and return how far it is."""
    await bound.write(target, after)
    return bound.reached(await bound.read(target), after)


async def test_each_change_is_one_call_and_shows(heroku: Heroku) -> None:
    """Scaling and maintenance are there at once; words say what is and what will be."""
    for resource, target, after, words in (
        (
            FORMATION,
            f"{VOTING}/web",
            Formation(quantity=2, size="standard-1x"),
            "*pyconuk-voting* runs web on 2 × standard-1x (now: 1 × basic)",
        ),
        (
            FORMATION,
            f"{VOTING}/web",
            Formation(quantity=0, size="standard-1x"),
            "web on none (now: 2 × standard-1x)",
        ),
        (MAINTENANCE, VOTING, Maintenance(on=True), "see a notice of maintenance (now: the app)"),
    ):
        bound = Bound(resource, heroku.client)
        change = await bound.plan(target, after)
        assert words in change.words
        heroku.calls.clear()
        assert await apply(heroku, bound, target, change.after) is Reach.YES
        assert [call for call in heroku.calls if not call.startswith("GET")] == heroku.calls[:1]
    assert await Bound(FORMATION, heroku.client).read(f"{VOTING}/gone") is None
    assert await Bound(MAINTENANCE, heroku.client).read("gone") is None


async def test_a_rollback_is_known_by_the_release_it_brought_back(heroku: Heroku) -> None:
    """It waits for the release phase, is not done again, and can be taken back; another deploy is drift."""
    bound = Bound(RELEASE, heroku.client)
    change = await bound.plan(VOTING, Current(version=33))
    assert change.before == {"version": 34, "pending": False}
    assert await apply(heroku, bound, VOTING, change.after) is Reach.UNDER_WAY
    assert "release phase, until 15 Jun" in bound.waits(VOTING, change.after, "15 Jun")
    heroku.now += timedelta(seconds=6)
    assert await bound.read(VOTING) == change.after
    back, still = await bound.back(change)
    assert (back.after, still) == (change.before, True)
    await bound.write(VOTING, back.after)
    heroku.now += timedelta(seconds=6)
    live = await bound.read(VOTING)
    assert live == {"version": 34, "pending": False}
    versions = [each.text for each in heroku.standin.world.apps[VOTING].releases[-2:]]
    assert versions == ["Rollback to v33", "Rollback to v34"]
    assert bound.reached(live, change.after) is Reach.NO
    with pytest.raises(Rejected, match="no such release"):
        await bound.write(VOTING, {"version": 7, "pending": False})


async def test_a_restart_is_known_by_the_dynos_that_began_since(heroku: Heroku) -> None:
    """Nothing is found before, then it is under way until each dyno is up; one that crashes has failed."""
    bound, sought = Bound(RESTART, heroku.client), Sought(marker="m", since=heroku.now)

    async def stage() -> tuple[JsonValue, ...] | None:
        live = await bound.look(VOTING, sought)
        return (live["stage"], live["text"]) if live else None

    assert await stage() is None
    assert await bound.write(VOTING, Run().model_dump(mode="json"), "m") == ""
    assert await stage() == ("under_way", "")
    heroku.now += timedelta(seconds=4)
    assert await stage() == ("good", "")
    heroku.standin.world.apps[VOTING].crashed.append("web.1")
    assert await stage() == ("bad", "web.1 crashed")
    heroku.standin.world.apps[VOTING].restart(heroku.now - timedelta(days=1))
    assert await stage() is None


async def test_what_heroku_refuses_is_told_in_its_words(heroku: Heroku) -> None:
    """A second Basic dyno, a failed release, a type that is not there."""
    for resource, target, after in (
        (FORMATION, f"{VOTING}/web", Formation(quantity=2, size="basic")),
        (RELEASE, VOTING, Current(version=32)),
        (FORMATION, f"{VOTING}/gone", Formation(quantity=1, size="basic")),
        (FORMATION, f"{VOTING}/web", None),
    ):
        with pytest.raises(Rejected) as caught:
            await Bound(resource, heroku.client).write(target, after.model_dump() if after else None)
        assert caught.value.message


async def test_config_vars_are_never_asked_for(heroku: Heroku) -> None:
    """The client has no such route, and a world of reads and changes asked the stand-in for none."""
    await health(heroku.reads)
    await told(heroku.reads)
    await check(heroku.client)
    await Bound(RELEASE, heroku.client).write(VOTING, {"version": 33, "pending": False})
    assert heroku.standin.world.config_reads == 0
    folder = Path(package.__file__).parent
    for path in folder.glob("*.py"):
        texts = [n.value for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant)]
        assert not [text for text in texts if isinstance(text, str) and "config-vars" in text]
    heroku.standin.world.scopes.append("read-protected")
    headers = {"Accept": ACCEPT, "Authorization": f"Bearer {TOKEN}"}
    url = f"{heroku.client.settings.url}/apps/{VOTING}/config-vars"
    async with heroku.client._http.network.session.get(url, headers=headers) as answer:
        assert (answer.status, heroku.standin.world.config_reads) == (200, 1)


async def test_costs_are_the_bills_or_the_prices_of_what_runs(heroku: Heroku) -> None:
    """A year of bills, in cents; where our token may not see them, dynos and add-ons at Heroku's prices."""
    charge = (await told(heroku.reads)).charge
    assert (charge and charge.mark, f"{charge}") == ("invoiced", "2 invoices of the last year: $24.50 a year")
    heroku.standin.world.sees_bills = False
    charge = (await told(heroku.reads)).charge
    assert charge is not None
    assert charge.mark == "estimated"
    assert f"{charge}" == "dynos and add-ons as they are now: $17 a month"  # Basic 7, Eco 5 flat, database 5
    heroku.standin.world.addons.append({"name": "x", "app": VOTING, "plan": "x:y", "cents": 1})
    heroku.standin.world.apps[VOTING].formation["web"] = (1, "Private-S")
    assert (await told(heroku.reads)).charge is None


@pytest.mark.parametrize(
    ("field", "value", "level", "words"),
    [
        ("crashed", ["web.1"], "bad", "pyconuk-voting: web.1 crashed."),
        ("maintenance", True, "warning", "shows a notice of maintenance"),
        ("formation", {"web": (0, "Basic")}, "warning", "runs nothing"),
        ("restarts", 1, "good", "pyconuk-voting v34: web.1 up."),
    ],
)
async def test_health_says_how_each_app_does(
    heroku: Heroku, field: str, value: object, level: str, words: str
) -> None:
    """Crashed dynos are bad, what was switched off a warning; the other app does well."""
    setattr(heroku.standin.world.apps[VOTING], field, value)
    found = {each.text.split()[0].strip(":"): each for each in await health(heroku.reads)}
    assert found["ironcage"].level == "good"
    assert found[VOTING].level == level
    assert words in found[VOTING].text
    assert bool(found[VOTING].hint) is (level != "good")


async def test_a_failed_release_and_an_unpaid_bill_are_bad(heroku: Heroku) -> None:
    """A newest release that failed is told though an older one runs; the bill with the day when all stops."""
    releases = heroku.standin.world.apps[VOTING].releases
    releases.append(type(releases[0])(35, "Deploy bad", heroku.now, heroku.now, fails=True))
    heroku.standin.world.suspension = datetime.fromisoformat("2026-06-20T00:00:00+00:00")
    unpaid, voting, _ = await health(heroku.reads)
    assert (unpaid.level, voting.level) == ("bad", "bad")
    assert "everything there stops on 20 Jun 2026" in unpaid.text
    assert "release v35 failed on 15 Jun 2026 (Deploy bad)" in voting.text
    (alarm,) = (await told(heroku.reads)).alarms
    assert (alarm.key, alarm.text) == ("heroku:unpaid:2026-06-20", unpaid.text)


async def test_check_proves_the_token(heroku: Heroku) -> None:
    """It names the apps; what the token may not do is said with how to make one that may."""
    found = await check(heroku.client)
    assert levels(found) == ["good", "good", "good"]
    assert found[0].text == "Heroku answers for our account: pyconuk-voting and ironcage."
    heroku.standin.world.sees_bills = False
    assert levels(await check(heroku.client)) == ["good", "warning", "good"]
    heroku.standin.world.scopes = ["identity"]
    (found_one,) = await check(heroku.client)
    assert "it lacks the scope `read`" in found_one.text
    assert "authorizations:create --scope read,write" in found_one.hint


async def test_a_team_has_its_own_lists() -> None:
    """With a team its apps, add-ons and bills are asked for; a wrong one is nothing that we may see."""
    async with wire({"team": "pycon"}, team="pycon") as found:
        await found.reads.addons(VOTING)
        assert levels(await check(found.client)) == ["good", "good", "good"]
        asked = {call.split()[1] for call in found.calls}
        assert asked == {"/teams/pycon/apps", "/teams/pycon/addons", "/teams/pycon/invoices"}
        found.standin.world.team = "another"
        (finding,) = await check(found.client)
        assert finding.level == "bad"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, '{"id": "unauthorized", "message": "Invalid credentials provided."}', Denied),
        (402, '{"id": "delinquent", "message": "Your account is unpaid."}', Rejected),
        (403, '{"id": "forbidden", "message": "no"}', Denied),
        (403, '{"id": "two_factor", "message": "A second factor is required."}', Denied),
        (403, '{"id": "suspended", "message": "Suspended."}', Denied),
        (404, '{"id": "not_found", "message": "Couldn\'t find that app."}', Rejected),
        (200, '[{"name": "pyconuk-voting"}]', Malformed),
    ],
)
async def test_bad_answers_are_told_clearly(
    heroku: Heroku, status: int, body: str, error: type[VendorError]
) -> None:
    """Each is one of our errors with a next step, and *infra check* shows it instead of failing."""
    heroku.instead("*", status, body)
    with pytest.raises(error) as caught:
        await heroku.client.apps()
    assert caught.value.message
    assert caught.value.hint
    assert "bad" in levels(await check(heroku.client))


async def test_a_lost_answer_to_a_change_is_not_taken_for_none(heroku: Heroku) -> None:
    """What left and was not answered may have happened."""
    heroku.instead(f"/apps/{VOTING}/releases", 503)
    with pytest.raises(OutcomeUnknown):
        await heroku.client.roll_back(VOTING, "some-id")


async def test_every_route_of_the_stand_in_is_used(heroku: Heroku) -> None:
    """It imitates nothing that nobody asks for, but for config vars and what a team has of its own."""
    await health(heroku.reads)
    await told(heroku.reads)
    await heroku.reads.claims()
    await heroku.reads.running()
    assert await heroku.client.account() == "infra@example.org"
    for resource, target, after in (
        (FORMATION, f"{VOTING}/web", Formation(quantity=0, size="basic")),
        (MAINTENANCE, VOTING, Maintenance(on=True)),
        (RELEASE, VOTING, Current(version=33)),
    ):
        bound = Bound(resource, heroku.client)
        await bound.plan(target, after)
        await bound.write(target, after.model_dump())
    for kind, target in ((RESTART, VOTING), (BUILD, f"{VOTING}/https://github.com/PyconUK/voting@66acde4f")):
        started = await Bound(kind, heroku.client).write(target, Run().model_dump(mode="json"))
    assert await heroku.client.build(VOTING, started)
    assert await heroku.client.builds(VOTING)
    assert heroku.unused() == {
        "GET /apps/{app}/config-vars",
        "GET /teams/{team}/apps",
        "GET /teams/{team}/addons",
    }
