"""Answers remembered for a few seconds."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar

from bot.http.network import uptime

T = TypeVar("T")


class Memo:
    """Lets those who ask the same at once, or within a few seconds, share one answer.

    Only for looking: what a change starts from is always read anew.
    """

    def __init__(self, seconds: float = 3.0) -> None:
        self._seconds = seconds
        self._asked: dict[Hashable, asyncio.Task[Any]] = {}
        self._until: dict[Hashable, float] = {}

    async def __call__(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the answer to *ask*, perhaps an earlier one with the same *key*."""
        task = self._asked.get(key)
        if task is None or (task.done() and self._until.get(key, 0) < uptime()):
            task = self._asked[key] = asyncio.create_task(ask())
            task.add_done_callback(lambda task: self._keep(key, task))
        answer: T = await asyncio.shield(task)
        return answer

    async def anew(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the answer to *ask* of now, and let others share it."""
        self._asked.pop(key, None)
        return await self(key, ask)

    def _keep(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        """Let a good answer stand for a while, and nobody share a failure that comes later."""
        good = not task.cancelled() and task.exception() is None
        self._until[key] = uptime() + self._seconds if good else 0

    def clear(self) -> None:
        """Forget everything: something was written."""
        self._asked.clear()
        self._until.clear()
