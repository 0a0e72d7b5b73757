"""``app``: what runs at Heroku is shown, and changed by plans that say what comes with them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.core.bound import Bound
from bot.core.errors import BotError, Refused, UsageError
from bot.core.reply import Table
from integrations.heroku import HEROKU
from tests.commands.conftest import Build
from tests.commands.world import World, rows, words
from tests.integrations.heroku.wired import Heroku, heroku


@pytest.fixture
async def apps() -> AsyncIterator[Heroku]:
    """The apps of the seed."""
    async with heroku() as found:
        yield found


@pytest.fixture
async def world(build: Build, apps: Heroku) -> World:
    """The organisation with its apps."""
    world = await build()
    world.readers["heroku"] = apps.reads
    world.bound |= {resource.name: Bound(resource, apps.client) for resource in HEROKU.resources}
    return world


async def test_all_apps_are_listed(world: World, apps: Heroku) -> None:
    """One row each; nobody sees who released what."""
    assert rows(await world.reply("app", by="reader-1")) == [
        ("pyconuk-voting", "v34", "1 up", "the app"),
        ("ironcage", "v1", "2 up", "the app"),
    ]
    apps.standin.world.apps.clear()
    apps.client.memo.clear()
    assert (await world.reply("app")).title == "0 apps at Heroku"


async def test_one_app_is_shown(world: World) -> None:
    """By a word of its name, its dynos with their price, its releases, its add-ons, its address."""
    said = await world.reply("app voting", by="reader-1")
    assert said.title == "pyconuk-voting: v34, 1 up"
    assert {row for block in said.blocks if isinstance(block, Table) for row in block.rows} >= {
        ("web", "1 × basic", "$7 a month"),
        ("web.1", "up", "Tue 9 Jun, 21:15"),
        ("v34", "Tue 9 Jun, 21:15", "Deploy 66acde4f", "runs now"),
        ("v33", "Mon 4 May, 11:30", "Set SECRET_KEY config vars", "can be brought back"),
        ("v32", "Fri 1 May, 11:00", "Deploy 0c0c0c0c", "failed"),
        ("db-1", "heroku-postgresql:essential-0", "$5 a month"),
    }
    assert "7c1b8e2f4a10.herokuapp.com" in words(said)
    assert "canary" not in words(said)


async def test_a_word_that_fits_several_apps_is_asked_back(world: World, apps: Heroku) -> None:
    """No app is guessed; its whole name is plain."""
    found = apps.standin.world.apps
    assert (await world.reply("app pyconuk")).title == "pyconuk-voting: v34, 1 up"
    found["pyconuk-shop"] = replace(found["ironcage"], name="pyconuk-shop")
    apps.client.memo.clear()
    with pytest.raises(UsageError, match="no app `pyconuk`"):
        await world.ask("app pyconuk")
    assert (await world.reply("app pyconuk-shop")).title == "pyconuk-shop: v1, 2 up"


async def test_scaling_says_what_it_costs(world: World) -> None:
    """The plan has the monthly price then and now; none at all stops the site; one app's own size is kept."""
    plan = await world.plan("app scale pyconuk-voting 2 --size Standard-1X")
    assert plan.title == "pyconuk-voting: web on 2 × standard-1x"
    assert plan.changes[0].after == {"quantity": 2, "size": "standard-1x"}
    assert "cost $50 a month then (now: $7)" in plan.notes[0]
    plan = await world.plan("app scale voting 0")
    assert plan.changes[0].after == {"quantity": 0, "size": "basic"}
    assert plan.notes[1].startswith("*Visitors see nothing then*")
    plan = await world.plan("app scale voting 2 --type clock")
    assert plan.notes[1] == "Heroku may refuse more than one dyno of the size basic."
    assert (await world.reply("app scale voting 1")).title == "pyconuk-voting is so already"


async def test_maintenance_is_switched(world: World, apps: Heroku) -> None:
    """On is a loss for everybody, off is none; what is so already files nothing."""
    plan = await world.plan("app maintenance voting on")
    assert plan.losses == ("Everybody: pyconuk-voting shows a notice in its place",)
    await world.apply(plan)
    assert apps.standin.world.apps["pyconuk-voting"].maintenance
    assert "a notice of maintenance" in words(await world.reply("app voting"))
    assert (
        await world.reply("app maintenance voting on")
    ).title == "pyconuk-voting's maintenance is on already"
    assert (await world.plan("app maintenance voting off")).losses == ()


async def test_a_restart_names_what_runs(world: World, apps: Heroku) -> None:
    """The plan is a run; what runs nothing is refused with the remedy."""
    plan = await world.plan("app restart voting")
    assert plan.changes[0].words == "All dynos of *pyconuk-voting* are started anew"
    assert plan.notes == ("It runs web.1 (up). Visitors may see errors for some seconds.",)
    apps.standin.world.apps["pyconuk-voting"].formation["web"] = (0, "Basic")
    with pytest.raises(Refused, match="runs nothing") as caught:
        await world.ask("app restart voting")
    assert caught.value.hint == "`app scale pyconuk-voting 1` starts it."


async def test_a_rollback_warns_of_old_config_vars(world: World) -> None:
    """By default to the last release that can come back; the warning comes first."""
    plan = await world.plan("app rollback voting")
    assert plan.title == "pyconuk-voting: back to v33"
    assert plan.changes[0].after == {"version": 33, "pending": False}
    assert plan.notes[0].startswith("*Its config vars of that time come back too*, keys that were replaced")
    assert "database is not rolled back" in plan.notes[1]
    assert plan.notes[3] == "v34, which runs now: Deploy 66acde4f, Tue 9 Jun, 21:15."
    assert (await world.plan("app rollback voting v31")).changes[0].after == {"version": 31, "pending": False}


@pytest.mark.parametrize(
    ("line", "error", "message", "hint"),
    [
        ("app votign", UsageError, "no app `votign` at Heroku", "ironcage"),
        ("app scale voting 1 --type worker", UsageError, "runs no `worker`", "`clock` and `web`"),
        ("app scale voting 1 --size huge", UsageError, "no size `huge`", "basic"),
        ("app scale voting 1000", Refused, "1000 dynos are more", "At most 20"),
        ("app scale voting -1", UsageError, "NUMBER", "app scale"),
        ("app maintenance voting maybe", UsageError, "on|off", "app maintenance"),
        ("app rollback voting 34", Refused, "v34 of pyconuk-voting runs now", "shows what ran before"),
        ("app rollback voting 32", Refused, "cannot bring v32 back: failed", "shows others"),
        ("app rollback voting 7", UsageError, "no release v7", "v33 and v31"),
        ("app rollback ironcage", UsageError, "no release to go back to", "none"),
    ],
)
async def test_what_cannot_be_is_refused(
    world: World, line: str, error: type[BotError], message: str, hint: str
) -> None:
    """Nothing is filed; what is wrong is named, and what there is instead."""
    with pytest.raises(error) as caught:
        await world.ask(line)
    assert message in caught.value.message
    assert hint in caught.value.hint


async def test_without_heroku_nothing_is_guessed(build: Build) -> None:
    """It says that it is not set up, and who adds it."""
    with pytest.raises(Refused, match="Heroku is not set up here"):
        await (await build()).ask("app")
