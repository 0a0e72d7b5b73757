"""``new-year`` and ``switch-year``: what is missing of a year's website, and where visitors are sent."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.core.bound import Bound
from bot.core.change import Plan
from bot.core.errors import BotError, Refused, UsageError
from bot.core.status import State
from integrations.dnsimple import DNSIMPLE
from integrations.github.standin.actions import begin
from integrations.travis_ci import TRAVIS_CI, TravisSettings
from tests.commands.conftest import Build
from tests.commands.world import NOW, SEED, ZONE, World, targets, words
from tests.integrations.dnsimple.wired import SEED as ZONE_SEED
from tests.integrations.dnsimple.wired import Wired, wired

LAST, NEW = "2026.pyconuk.org", "2027.pyconuk.org"
REPOS = [each for each in SEED["repos"] if each["name"] not in {LAST, NEW}]
MODEL = {"name": LAST, "files": ["index.html", ".github/workflows/tests.yml"], "pages": {"cname": LAST}}
WHOLE = [
    ("github.template", LAST),
    ("github.repository", NEW),
    ("github.template", LAST),
    ("github.team_repo", f"core/{NEW}"),
    ("github.pages", NEW),
    ("dnsimple.record", f"{NEW}/CNAME"),
    ("github.pages", NEW),
    ("github.pages", NEW),
]


@pytest.fixture
async def zone() -> AsyncIterator[Wired]:
    """A zone whose apex and www lead to the current year; the next one's site is up once it has a name."""
    www = {"name": "www", "type": "URL", "content": "https://2026.pyconuk.org", "ttl": 600}
    async with wired({"sites": [LAST, NEW], "records": [*ZONE_SEED["records"], www]}) as found:
        yield found


@pytest.fixture
async def world(build: Build, zone: Wired) -> World:
    """The organisation with its zone, before the new year."""
    return join(await build(repos=[*REPOS, MODEL]), zone)


def join(world: World, zone: Wired) -> World:
    """Let *world* have a zone."""
    world.readers["dnsimple"] = DNSIMPLE.reads(zone.client)
    world.bound |= {resource.name: Bound(resource, zone.client) for resource in DNSIMPLE.resources}
    return world


async def carry_out(world: World, plan: Plan, until: int | None = None) -> None:
    """Carry out *plan* as far as step *until*, each from what it was planned from; time goes by between."""
    for change in plan.changes[:until]:
        bound = world.bound[change.resource]
        assert bound.reached(await bound.read(change.target), change.before) != "no"
        await bound.write(change.target, change.after)
        world.now += timedelta(minutes=7)


async def test_a_year_that_is_not_there_at_all(world: World) -> None:
    """Everything, in the order in which one needs the other, what waits last; then nothing is missing."""
    plan = await world.plan("new-year 2027")
    assert targets(plan) == WHOLE
    assert plan.title == f"Website of 2027: {NEW}"
    copied = f"Who visits *{NEW}* sees a copy of *{LAST}*"
    assert plan.gains == (copied, f"*3 people* in core: Read on *{NEW}*")
    assert plan.notes == (
        "Its workflows come with it: tests.yml",
        "HTTPS waits for GitHub's certificate: mostly within an hour, at most a day; it goes on by itself",
        "Visitors stay where they are until `switch-year 2027`",
    )
    await carry_out(world, plan)
    last = world.github.world.repo(LAST)
    assert last
    assert not last.is_template
    said = words(await world.reply("new-year 2027"))
    assert "The website of 2027 is all set up" in said
    assert "Nothing was filed" in said
    assert "Its workflows: tests.yml." in said


@pytest.mark.parametrize("done", range(1, 8))
async def test_only_what_is_missing_is_asked_for(world: World, done: int) -> None:
    """Whatever was done before is not asked for again, so that what half failed goes on.

    A template that is one already stays one: it could be meant to be.
    """
    plan = await world.plan("new-year 2027")
    await carry_out(world, plan, done)
    rest = await world.plan("new-year 2027")
    assert targets(rest) == [each for each in WHOLE[done:] if each[0] != "github.template"]
    await carry_out(world, rest)
    await world.reply("new-year 2027")


