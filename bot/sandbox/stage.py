"""A stage: a world with the real bot as a process, people who act, and a transcript of it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sandbox import book
from bot.sandbox.process import Bot
from bot.sandbox.scene import APPROVALS, DidNotHappenError, Scene
from bot.sandbox.transcript import Transcript
from bot.sandbox.world import World
from bot.store import journal
from bot.workflow import audit

SITE = "2026.pyconuk.org"
SITE_GRANT = f"/orgs/PyconUK/teams/core/repos/PyconUK/{SITE}"
INVITATION = "/orgs/PyconUK/teams/core/memberships/organiser-1"


class Stage(Scene):
    """A scene that is told: each step is printed once it has really happened."""

    def __init__(self, world: World, bot: Bot) -> None:
        super().__init__(world)
        self.bot = bot
        self.told = Transcript(world.clock, zone(world))

    @classmethod
    @asynccontextmanager
    async def set(cls) -> "AsyncIterator[Stage]":
        """Give a stage whose bot is ready."""
        async with World.start() as world, Bot.started(world) as bot:
            yield cls(world, bot)

    async def reset(self) -> None:
        """Go back to the seed, with an empty database."""
        await self.bot.forget()
        self.world.reset()
        await self.bot.start()

    async def asks(self, who: str, line: str, expected: str, room: str = APPROVALS) -> str:
        """Let somebody say a command, and tell it and the first line of the answer."""
        self.told.does(who, f"/infra {line}")
        answer = await self.ask(who, line, expected, room)
        self._heard(who, answer)
        return answer

    async def presses(self, who: str, label: str, on: str = "") -> None:
        """Let somebody press a button, and tell it."""
        self.told.does(who, f"presses [{label}]")
        await self.press(who, label, on)

    async def is_told(self, who: str, words: str) -> str:
        """Wait until somebody hears *words*, and tell what they heard."""
        answer = await self.hears(who, words)
        self._heard(who, answer)
        return answer

    def _heard(self, who: str, answer: str) -> None:
        gist = next(line for line in answer.splitlines() if line.strip())
        self.told.so(f"Infra, to {who} alone: {self._plainly(gist)}")

    def _plainly(self, line: str) -> str:
        """Return a line of Slack's markup without its marks."""
        named = re.sub(r"<@(\w+)>", lambda found: f"@{self.world.slack.users[found[1]].name}", line)
        return named.replace("*", "").replace("`", "").strip()

    async def reads(self, number: int, words: str) -> str:
        """Wait until the card of a request says *words*, and tell that line of it."""
        card = await self.card_says(number, words)
        line = next((line for line in card.splitlines() if words in line), words)
        self.told.so(f"the card of #{number}: {self._plainly(line)}")
        return card

    async def seen(self, words: str, section: str, *row: str) -> None:
        """Wait until GitHub has a row, and tell it in *words*."""
        await self.holds(section, *row)
        self.told.so(f"GitHub: {words}")

    async def gone(self, words: str, section: str, *row: str) -> None:
        """Wait until GitHub lacks a row, and tell it in *words*."""
        await self.lacks(section, *row)
        self.told.so(f"GitHub: {words}")

    def goes_by(self, words: str, **by: float) -> None:
        """Let time jump, and tell it."""
        self.later(**by)
        self.told.does("the clock", words)

    def written(self, path: str) -> int:
        """Return how often the bot wrote to a path of GitHub, and GitHub did it."""
        calls = self.world.faults["github"].calls
        return sum(call.method in {"PUT", "DELETE"} and call.path == path and call.done for call in calls)

    def once(self, words: str, path: str) -> None:
        """Check that GitHub was written to once at *path*, and tell it."""
        if (times := self.written(path)) != 1:
            raise DidNotHappenError(f"{path} was written {times} times, not once")
        self.told.so(words)

    async def verified(self) -> None:
        """Verify the journal as ``infra audit verify`` does, and tell it."""
        lines, head = await verified(self.bot.database)
        self.told.so(f"the journal is whole: {lines} lines, head {head[:12]}…")


async def verified(database: Path) -> tuple[int, str]:
    """Return length and head of the journal; DidNotHappenError when anything in it is wrong."""
    async with book.opened(database) as store:
        if problems := await audit.verify(store):
            raise DidNotHappenError("the journal is not whole: " + "; ".join(problems))
        async with store.read() as tx:
            return await journal.head(tx)


def zone(world: World) -> ZoneInfo:
    """Return where the organisation is."""
    return world.settings().organisation.timezone
