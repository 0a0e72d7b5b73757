"""What lives do: each program is one process of the bot, told by the test what to do and where to end."""

import asyncio
import os
import signal
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

import config
from bot.app import now, running, vendor_settings
from bot.core.errors import BotError
from bot.core.people import Actor
from bot.sandbox.clock import Clock
from bot.store import Store, people
from bot.store.jobs import Later
from bot.workflow.executor import Executor
from bot.workflow.service import Service
from tests.faults import doors
from tests.faults.forks import Json, Line
from tests.faults.points import Commits, Point
from tests.journeys.play import knowing

SWEEP_SECONDS = 0.3
EARLY = 0.002  # seconds before an appointment that are spent awake


async def press(line: Line, task: Json) -> None:
    """Decide about requests and carry them out, each at the appointed moment."""
    store = await Store.open(task["database_url"], connections=3)
    wiring = doors.wiring(store, doors.Doors(Path(task["folder"])), now)
    executor = Executor(wiring)
    service = Service(wiring, executor)
    async with store.read() as tx:
        actors = {person.name: Actor.of(person, "slack") for person in await people.everyone(tx)}
    spans = Spans()
    line.say(said="ready")
    while request := (wanted := await line.hear()).get("request"):
        spans.forget()
        await _at(wanted["at"])
        said = wanted["verb"]
        try:
            if said == "apply":
                await executor.apply({"request": request})
            else:
                await service.decide(request, wanted["digest"], said, actors[wanted["actor"]])
        except (BotError, Later) as error:
            said = type(error).__name__
        line.say(said=said, span=spans.first)
    await store.close()


async def _at(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic() - EARLY))
    while time.monotonic() < moment:
        pass


class Spans:
    """Notes from when until when this process's first transaction awaited and held a request's row."""

    def __init__(self) -> None:
        self.first = (0.0, 0.0)
        event.listen(Engine, "before_cursor_execute", self._asked)
        event.listen(Pool, "checkin", self._left)

    def forget(self) -> None:
        """Forget what was noted."""
        self.first = (0.0, 0.0)

    def _asked(self, connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM requests" in statement and "FOR UPDATE" in statement:
            connection.info["asked"] = time.monotonic()

    def _left(self, _connection: Any, record: Any) -> None:
        asked = record.info.pop("asked", None)
        if asked is not None and not any(self.first):
            self.first = (asked, time.monotonic())


async def serve(line: Line, task: Json) -> None:
    """Be the whole bot, until told to end or cut off at a point."""
    cut = Point(**task["cut"]) if task["cut"] else None

    def reached(point: Point) -> None:
        line.say(point=asdict(point), at=time.monotonic())
        if point == cut:
            os.kill(os.getpid(), task.get("signal", signal.SIGKILL))

    Commits(reached).watch()
    settings = knowing(config.load(vendor_settings(), task["environ"]), task["vendors"])
    clock = Clock(Path(task["clock"]))
    async with running(settings, clock=clock, port=0, sweep=task.get("sweep", SWEEP_SECONDS)) as app:
        line.say(port=app.port)
        await line.hear()