@pytest.mark.parametrize("done", [1, 2])
async def test_a_mark_that_a_plan_left_half_way_is_taken_away_by_the_next(world: World, done: int) -> None:
    """What the bot marked itself, and did not get to unmark, is no template that is meant to be one."""
    plan = await world.plan("new-year 2027")
    await carry_out(world, plan, done)
    world.keep(plan.model_copy(update={"changes": plan.changes[:done]}), state=State.PARTIAL)
    rest = await world.plan("new-year 2027")
    assert targets(rest) == WHOLE[done:]
    await carry_out(world, rest)
    last = world.github.world.repo(LAST)
    assert last
    assert not last.is_template
    world.keep(rest, number=43)
    last.is_template = True  # by hand, since then
    assert "all set up" in words(await world.reply("new-year 2027"))


async def test_a_dry_run_shows_it_and_files_nothing(world: World) -> None:
    """The steps, who gains what, and what else there is to know."""
    plan, said = await world.plan("new-year 2027"), words(await world.reply("new-year 2027 --dry-run"))
    assert f"{plan.title}: 8 steps" in said
    for each in (*(change.words for change in plan.changes), *plan.gains, *plan.notes):
        assert each in said
    assert f"1. {plan.changes[0].words}" in said
    assert "Nothing was filed. `new-year 2027` asks the owners for it." in said


async def test_another_template(build: Build, zone: Wired) -> None:
    """One that is a template already needs no step; what it lacks is said."""
    world = join(await build(repos=[*REPOS, MODEL, {"name": "site-template", "is_template": True}]), zone)
    plan = await world.plan("new-year 2027 --template Site-Template")
    assert targets(plan) == [each for each in WHOLE if each[0] != "github.template"]
    assert f"*{NEW}* is made from *site-template*" in words(plan)
    assert plan.notes[0].startswith("*site-template has no workflow:*")
    with pytest.raises(Refused, match="no repository `nothing` to copy"):
        await world.ask("new-year 2027 --template nothing")


async def test_a_site_that_a_workflow_builds_is_built_so_again(build: Build, zone: Wired) -> None:
    """The new site is published as last year's, by a run of its own; a good one is not asked for again."""
    file, how = ".github/workflows/jekyll.yml", {"cname": LAST, "build_type": "workflow"}
    built = MODEL | {"pages": how, "texts": {file: "on: {push: {}, workflow_dispatch: {}}"}}
    world = join(await build(repos=[*REPOS, built]), zone)
    plan = await world.plan("new-year 2027")
    assert f"GitHub Pages publishes *{NEW}* by its workflow" in words(plan)
    run = ("github.workflow_run", f"{NEW}/jekyll.yml@main")
    assert targets(plan) == [*WHOLE, run]
    await carry_out(world, plan, 2)
    github = world.github.world
    repo = github.repo(NEW)
    assert repo
    for github.outcome, left in (("failure", True), ("success", False)):
        begin(github, repo, "jekyll.yml", github.bot)
        world.now += timedelta(minutes=7)
        assert (run in targets(await world.plan("new-year 2027"))) == left


async def test_a_workflow_that_cannot_be_started_by_hand(build: Build, zone: Wired) -> None:
    """It is no step of the plan, which says when the site shows."""
    built = MODEL | {"pages": {"cname": LAST, "build_type": "workflow"}}
    world = join(await build(repos=[*REPOS, built]), zone)
    plan = await world.plan("new-year 2027")
    assert targets(plan) == WHOLE
    said = f"*No workflow of {LAST} can be started by hand:* the site shows once somebody pushed to it"
    assert said in plan.notes


