"""How often a vendor is called."""

from collections import deque

from bot.http.network import uptime

WINDOW = 10.0  # seconds
FREE = 5  # writes in the window that need no spacing


class Budget:
    """Half of the rate a vendor publishes may go at once, the other half spread over the hour.

    Five writes in ten seconds go at once, more of them *spacing* seconds apart.
    """

    def __init__(self, hourly: int, spacing: float) -> None:
        self._size = self._left = hourly / 2
        self._rate = hourly / 2 / 3600
        self._spacing = spacing
        self._at = uptime()
        self._writes: deque[float] = deque(maxlen=FREE)

    def read(self, patience: float) -> float:
        """Return the seconds to wait before a call, and take it unless that is more than *patience*."""
        now = uptime()
        left = min(self._size, self._left + (now - self._at) * self._rate)
        wait = max(0.0, (1 - left) / self._rate)
        self._left, self._at = left - (wait <= patience), now
        return wait

    def give_back(self) -> None:
        """Take a call back that the vendor did not count."""
        self._left = min(self._size, self._left + 1)

    def write(self, patience: float) -> float:
        """Return the seconds to wait before a write, and take it unless that is more than *patience*."""
        now, wait = uptime(), 0.0
        if len(self._writes) == FREE and self._writes[0] > now - WINDOW:
            wait = max(0.0, self._writes[-1] + self._spacing - now)
        if wait <= patience:
            wait = max(wait, self.read(patience))
        if wait <= patience:
            self._writes.append(now + wait)
        return wait
