"""How often each Web API method may be called."""

import math
from collections import deque
from collections.abc import Callable

MESSAGE_BURST = 5
WINDOW_SECONDS = 60.0


class Rates:
    """Count calls: a message a second per channel with short bursts, the rest per minute by tier."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._calls: dict[str, deque[float]] = {}
        self._bursts: dict[str, tuple[float, float]] = {}

    def wait_for_call(self, method: str, per_minute: int) -> int:
        """Count a call of *method*; return 0, or the seconds to wait when it is over *per_minute*."""
        now = self._monotonic()
        calls = self._calls.setdefault(method, deque())
        while calls and now - calls[0] >= WINDOW_SECONDS:
            calls.popleft()
        if len(calls) >= per_minute:
            return math.ceil(calls[0] + WINDOW_SECONDS - now)
        calls.append(now)
        return 0

    def wait_for_message(self, channel: str) -> int:
        """Count a message to *channel*; return 0, or the seconds to wait when it is one too many."""
        now = self._monotonic()
        left, seen = self._bursts.get(channel, (float(MESSAGE_BURST), now))
        left = min(float(MESSAGE_BURST), left + now - seen)
        wait = 0 if left >= 1 else math.ceil(1 - left)
        self._bursts[channel] = (left if wait else left - 1, now)
        return wait
