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

    def read(self) -> float:
        """Take one call; return the seconds to wait before it."""
        now = uptime()
        self._left = min(self._size, self._left + (now - self._at) * self._rate) - 1
        self._at = now
        return max(0.0, -self._left / self._rate)

    def write(self) -> float:
        """Take one write; return the seconds to wait before it."""
        now = uptime()
        at = now + self.read()
        if len(self._writes) == FREE and self._writes[0] > now - WINDOW:
            at = max(at, self._writes[-1] + self._spacing)
        self._writes.append(at)
        return at - now
