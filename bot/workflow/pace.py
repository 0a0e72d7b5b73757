"""How patiently vendors are written to, and how long it is looked for what a write did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

WRITE_WITHIN = timedelta(seconds=15)
REWRITE_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class Pace:
    """How patiently a write is read back: seconds in all, and between two looks."""

    patience: float = 10.0
    first: float = 0.05
    longest: float = 1.0

    def pauses(self) -> Iterator[float]:
        """Yield the pauses between the looks, until patience ends."""
        waited, pause = 0.0, self.first
        while waited < self.patience:
            yield pause
            waited, pause = waited + pause, min(pause * 2, self.longest)


PATIENT = Pace()
