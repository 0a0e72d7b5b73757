"""How often Slack is called: a turn at a time, after a short burst."""

import asyncio
from dataclasses import dataclass
from time import monotonic

TIER_4_METHODS = (
    "users_info",
    "views_open",
    "views_update",
    "views_publish",
    "chat_postEphemeral",
    "files_getUploadURLExternal",
    "files_completeUploadExternal",
)


@dataclass(frozen=True)
class Rates:
    """How often we call: seconds between two calls, and the short burst before that counts."""

    message: tuple[float, int] = (1.0, 3)  # to one channel
    tier_3: tuple[float, int] = (1.75, 15)  # at most 50 a minute
    tier_4: tuple[float, int] = (1.0, 38)  # at most 100 a minute
    edits_apart: float = 3.0  # of one message


USUAL = Rates()


class Pace:
    """A turn every *interval* seconds, after a short *burst*; turns are given in the order asked for."""

    def __init__(self, interval: float, burst: int) -> None:
        self._interval = interval
        self._slack = interval * (burst - 1)
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for a turn."""
        now = monotonic()
        mine = max(self._next, now)
        self._next = mine + self._interval
        if mine - self._slack > now:
            await asyncio.sleep(mine - self._slack - now)

    def hold(self, seconds: float) -> None:
        """Give no turn for some seconds."""
        self._next = max(self._next, monotonic() + seconds + self._slack)
