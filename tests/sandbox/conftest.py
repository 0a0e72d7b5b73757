"""A world, a bot as a process, and the page that is served."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.sandbox.page import Page
from bot.sandbox.stage import Stage
from bot.sandbox.world import World
from commands import COMMANDS


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Give a world without a bot."""
    async with World.start() as world:
        yield world


@dataclass
class Browser:
    """The served page, and a plain client that follows no redirects."""

    stage: Stage
    url: str
    session: aiohttp.ClientSession

    async def page(self, who: str, room: str = "") -> str:
        """Return the page as somebody sees it."""
        asked = {"as": self.stage.world.person(who), "in": room}
        async with self.session.get(self.url, params=asked) as answer:
            assert answer.status == 200
            return await answer.text()

    async def do(self, doing: str, /, who: str = "organiser-2", **fields: Any) -> tuple[int, str]:
        """Send what a form of the page sends; return the status and where it leads."""
        form = {"as": self.stage.world.person(who), "in": "C0000000001", **fields}
        async with self.session.post(f"{self.url}do/{doing}", data=form, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", "")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """Give a stage whose bot is ready."""
    async with Stage.set() as stage:
        yield stage


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[Browser]:
    """Give the page of a stage."""
    page = Page(stage.world, stage.bot, COMMANDS)
    async with TestServer(page.app) as server, aiohttp.ClientSession() as session:
        yield Browser(stage, str(server.make_url("/")), session)
