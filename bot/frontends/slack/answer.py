"""Answering one person where they asked: privately, progress replaced by the answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot.core.reply import Progress
from bot.frontends.slack import kit, render
from bot.frontends.slack.delivery import Delivery
from bot.frontends.slack.kit import Message
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused

PATIENCE = 1.0
MOST_PROGRESS = 3  # a response URL takes five messages
LATE = timedelta(minutes=5)


class Answer:
    """The answer to one delivery.

    It goes to the delivery's response URL while that lives, else into the
    conversation, seen by the person alone; whatever is late goes to the
    direct conversation, never to a channel. A message that others see too
    stays as it is when a button of it is pressed.
    """

    def __init__(
        self, outgoing: Outgoing, delivery: Delivery, now: datetime, patience: float = PATIENCE
    ) -> None:
        self._outgoing = outgoing
        self._delivery = delivery
        self._url = delivery.respond_url(now)
        self._replace = delivery.private
        self._alone = delivery.private or delivery.kind == "command"  # else others see what a URL replaces
        self._late = delivery.again or now - delivery.at > LATE
        self._direct: tuple[str, str] | None = None
        self._patience = patience
        self._shown = 0
        self._progress = "Looking…"

    @property
    def here(self) -> bool:
        """Return whether the answer is shown in a channel, among others."""
        channel = self._delivery.channel
        return bool(channel) and not channel.startswith("D") and (self._url is not None or not self._late)

    async def give(self, message: Message) -> None:
        """Show the answer, in place of the progress shown so far."""
        await self._show(message)
        if message.files:
            channel = await self._outgoing.direct(self._delivery.user)
            for file in message.files:
                await self._outgoing.upload(channel, file)

    async def remove(self) -> None:
        """Remove the private message in which a button was pressed."""
        if self._url:
            await self._outgoing.respond(self._url, None)

    async def report(self, progress: Progress) -> None:
        """Take what goes on; it is shown once a second has passed."""
        self._progress = progress.text
        if self._shown:
            await self._show_progress()

    @asynccontextmanager
    async def progressing(self) -> AsyncIterator[None]:
        """Show that work goes on, when the block takes over a second."""
        done = asyncio.Event()
        showing = asyncio.create_task(self._unless(done))
        try:
            yield
        finally:
            done.set()
            await showing

    async def _unless(self, done: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(done.wait(), self._patience)
        except TimeoutError:
            await self._show_progress()

    async def _show_progress(self) -> None:
        if self._shown >= (MOST_PROGRESS if self._alone else 1):
            return
        self._shown += 1
        going_on = kit.message(self._progress, [render.progress(Progress(text=self._progress))])
        with suppress(SlackAway, SlackRefused):  # the answer itself will tell
            await self._show(going_on)

    async def _show(self, message: Message) -> None:
        if not (await self._responded(message) or await self._whispered(message)):
            await self._show_directly(message)

    async def _responded(self, message: Message) -> bool:
        if self._url is None:
            return False
        try:
            await self._outgoing.respond(self._url, message, replace=self._replace)
        except SlackRefused:
            self._url = None
            return False
        self._replace = self._alone
        return True

    async def _whispered(self, message: Message) -> bool:
        delivery = self._delivery
        if self._late or not self.here:
            return False
        try:
            await self._outgoing.whisper(delivery.channel, delivery.user, message, delivery.thread)
        except SlackRefused:
            self._late = True
            return False
        return True

    async def _show_directly(self, message: Message) -> None:
        if self._direct is not None:
            await self._outgoing.edit(*self._direct, message)
            return
        channel = await self._outgoing.direct(self._delivery.user)
        key = f"answer:{self._delivery.key}"
        ts = await self._outgoing.find(channel, key, self._delivery.at) if self._delivery.again else None
        if ts is not None:
            await self._outgoing.edit(channel, ts, message)
        self._direct = (channel, ts) if ts else await self._outgoing.post(channel, message, key=key)