async def test_what_travis_builds_is_switched_on_by_hand(build: Build, zone: Wired) -> None:
    """Where Travis-CI is set up and the copied site is made for it, the plan says how and where."""
    section = {"owner": "PyconUK", "repository": "2017.pyconuk.org", "token": "t0ken"}
    for files, told in ((MODEL["files"], False), ([*MODEL["files"], ".travis.yml"], True)):
        world = join(await build(repos=[*REPOS, MODEL | {"files": files}]), zone)
        assert "Travis" not in words(await world.plan("new-year 2027"))
        travis = TRAVIS_CI.connect(TravisSettings.model_validate(section), world.network)
        world.readers["travis_ci"] = TRAVIS_CI.reads(travis)
        said = words(await world.plan("new-year 2027"))
        assert (f"by hand (https://app.travis-ci.com/github/PyconUK/{NEW})" in said) == told


async def test_without_a_zone_the_record_is_made_by_hand(build: Build) -> None:
    """The plan says what is to be done first."""
    world = await build(repos=[*REPOS, MODEL])
    plan = await world.plan("new-year 2027")
    assert targets(plan) == [each for each in WHOLE if each[0].startswith("github")]
    assert f"*DNSimple is not set up here:* add the CNAME {NEW} → pyconuk.github.io by hand" in words(plan)


@pytest.mark.parametrize(
    ("repos", "line", "said"),
    [
        ([MODEL], "new-year 2025", "2025 is over."),
        ([MODEL], "new-year 2029", "2029 is far ahead."),
        ([MODEL], "new-year next", "YEAR: must be a whole number"),
        ([MODEL, {"name": NEW, "archived": True}], "new-year 2027", f"{NEW} is archived."),
    ],
)
async def test_what_is_refused_before_it_is_filed(
    build: Build, zone: Wired, repos: list[dict[str, Any]], line: str, said: str
) -> None:
    """Each mistake is named, with what to say instead."""
    world = join(await build(repos=[*REPOS, *repos]), zone)
    with pytest.raises(BotError) as refused:
        await world.ask(line)
    assert said in refused.value.message
    assert refused.value.hint


async def test_without_any_year_there_is_nothing_to_copy(build: Build, zone: Wired) -> None:
    """The remedy is to name a template."""
    world = join(await build(repos=[{"name": "ironcage"}], teams=[]), zone)
    with pytest.raises(Refused, match="no earlier year's repository to copy") as refused:
        await world.ask("new-year 2027")
    assert "--template REPO" in refused.value.hint


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"type": "CNAME", "content": "elsewhere.example.org"}, "leads elsewhere"),
        ({"type": "A", "content": "192.0.2.1"}, "has A already"),
    ],
)
async def test_a_name_that_leads_elsewhere(
    world: World, zone: Wired, record: dict[str, str], said: str
) -> None:
    """It is not taken over silently."""
    zone.standin.world.zone.add({"name": "2027", **record})
    with pytest.raises(Refused, match=said):
        await world.ask("new-year 2027")


