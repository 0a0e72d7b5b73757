"""A play: the real bot served in this process, in the sandbox's world, with people who act."""

import asyncio
from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from sqlalchemy import create_engine

from bot.app import App, running
from bot.app.figures import Figures
from bot.app.serving import UNCOUNTED
from bot.core.event import Event
from bot.sandbox.scene import PATIENCE, Scene, content
from bot.sandbox.world import HOST, World
from bot.store import journal, migrations
from bot.workflow import audit
from config.settings import Settings
from tests.frontends.slack.office import AT_ONCE

ASK = "grant-push organiser-1 website because looks after the schedule page"
SITE = "2026.pyconuk.org"
CORE, REPOSITORIES = "Team core", "Team core: repositories"
COLLABORATORS, INVITATIONS = "Collaborators", "Invitations"
SITE_GRANT = f"/orgs/PyconUK/teams/core/repos/PyconUK/{SITE}"
OWNERS = ("Charlie", "Cory", "George", "Kristian", "Owen", "Peter")


class Play(Scene):
    """A scene with its bot; what is wrong with the journal fails the test."""

    def __init__(self, world: World, app: App) -> None:
        super().__init__(world)
        self.app = app

    async def asked(self, line: str = ASK, who: str = "organiser-2", number: int = 1) -> str:
        """Let somebody file a request; return its card."""
        await self.ask(who, line, "is with the owners")
        return await self.card_says(number, "owner")

    async def approved(
        self, line: str = ASK, by: str = "Cory", number: int = 1, who: str = "organiser-2"
    ) -> str:
        """Let somebody file a request and an owner approve it; return the card once it is applied."""
        await self.asked(line, who, number)
        await self.press(by, "Approve", f"#{number}")
        return await self.card_says(number, "*Applied.*")

    def writes(self) -> list[str]:
        """Return what was written to GitHub, and done."""
        calls = self.world.faults["github"].calls
        return [f"{c.method} {c.path}" for c in calls if c.method in {"PUT", "PATCH", "DELETE"} and c.done]

    def notes(self, who: str) -> list[str]:
        """Return what the bot told somebody alone."""
        return [content(message) for message in self._seen(who) if self._private(message)]

    async def lines(self) -> list[Event]:
        """Return the journal."""
        async with self.app.core.store.read() as tx:
            return [event async for event in journal.everything(tx)]

    async def seeded(self, vendor: str) -> None:
        """Wait until the bot has looked at a vendor for the first time."""
        while f"baseline:{vendor}" not in {line.subject for line in await self.lines()}:
            await self.ask("Cory", "drift", "Nothing differs")

    async def told(self, *, until: str) -> list[str]:
        """Return the kinds of what the journal says of requests, once the last is *until*."""
        kinds: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while kinds[-1:] != [until]:
                await asyncio.sleep(0.02)
                lines = [line for line in await self.lines() if line.subject.startswith("request:")]
                kinds = [line.kind.value for line in lines]
        return kinds


@asynccontextmanager
async def playing(
    changed: Mapping[str, Any] | None = None,
    mode: Literal["http", "socket"] = "http",
    vendors: Container[str] | None = None,
) -> AsyncIterator[Play]:
    """Give a play; *changed* sections of the bot's settings win, and it knows of no other *vendors*.

    A bot that looks at all of them each time the clock moves takes a second for it.
    """
    async with World.start() as world:
        world.slack.mode = mode
        async with serving(world, changed, vendors) as play:
            yield play


@asynccontextmanager
async def serving(
    world: World,
    changed: Mapping[str, Any] | None = None,
    vendors: Container[str] | None = None,
    figures: Figures = UNCOUNTED,
) -> AsyncIterator[Play]:
    """Give a play in *world*, where the bot serves until the block ends; without digests unless *changed*.

    Slack takes as many calls as come: hours pass in seconds here, and its minutes would not.
    """
    world.slack.rate_limits = False
    settings = world.settings({"digests": []} | dict(changed or {}))
    if vendors is not None:
        settings = knowing(settings, vendors)
    _migrated(world.folder / "infra.db")
    async with running(
        settings, clock=world.clock, host=HOST, port=0, sweep=0.2, figures=figures, rates=AT_ONCE
    ) as app:
        world.listens(f"http://{HOST}:{app.port}")
        yield Play(world, app)
        assert await audit.verify(app.core.store) == []


def knowing(settings: Settings, vendors: Container[str]) -> Settings:
    """Return settings with these vendors alone."""
    known = {name: section for name, section in settings.integrations.items() if name in vendors}
    return settings.model_copy(update={"integrations": known})


def _migrated(file: Path) -> None:
    """Put a database with its tables at *file* unless one is there."""
    if not file.exists():
        file.write_bytes(_tables())


@cache
def _tables() -> bytes:
    """Return a database with its tables, made step by step once for all plays."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "infra.db")
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            migrations.migrate(connection)
        engine.dispose()
        return file.read_bytes()
