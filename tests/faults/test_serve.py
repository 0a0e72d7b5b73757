"""The real ``infra serve``, reached by signed HTTP: killed at any moment, replaced, relieved by a worker."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from time import monotonic

import aiohttp
import pytest
import yaml

from bot.app import now
from bot.sandbox.world import World
from bot.store import Store
from tests import forked
from tests.faults.databases import Databases
from tests.faults.stories import PUSH, STORIES, Story, Telling
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
READY_WITHIN = 60.0  # seconds
TOLD_WITHIN = 240.0
TERMINATED_WITHIN = 30.0  # then Heroku kills
LONGEST_LIFE = 1.0  # seconds from being ready to being killed
SELECTED = ((PUSH, "sqlite", 1), (PUSH, "postgresql", 1))
AT_ONCE = ("push", "for a while", "dns", "announce", "two owners", "goes")  # nothing of these waits
FULL = tuple((STORIES[name], on, 3) for on in ("sqlite", "postgresql") for name in AT_ONCE)
LANES = 3  # processes at a time


@pytest.mark.timeout(600)
async def test_serve_killed_at_any_moment(
    on_files: Databases, on_server: Databases, tmp_path: Path, full: bool, figure: Callable[[str], None]
) -> None:
    """Whenever the real process dies, the next one goes on: each request is done once and shown."""
    chance, databases = Random(2026), {"sqlite": on_files, "postgresql": on_server}
    served = [
        Served(
            story, databases[on], [chance.uniform(0, LONGEST_LIFE) for _ in range(kills)], tmp_path / str(n)
        )
        for n, (story, on, kills) in enumerate(FULL if full else SELECTED)
    ]
    lanes = asyncio.Semaphore(LANES)
    wrong = [each for found in await asyncio.gather(*(one.told(lanes) for one in served)) for each in found]
    words = [f"{sum(word in each for each in wrong)} {word}" for word in ("lost", "doubled", "stuck")]
    figure(f"{sum(one.kills for one in served)} kills of `infra serve`: {', '.join(words)}")
    assert not wrong
    assert "Traceback" not in "".join(one.log.read_text() for one in served)


async def test_serve_ends_when_slack_cannot_be_heard() -> None:
    """Without a link for too long the process ends with exit code 1, and its last line says why."""
    async with World.start() as world:
        world.slack.mode = "socket"
        environ = world.environ() | {"SLACK_APP_TOKEN": "xapp-dead"}
        written = yaml.safe_load(environ["INFRA_CONFIG_YAML"])
        written["slack"]["give_up_after"] = "0m"
        environ["INFRA_CONFIG_YAML"] = yaml.safe_dump(written)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve", "--port", "0"), cwd=ROOT, env=environ, stderr=PIPE
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), READY_WITHIN)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        assert process.returncode == 1
        assert said.decode().splitlines()[-1].startswith("No link to Slack for")
        assert "invalid_auth" in said.decode().splitlines()[-1]


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("slow", [2.0, 14.0], ids=["in time", "out of time"])
async def test_a_rolling_restart_loses_and_doubles_no_step(
    databases: Databases, tmp_path: Path, slow: float, figure: Callable[[str], None]
) -> None:
    """The old process, told to end while a write is under way, ends in Heroku's 30 s; the new one goes on."""
    log, ports = tmp_path / "log", (free_port(), free_port())
    async with World.start() as world, databases() as url:
        world.clock.set(now())
        world.faults["github"].switch("slow", slow, only="PUT *")
        store = await Store.open(url)
        telling = Telling(world, PUSH, store, monotonic() + TOLD_WITHIN)
        environs = [
            world.environ({"database_url": url, "server": {"host": "127.0.0.1", "port": port}})
            for port in ports
        ]

        def writing() -> bool:
            calls = world.faults["github"].calls
            return any(call.method == "PUT" and call.finished is None for call in calls)

        old = forked.bot(["serve"], environs[0], (forked.NOTHING, log, log))
        processes = [old]
        try:
            await _ready(old, ports[0], log)
            world.slack.request_url = f"http://127.0.0.1:{ports[0]}/slack/events"
            assert not await telling.goes_on(writing)
            processes.append(forked.bot(["serve"], environs[1], (forked.NOTHING, log, log)))
            begun = monotonic()
            os.kill(old.pid or 0, signal.SIGTERM)
            await _ready(processes[1], ports[1], log)
            world.slack.request_url = f"http://127.0.0.1:{ports[1]}/slack/events"
            await asyncio.to_thread(old.join, TERMINATED_WITHIN)
            figure(f"`infra serve` ended {monotonic() - begun:.1f} s after SIGTERM, writes taking {slow} s")
            assert old.exitcode == 0
            assert await telling.goes_on()
            assert await telling.wrong() == []
        finally:
            for process in processes:
                process.kill()
                process.join()
            await store.close()
    assert "Traceback" not in log.read_text()


