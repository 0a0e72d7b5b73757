"""A world, a bot as a process, and the page that is served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.sandbox.page import Page
from bot.sandbox.process import Bot
from bot.sandbox.scene import Scene
from bot.sandbox.stage import Stage
from bot.sandbox.world import World
from commands import COMMANDS
from tests.journeys.conftest import play as play  # a bot in this process is quicker
from tests.journeys.play import Play


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Give a world without a bot."""
    async with World.start() as world:
        yield world


@dataclass
class Browser:
    """The served page, and a plain client that follows no redirects."""

    scene: Scene
    bot: Bot
    url: str
    session: aiohttp.ClientSession

    async def page(self, who: str, room: str = "") -> str:
        """Return the page as somebody sees it."""
        asked = {"as": self.scene.world.person(who), "in": room}
        async with self.session.get(self.url, params=asked) as answer:
            assert answer.status == 200
            return await answer.text()

    async def do(self, doing: str, /, who: str = "organiser-2", **fields: Any) -> tuple[int, str]:
        """Send what a form of the page sends; return the status and where it leads."""
        form = {"as": self.scene.world.person(who), "in": "C0000000001", **fields}
        async with self.session.post(f"{self.url}do/{doing}", data=form, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", "")


@asynccontextmanager
async def browsing(scene: Scene, bot: Bot) -> AsyncIterator[Browser]:
    """Serve the page of a world and its bot."""
    page = Page(scene.world, bot, COMMANDS)
    async with TestServer(page.app) as server, aiohttp.ClientSession() as session:
        yield Browser(scene, bot, str(server.make_url("/")), session)


@pytest.fixture
async def managing() -> AsyncIterator[Browser]:
    """Give the page of a stage, with which its bot, a process of its own, can be stopped and started."""
    async with Stage.set() as stage, browsing(stage, stage.bot) as browser:
        yield browser


@pytest.fixture
async def browser(play: Play) -> AsyncIterator[Browser]:
    """Give the page of such a world."""
    async with browsing(play, Bot(play.world)) as browser:
        yield browser
