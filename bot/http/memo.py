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
        self._known: dict[Hashable, tuple[float, asyncio.Task[Any]]] = {}

    async def __call__(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the answer to *ask*, perhaps an earlier one with the same *key*."""
        known = self._known.get(key)
        if known is None or known[0] < uptime() or self._failed(known[1]):
            known = uptime() + self._seconds, asyncio.create_task(ask())
            self._known[key] = known
        answer: T = await asyncio.shield(known[1])
        return answer

    def clear(self) -> None:
        """Forget everything: something was written."""
        self._known.clear()

    @staticmethod
    def _failed(task: asyncio.Task[Any]) -> bool:
        return task.done() and (task.cancelled() or task.exception() is not None)
