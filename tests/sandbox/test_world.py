"""The world: the organisers' own facts, faults around each stand-in, a clock that is shared."""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import yaml

from bot.core.people import Role
from bot.sandbox.clock import Clock
from bot.sandbox.faults import KEPT_CALLS, WRITES, Kind
from bot.sandbox.world import World
from integrations.dnsimple import DnsimpleSettings

OWNERS = ["Charlie", "Cory", "George", "Kristian", "Owen", "Peter"]
SITES = [f"{year}.pyconuk.org" for year in range(2015, 2027)]
START = datetime(2026, 6, 15, 8, tzinfo=UTC)


async def read(world: World, path: str = "/users/cory") -> aiohttp.ClientResponse:
    """Return GitHub's answer to one call."""
    headers = {"Authorization": f"Bearer {world.seed['github']['token']}"}
    async with (
        aiohttp.ClientSession(world.urls["github"], headers=headers) as session,
        session.get(path) as answer,
    ):
        await answer.read()
        return answer


async def test_the_seed_holds_the_organisers_facts(world: World) -> None:
    """Six owners, the two teams, a site for each year; it is Monday morning."""
    tables = {table["title"]: table["rows"] for table in world.github.pane()["sections"]}
    assert abs(world.clock() - START) < timedelta(seconds=30)
    assert [row[1] for row in tables["Owners"] if row[1] in OWNERS] == OWNERS
    assert {"Team core", "Team pydata"} <= set(tables)
    names = [repo["name"] for repo in world.seed["github"]["repos"]]
    assert [name for name in names if name in SITES] == SITES
    assert {"ironcage", "voting", "sms_conference", "documentation", "pyconuk.github.io"} <= set(names)
    assert [row for row in tables["Team core"] if row[0] == "organiser-1"] == []


async def test_the_zone_holds_the_organisers_facts(world: World) -> None:
    """Apex and www lead to this year's site, years since 2015 are CNAMEs, those before are on one server."""
    rows = {row[0]: row[1] for row in world.dnsimple.pane()["sections"][0]["rows"]}
    assert {rows["pyconuk.org URL"], rows["www.pyconuk.org URL"]} == {"https://2026.pyconuk.org"}
    assert {rows[f"{site} CNAME"] for site in SITES} == {"pyconuk.github.io"}
    before = {rows[f"{year}.pyconuk.org A"] for year in range(2007, 2015)}
    ours = world.settings().integrations["dnsimple"]
    assert isinstance(ours, DnsimpleSettings)
    assert ours.kindly_hosted == dict.fromkeys(before, "server kindly hosted by Zeth")


async def test_the_settings_are_read_as_a_deployments_are(world: World) -> None:
    """The bot's settings come from the sandbox's file, with this world's addresses in them."""
    settings = world.settings()
    owners = [person for person in settings.people if person.role is Role.OWNER]
    assert [person.name for person in owners] == OWNERS
    assert settings.chat().api_url == f"{world.urls['slack']}/api/"
    assert str(world.folder) in settings.database_url
    assert {person.slack[0] for person in settings.people} <= set(world.slack.users)


def test_the_sandboxs_file_and_seed_agree() -> None:
    """Workspace, app and channels are the same in both."""
    folder = Path("bot/sandbox")
    seed = yaml.safe_load((folder / "seed.yaml").read_text())["slack"]
    slack = yaml.safe_load(Path("config/sandbox.yaml").read_text())["slack"]
    assert (slack["team_id"], slack["app_id"]) == (seed["team_id"], seed["app_id"])
    assert set(slack["channels"].values()) <= {channel["id"] for channel in seed["channels"]}


async def test_a_reset_goes_back_to_the_seed(world: World) -> None:
    """Clock, vendors, faults and calls are as at the start."""
    before = world.github.pane()
    world.clock.move(timedelta(days=3))
    world.github.world.set_owner("organiser-2")
    world.faults["github"].switch("500")
    await read(world)
    world.reset()
    assert abs(world.clock() - START) < timedelta(seconds=30)
    assert world.github.pane() == before
    assert (world.faults["github"].active, list(world.faults["github"].calls)) == ([], [])


async def test_another_process_reads_the_same_clock(tmp_path: Path) -> None:
    """A clock moved here is moved there."""
    clock = Clock.create(tmp_path / "clock", START)
    clock.move(timedelta(days=400))
    look = (
        "import pathlib, sys; from bot.sandbox.clock import Clock; print(Clock(pathlib.Path(sys.argv[1]))())"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", look, str(clock.file), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    assert abs(datetime.fromisoformat(said.decode().strip()) - clock()) < timedelta(seconds=30)
    clock.close()


async def test_each_call_is_recorded(world: World) -> None:
    """The record has method, path, route, status and how long it took."""
    await read(world)
    (call,) = world.faults["github"].calls
    assert (call.method, call.path, call.resource) == ("GET", "/users/cory", "/users/{user}")
    assert (call.status, call.done, call.fault) == (200, True, None)
    assert call.seconds is not None
    assert 0 <= call.seconds < 1
    assert world.faults["github"].calls.maxlen == KEPT_CALLS


async def test_a_slow_vendor_answers_late(world: World) -> None:
    """Slow means later, and otherwise the same."""
    world.faults["github"].switch("slow", seconds=0.2)
    started = time.monotonic()
    assert (await read(world)).status == 200
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("429", 429), ("malformed", 200)])
async def test_a_vendor_refuses(world: World, kind: str, status: int) -> None:
    """Refused calls do not reach the vendor."""
    before = world.github.world.calls
    world.faults["github"].switch(kind, seconds=7)
    answer = await read(world)
    assert answer.status == status
    assert answer.headers.get("Retry-After") == ("7" if kind == "429" else None)
    assert world.github.world.calls == before
    assert not world.faults["github"].calls[-1].done or kind == "malformed"


@pytest.mark.parametrize(("kind", "reached"), [("cut", False), ("lost answer", True)])
async def test_a_connection_breaks(world: World, kind: str, reached: bool) -> None:
    """A cut call never reaches the vendor; of one whose answer is lost the vendor has done what was asked."""
    before = world.github.world.calls
    world.faults["github"].switch(kind)
    with pytest.raises(aiohttp.ClientError):
        await read(world)
    assert (world.github.world.calls > before) is reached
    assert world.faults["github"].calls[-1].done is reached


async def test_a_fault_holds_for_some_calls_and_times(world: World) -> None:
    """A fault may hold for writes alone, for one path, or for the next call."""
    faults = world.faults["github"]
    faults.switch(Kind.ERROR, only=WRITES)
    assert (await read(world)).status == 200
    faults.switch(Kind.ERROR, only="GET /users/*", times=1)
    assert [(await read(world)).status for _ in range(2)] == [500, 200]
    assert faults.active == []
