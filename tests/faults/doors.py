"""A vendor as small as one can be: doors that are opened, and a list of who opened which.

It stands in where thousands of requests are carried out and a real vendor's pace would be in the way.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.bound import Bound
from bot.core.change import Change, Plan
from bot.core.command import Organisation
from bot.core.policy import Policy
from bot.core.values import Value
from bot.core.vendor import Concerns, Resource
from bot.store import Store
from bot.store.jobs import EmbeddedJobs, Jobs
from bot.store.procrastinate import ProcrastinateJobs
from bot.workflow.wiring import Wiring


class Open(Value):
    """An open door; a door that is not open is absent."""

    wide: bool = True


@dataclass(frozen=True)
class Doors:
    """The doors, in a folder that several processes share."""

    folder: Path

    def opened(self) -> Counter[str]:
        """Return how often each door was opened."""
        log = self.folder / "log"
        return Counter(log.read_text().splitlines() if log.exists() else ())


async def _read(doors: Doors, target: str) -> Open | None:
    return Open() if (doors.folder / target).exists() else None


async def _write(doors: Doors, target: str, after: Open | None) -> None:
    """Open a door and note it; the note is one write, so that nobody else's comes between."""
    assert after is not None
    log = os.open(doors.folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, f"{target}\n".encode())
    os.close(log)
    (doors.folder / target).touch()


async def _weigh(_doors: Doors, change: Change) -> Concerns:
    return Concerns(protected="a vault" if change.target.startswith("vault") else None)


DOOR = Resource("doors.door", Open, _read, _write, "{} opens (was: {}, is: {})".format, concerns=_weigh)


def opening(target: str) -> Plan:
    """Return the plan to open one door; a vault needs two owners."""
    after = Open().model_dump(mode="json")
    change = Change(resource=DOOR.name, target=target, before=None, after=after, words=f"{target} opens")
    return Plan(title=f"Open {target}", changes=(change,))


def wiring(store: Store, doors: Doors, clock: Callable[[], datetime]) -> Wiring:
    """Return the workflow's wiring with doors as its one vendor."""
    engine = EmbeddedJobs if store.dialect == "sqlite" else ProcrastinateJobs
    jobs: Jobs = engine(store, clock, _failed)
    zone = ZoneInfo("Europe/London")
    organisation = Organisation("PyCon UK", "pyconuk.org", zone, {})
    return Wiring(store, jobs, clock, organisation, Policy(), (), {DOOR.name: Bound(DOOR, doors)}, {})


def _failed(key: str, error: Exception) -> None:
    raise AssertionError(f"{key} failed") from error
