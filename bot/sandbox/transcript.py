"""What the sandbox prints: who did what, and what came of it."""

import sys
from collections.abc import Callable
from datetime import datetime
from textwrap import fill
from zoneinfo import ZoneInfo

WIDTH = 110


class Transcript:
    """Prints lines, each with the time of the sandbox's clock."""

    def __init__(self, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._clock = clock
        self._zone = zone
        self._day = ""

    def title(self, words: str) -> None:
        """Begin a part."""
        print(f"\n{words}", flush=True)
        self._day = ""

    def does(self, who: str, what: str) -> None:
        """Say what somebody does."""
        self._line(f"{who}: {what}")

    def so(self, what: str) -> None:
        """Say what was looked at and found to be so."""
        self._line(f"✓ {what}")

    def remark(self, words: str) -> None:
        """Say something to the reader."""
        say(words)

    def _line(self, words: str) -> None:
        now = self._clock().astimezone(self._zone)
        day = f"{now:%a %-d %b}"
        stamp = f"  {day if day != self._day else '':>10} {now:%H:%M}  "
        self._day = day
        print(fill(words, WIDTH, initial_indent=stamp, subsequent_indent=" " * len(stamp)), flush=True)


def say(words: str) -> None:
    """Print *words*."""
    print(words, flush=True)


def complain(words: str) -> None:
    """Print *words* where errors go."""
    print(words, file=sys.stderr, flush=True)
