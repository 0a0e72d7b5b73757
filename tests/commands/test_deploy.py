"""``deploy``: what our services show is built by one run, now or at a time; what ran lately is shown."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer

from bot.core.board import Service
from bot.core.bound import Bound
from bot.core.errors import BotError, Refused, UsageError
from integrations.heroku import BUILD as HEROKU_BUILD
from integrations.readthedocs import BUILD, READTHEDOCS, ReadTheDocsSettings
from integrations.readthedocs.standin import StandIn
from tests.commands.conftest import Build
from tests.commands.world import SERVICES, World, words
from tests.integrations.heroku.wired import heroku

PAST = [{"at": "2026-04-11T18:30:00", "error": "No config."}, {"at": "2026-05-30T09:12:00"}]


@pytest.fixture
async def docs(world: World) -> AsyncIterator[StandIn]:
    """Give Read the Docs, where the organisation's documentation is."""
    standin = StandIn({"project": "docs", "token": "t0ken", "builds": PAST}, lambda: world.now)
    world.services = SERVICES | {
        "organisation": Service(repository="documentation", deploys={"docs": "readthedocs"}),
        "voting-app": Service(deploys={"voting": "pigeon:grey", "mail": "tito", "texts": "twilio"}),
    }
    async with TestServer(standin.app) as server:
        section = {"url": str(server.make_url("/api/v3")), "project": "docs", "token": "t0ken"}
        client = READTHEDOCS.connect(ReadTheDocsSettings.model_validate(section), world.network)
        world.readers["readthedocs"] = READTHEDOCS.reads(client)
        world.bound[BUILD.name] = Bound(BUILD, client)
        yield standin


async def test_the_documentation_is_planned_as_one_run(world: World, docs: StandIn) -> None:
    """One change from nothing, to be started when owners say so; nothing is started by asking."""
    plan = await world.plan("deploy docs because a page was corrected")
    (change,) = plan.changes
    assert (change.resource, change.target, change.before) == ("readthedocs.build", "docs/latest", None)
    assert (plan.title, plan.run_at) == ("Deploy docs", None)
    assert words(plan) == "Deploy docs\nRead the Docs builds *docs*, version latest"
    assert len(docs.builds) == len(PAST)


async def test_it_may_be_started_at_a_time(world: World, docs: StandIn) -> None:
    """Posts dated until then are out with it, and the plan says so."""
    plan = await world.plan("deploy docs --at 10:00")
    assert plan.run_at == world.now + timedelta(hours=1)
    assert plan.notes == ("What is published is what it holds then, posts dated until then included",)
    with pytest.raises(UsageError, match="has passed"):
        await world.plan("deploy docs --at 2026-01-01T09:00")


@pytest.mark.parametrize(
    ("line", "error", "said", "hint"),
    [
        ("deploy dics", UsageError, "`dics` is nothing that is deployed", "docs"),
        (
            "deploy zzzzzzzz",
            UsageError,
            "is nothing that is deployed",
            "There is: voting, mail",
        ),
        ("deploy voting", Refused, "deployed by `pigeon:grey`, which I do not know", "readthedocs"),
        ("deploy mail", Refused, "ti.to deploys nothing from here", "readthedocs"),
        ("deploy docs --year 2025", UsageError, "--year: `docs` is the same every year", "deploy docs"),
    ],
)
async def test_what_cannot_be_deployed_is_told(
    world: World, docs: StandIn, line: str, error: type[BotError], said: str, hint: str
) -> None:
    """Each says what is wrong and what there is."""
    with pytest.raises(error, match=said) as caught:
        await world.ask(line)
    assert hint in caught.value.hint


async def test_what_ran_lately_is_shown(world: World, docs: StandIn) -> None:
    """The newest first, with state and link; who cannot be asked hides nothing else."""
    docs.begin()
    docs.failing = "No configuration file."
    answer = words(await world.reply("deploy"))
    assert answer.startswith("Failed lately: docs")
    assert "*voting*: `voting` is deployed by `pigeon:grey`" in answer
    under_way, passed, failed = [line for line in answer.splitlines() if line.startswith("docs")]
    assert "under way" in under_way
    assert "https://app.readthedocs.org/projects/docs/builds/2/" in passed
    assert "Sat 11 Apr, 19:30" in failed
    docs.builds.clear()
    world.readers["readthedocs"]._client.memo.clear()
    assert "never ran" in words(await world.reply("deploy status", by="reader-1"))


async def test_the_website_is_that_of_this_year_or_of_another(build: Build) -> None:
    """Without a year it is the one that visitors are sent to; a file that the settings name goes with it."""
    texts = {
        ".github/workflows/jekyll.yml": "on: workflow_dispatch",
        ".github/workflows/tests.yml": "on: push",
    }
    sites = [{"name": f"{year}.pyconuk.org", "texts": texts} for year in (2025, 2026)]
    world = await build(repos=sites, teams=[])
    deploys = {"website": "github", "tests": "github:{year}.pyconuk.org/tests.yml"}
    world.services = {"website": Service(repository="{year}.pyconuk.org", deploys=deploys)}
    plans = [await world.plan(line) for line in ("deploy website", "deploy website --year 2025")]
    assert [plan.changes[0].target for plan in plans] == [
        "2026.pyconuk.org/jekyll.yml@main",
        "2025.pyconuk.org/jekyll.yml@main",
    ]
    with pytest.raises(Refused, match=r"No workflow of 2026\.pyconuk\.org can be started.*not tests\.yml"):
        await world.ask("deploy tests")
    assert "never ran" in words(await world.reply("deploy"))


async def test_an_app_is_built_from_what_the_settings_name(build: Build) -> None:
    """At the head of its repository; without one, or with one that Heroku cannot fetch, the key is said."""
    sites = [{"name": "2026.pyconuk.org"}, {"name": "2025.pyconuk.org", "default_branch": ""}]
    apps = [{"name": "voting", "files": ["Procfile"]}, {"name": "ironcage", "private": True}]
    world = await build(repos=[*sites, *apps], teams=[])
    world.services = {
        "voting-app": Service(repository="voting", deploys={"voting": "heroku"}),
        "grey": Service(deploys={"grey": "heroku:ironcage"}),
        "cage": Service(repository="ironcage", deploys={"cage": "heroku"}),
        "site": Service(repository="{year}.pyconuk.org", deploys={"site": "heroku:{year}-site"}),
    }
    async with heroku() as found:
        world.readers["heroku"] = found.reads
        world.bound[HEROKU_BUILD.name] = Bound(HEROKU_BUILD, found.client)
        plan = await world.plan("deploy voting --at 10:00")
        (change,) = plan.changes
        app, _, commit = change.target.rpartition("@")
        assert app == "pyconuk-voting/https://github.com/PyconUK/voting"
        assert len(commit) == 40
        assert not [note for note in plan.notes if "holds then" in note]  # what was approved is built
        for line, said, hint in (
            ("deploy grey", "From which repository `grey` is built", "`services.grey.repository`"),
            ("deploy cage", "ironcage is private", "by hand"),
            ("deploy site --year 2025", "2025.pyconuk.org is empty", "Push something"),
            ("deploy site --year 2024", "no repository 2024.pyconuk.org", "Check the year"),
            ("deploy sight", "nothing that is deployed", "adds others as `services.NAME.deploys`"),
        ):
            with pytest.raises(BotError, match=said) as caught:
                await world.ask(line)
            assert hint in caught.value.hint
        with pytest.raises(UsageError, match="no app `2026-site`"):
            await world.ask("deploy site")
