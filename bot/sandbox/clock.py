"""A clock that can be moved, shared with other processes through a small file."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_OFFSET = struct.Struct("=d")


class Clock:
    """Call it for the time: real time plus an offset, which whoever opened the same file may move."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _OFFSET.size)

    @classmethod
    def create(cls, file: Path, start: datetime) -> "Clock":
        """Make the file of a clock that shows *start* now."""
        file.write_bytes(bytes(_OFFSET.size))
        clock = cls(file)
        clock.set(start)
        return clock

    def __call__(self) -> datetime:
        """Return the time, in UTC."""
        return _real() + timedelta(seconds=_OFFSET.unpack(self._shared[:])[0])

    def set(self, at: datetime) -> None:
        """Let it be *at* now."""
        self._shared[:] = _OFFSET.pack((at - _real()).total_seconds())

    def move(self, by: timedelta) -> None:
        """Let time jump by *by*."""
        self.set(self() + by)

    def close(self) -> None:
        """Let go of the file."""
        self._shared.close()


def _real() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 # the sandbox's clock is made here, from the real one