@pytest.mark.faults
async def test_a_worker_takes_the_jobs_over_and_gives_them_back(on_server: Databases, tmp_path: Path) -> None:
    """Who serves leaves the jobs to a worker within seconds, and runs them again when it is killed."""
    log, port = tmp_path / "log", free_port()
    async with World.start() as world, on_server() as url:
        world.clock.set(now())
        environ = world.environ({"database_url": url, "server": {"host": "127.0.0.1", "port": port}})
        world.slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        store = await Store.open(url)
        web = forked.bot(["serve"], environ, (forked.NOTHING, log, log))
        worker = forked.bot(["worker"], environ, (forked.NOTHING, tmp_path / "worker", tmp_path / "worker"))
        try:
            await _ready(web, port, log)
            await _said(log, "jobs are left to the worker", 1)
            telling = Telling(world, PUSH, store, monotonic() + TOLD_WITHIN)
            assert await telling.goes_on()
            assert await telling.wrong() == []
            worker.kill()
            await _said(log, "jobs are run here", 2)
        finally:
            for process in (web, worker):
                process.kill()
                process.join()
            await store.close()


async def _said(log: Path, words: str, times: int) -> None:
    """Wait until a log has some words so many times."""
    late = monotonic() + READY_WITHIN
    while log.read_text().count(words) < times:  # noqa: ASYNC240 # a test's own file
        assert monotonic() < late
        await asyncio.sleep(0.1)


class Served:
    """One story told to ``infra serve``, which is killed so many seconds after it is ready, each time."""

    def __init__(self, story: Story, databases: Databases, lives: list[float], log: Path) -> None:
        self.story, self.databases, self.lives, self.log = story, databases, lives, log
        self.kills = 0
        self.port = free_port()

    async def told(self, lanes: asyncio.Semaphore) -> list[str]:
        """Tell the story to its end, over as many lives as it takes; return what is wrong then."""
        async with lanes, AsyncExitStack() as stack:
            world = await stack.enter_async_context(World.start())
            world.clock.set(now())
            url = await stack.enter_async_context(self.databases())
            store = await Store.open(url)
            stack.push_async_callback(store.close)
            telling = Telling(world, self.story, store, monotonic() + TOLD_WITHIN)
            environ = world.environ({"database_url": url, "server": {"host": "127.0.0.1", "port": self.port}})
            world.slack.request_url = f"http://127.0.0.1:{self.port}/slack/events"
            try:
                for seconds in [*self.lives, None]:
                    if await self._life(telling, environ, seconds):
                        break
            except TimeoutError:
                return [f"stuck: {await telling.where()}"]
            return await telling.wrong()

    async def _life(self, telling: Telling, environ: dict[str, str], seconds: float | None) -> bool:
        """Serve for some seconds or to the end of the story, and return whether that came."""
        process = forked.bot(["serve"], environ, (forked.NOTHING, self.log, self.log))
        try:
            await _ready(process, self.port, self.log)
            if seconds is not None:
                asyncio.get_running_loop().call_later(seconds, process.kill)
            ended = await telling.goes_on(lambda: process.exitcode is not None)
        finally:
            process.kill()
            process.join()
        self.kills += not ended
        return ended


async def _ready(process: BaseProcess, port: int, log: Path) -> None:
    """Wait until a process that serves is ready."""
    late = monotonic() + READY_WITHIN
    async with aiohttp.ClientSession() as session:
        while process.exitcode is None and monotonic() < late:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)
    said = await asyncio.to_thread(log.read_text)
    raise AssertionError(f"not ready within {READY_WITHIN} s: {said}")