class TestSwitch:
    """``switch-year``."""

    async def test_both_redirects_move_in_place(self, world: World, zone: Wired) -> None:
        """Two changes of what is there, guarded by two owners, with a week's way back."""
        zone.standin.world.zone.add({"name": "2027", "type": "CNAME", "content": "pyconuk.github.io"})
        plan = await world.plan("switch-year 2027")
        assert targets(plan) == [
            ("dnsimple.record", f"{name}/URL") for name in ("pyconuk.org", "www.pyconuk.org")
        ]
        assert (plan.back_within, plan.on_failure, plan.run_at) == (timedelta(days=7), "restore", None)
        assert "Some people see what is there now for up to 1 hour longer." in plan.notes
        concerns = [await world.bound[c.resource].concerns(c) for c in plan.changes]
        assert [each.protected for each in concerns] == ["the apex, pyconuk.org itself", "www.pyconuk.org"]
        assert [each.refused for each in concerns] == [None, None]
        await carry_out(world, plan)
        assert [call for call in zone.writes if not call.startswith("PATCH")] == []
        assert await zone.reads.current_year() == NEW
        assert "is the current year" in words(await world.reply("switch-year 2027"))
        await world.ask("access website")

    async def test_visitors_are_not_sent_where_nothing_answers(self, world: World, zone: Wired) -> None:
        """The guard fetches the site over HTTPS, when it is filed and again before it switches."""
        zone.standin.world.zone.add({"name": "2027", "type": "CNAME", "content": "pyconuk.github.io"})
        zone.standin.site.up.remove(NEW)
        plan = await world.plan("switch-year 2027")
        concerns = await world.bound["dnsimple.record"].concerns(plan.changes[0])
        assert concerns.refused == f"https://{NEW} shows no page: status 404: visitors would be lost."

    @pytest.mark.parametrize(
        ("said", "at"),
        [
            ("2026-12-01T09:00", datetime(2026, 12, 1, 9, tzinfo=ZONE)),
            ("'2026-07-01 09:00'", datetime(2026, 7, 1, 9, tzinfo=ZONE)),
            ("9:30", datetime(2026, 6, 15, 9, 30, tzinfo=ZONE)),
            ("08:30", datetime(2026, 6, 16, 8, 30, tzinfo=ZONE)),
        ],
    )
    async def test_it_may_be_timed(self, world: World, zone: Wired, said: str, at: datetime) -> None:
        """On the organisation's clocks; an hour that has passed today means tomorrow."""
        world.now = NOW if at.month != 12 else NOW + timedelta(days=100)
        zone.standin.world.zone.add({"name": "2027", "type": "CNAME", "content": "pyconuk.github.io"})
        assert (await world.plan(f"switch-year 2027 --at {said}")).run_at == at

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            ("2026-06-15T08:59", "has passed"),
            ("2026-12-01T09:00", "over 90 days ahead"),
            ("soon", "`soon` is no time"),
            ("25:00", "`25:00` is no time"),
        ],
    )
    async def test_a_time_that_cannot_be(self, world: World, said: str, message: str) -> None:
        """The mistake stands at its field."""
        with pytest.raises(UsageError) as wrong:
            await world.ask(f"switch-year 2026 --at {said}")
        assert message in wrong.value.message
        assert wrong.value.field == "at"

    async def test_a_year_without_a_site(self, world: World) -> None:
        """The way to make one is said."""
        with pytest.raises(Refused, match="has no records: there is no such site") as refused:
            await world.ask("switch-year 2027")
        assert "`new-year 2027`" in refused.value.hint

    async def test_what_is_no_redirect_is_left_alone(self, build: Build) -> None:
        """A www that leads nowhere is not begun; an apex or www of another type is refused."""
        records = [each for each in ZONE_SEED["records"] if each["name"]]
        async with wired({"records": records}) as zone:
            world = join(await build(), zone)
            with pytest.raises(Refused, match=r"pyconuk\.org has no redirect"):
                await world.ask("switch-year 2025")
            zone.standin.world.zone.add({"name": "", "type": "URL", "content": f"https://{LAST}"})
            zone.client.memo.clear()
            assert targets(await world.plan("switch-year 2025")) == [("dnsimple.record", "pyconuk.org/URL")]
            zone.standin.world.zone.add({"name": "www", "type": "CNAME", "content": "pyconuk.github.io"})
            with pytest.raises(Refused, match=r"www\.pyconuk\.org has no redirect"):
                await world.ask("switch-year 2025")


class TestWebsite:
    """What *website* means."""

    async def test_it_is_where_visitors_are_sent(self, world: World, zone: Wired) -> None:
        """Not the newest repository, but the one that the apex leads to; the newest when nobody can say."""
        assert LAST in words(await world.reply("access website"))
        redirect = next(each for each in zone.standin.world.zone.at("") if each.type == "URL")
        redirect.content = "https://2025.pyconuk.org"
        zone.client.memo.clear()
        assert "2025.pyconuk.org" in words(await world.reply("access website"))
        zone.answers["GET /1010/zones/pyconuk.org/records"] = web.json_response({"message": "no"}, status=403)
        zone.client.memo.clear()
        assert LAST in words(await world.reply("access website"))
