"""The bot comes back after some time and says once what happened meanwhile; others watch whether it lives."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.app.alive import heartbeat, present
from bot.sandbox.scene import content
from bot.sandbox.world import World
from bot.store.tables import PRESENCE
from tests.journeys.play import COLLABORATORS, SITE, Play, playing, serving

VENDORS = ("github",)

FOR_A_DAY = "grant-push organiser-3 website --for 1d because sprints"


def away(play: Play) -> list[str]:
    """Return what the approvals channel says of absences."""
    said = [content(message) for message in play._seen("George")]
    return [words for words in said if words.startswith("Away ")]


async def test_a_grant_that_ended_late_is_told() -> None:
    """A grant whose end came while nobody served is ended first; then one line says how late that was."""
    async with World.start() as world:
        async with serving(world) as play:
            await play.approved(FOR_A_DAY)
        play.later(days=1, hours=3)
        async with serving(world) as play:
            await play.lacks(COLLABORATORS, SITE, "organiser-3")
            await play.card_says(1, "*Ended Tue 16 Jun")
            assert away(play) == []
            play.later(minutes=1)
            [line] = await play.wait(lambda: away(play), "it says that it was away")
            assert line.startswith("Away Mon 15 Jun, 09:0")
            assert "Tue 16 Jun, 12:0" in line
            assert line.endswith(": one grant ended 3 h late.")
        async with serving(world) as play:
            play.later(minutes=1)
            await play.ask("organiser-2", "requests", "#1")
            assert len(away(play)) == 1


async def test_a_machine_that_slept_was_away(play: Play) -> None:
    """A laptop that was closed is told like a bot that was stopped; a clock that was moved is not."""
    slept, wiring = [0.0], play.app.core.wiring
    noting = asyncio.create_task(present(wiring, 0.01, lambda: slept[0]))
    try:
        await _noted(play)
        play.later(hours=2)
        await _noted(play)
        slept[0] += timedelta(hours=4).total_seconds()
        play.later(hours=4)
        await _noted(play)
        play.later(minutes=1)
        [line] = await play.wait(lambda: away(play), "it says that it was away")
        assert line.startswith("Away 11:0")
        assert " to 15:0" in line
    finally:
        noting.cancel()
        await asyncio.gather(noting, return_exceptions=True)


async def _noted(play: Play) -> None:
    """Wait until it is noted that the bot is there now."""
    now = play.world.clock()
    async with asyncio.timeout(15):
        while True:
            async with play.app.core.store.read() as tx:
                at = await tx.scalar(select(PRESENCE.c.at))
            if at is not None and at >= now:
                return
            await asyncio.sleep(0.01)


async def test_who_watches_is_pinged() -> None:
    """With ``heartbeat_url`` a bot that serves pings it."""
    pings: list[str] = []
    async with (
        TestServer(_watcher(pings)) as watcher,
        playing({"heartbeat_url": str(watcher.make_url("/beat"))}) as play,
    ):
        await play.wait(lambda: pings, "a ping")
    assert pings == ["/beat"]


async def test_a_heartbeat_that_fails_is_logged_once() -> None:
    """Of several pings in a row that fail the first is logged, and the next that arrives."""
    pings: list[str] = []
    async with TestServer(_watcher(pings, failing=range(2, 5))) as watcher:
        with capture_logs() as logs:
            await _beating(str(watcher.make_url("/beat")), lambda: len(pings) >= 6)
    assert [(line["event"], line.get("why")) for line in logs] == [
        ("heartbeat fails", "answered 500"),
        ("heartbeat arrives again", None),
    ]


async def test_a_heartbeat_that_nobody_hears() -> None:
    """A watcher that is away breaks nothing; its address, which may be a secret, is not logged."""
    url = f"http://127.0.0.1:{unused_port()}/secret"
    with capture_logs() as logs:
        await _beating(url, lambda: bool(logs))
    assert [line["event"] for line in logs] == ["heartbeat fails"]
    assert "secret" not in str(logs)


def _watcher(pings: list[str], failing: range = range(0)) -> web.Application:
    """Return somebody who notes each ping, and fails at those numbered *failing*."""

    async def pinged(request: web.Request) -> web.Response:
        pings.append(request.path)
        return web.Response(status=500 if len(pings) in failing else 200)

    app = web.Application()
    app.add_routes([web.get("/beat", pinged)])
    return app


async def _beating(url: str, enough: Callable[[], bool]) -> None:
    """Ping *url* often, until *enough*."""
    task = asyncio.create_task(heartbeat(url, 0.01))
    async with asyncio.timeout(15):
        while True:
            if enough():
                break
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
