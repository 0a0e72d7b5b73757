"""The hourly allowance of calls, as GitHub counts it."""

from collections.abc import Callable
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


class Meter:
    """Counts what was used of each resource (``core``, ``graphql``) in the running hour."""

    def __init__(self, limit: int, clock: Callable[[], datetime]) -> None:
        self.limit = limit
        self._clock = clock
        self._windows: dict[str, tuple[datetime, int]] = {}

    def used(self, resource: str) -> int:
        """Return what was used in the running hour."""
        return self._window(resource)[1]

    def left(self, resource: str) -> int:
        """Return what is left until the reset."""
        return max(0, self.limit - self.used(resource))

    def reset(self, resource: str) -> datetime:
        """Return when the running hour ends."""
        return self._window(resource)[0] + HOUR

    def charge(self, resource: str, cost: int) -> None:
        """Count a call."""
        start, used = self._window(resource)
        self._windows[resource] = (start, used + cost)

    def headers(self, resource: str) -> dict[str, str]:
        """Return the headers each answer carries."""
        figures = {"resource": resource} | self.figures(resource)
        return {f"X-RateLimit-{name.title()}": str(figure) for name, figure in figures.items()}

    def figures(self, resource: str) -> dict[str, int]:
        """Return limit, use, remainder and reset (Unix seconds) of a resource."""
        used = min(self.used(resource), self.limit)
        reset = int(self.reset(resource).timestamp())
        return {"limit": self.limit, "used": used, "remaining": self.left(resource), "reset": reset}

    def _window(self, resource: str) -> tuple[datetime, int]:
        start, used = self._windows.get(resource, (self._clock(), 0))
        return (self._clock(), 0) if self._clock() >= start + HOUR else (start, used)
