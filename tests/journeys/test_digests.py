"""Digests: every morning in their channel, once, also while a vendor is away, and corrected in place."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.sandbox.scene import content
from bot.sandbox.standins import Message
from bot.store import Transaction, appointments, sales
from bot.store.tables import JOBS
from bot.workflow.audit import verify
from tests.journeys.play import Play, playing

NAMES = ("attention", "tickets", "costs")
CHANGED = select(JOBS.c.id).where(JOBS.c.key == "sales:changed", JOBS.c.state == "waiting")
WAITING = select(JOBS.c.id).where(JOBS.c.key.startswith("digest:tickets"), JOBS.c.state == "waiting")
LONDON = ZoneInfo("Europe/London")
SOON = timedelta(minutes=16)
DIGESTS = [{"command": f"digest {name}", "at": "09:00", "channel": "digests"} for name in NAMES]


def posted(play: Play) -> list[Message]:
    """Return what stands in the channel of digests."""
    room, cory = play._room("cory", "infra-digests"), play.world.person("cory")
    return [*play.world.slack.messages(room, cory)]


async def says(play: Play, words: str) -> Message:
    """Wait until a digest holds *words*; return it."""
    return await play.wait(
        lambda: next((m for m in posted(play) if words in content(m)), None), words, within=30
    )


async def test_a_morning() -> None:
    """Three digests, whatever is away; what nobody could say at nine is put right in its place.

    The journal's head goes to the channel of approvals, though nobody asked for it, and holds.
    On a launch day the one of ticket sales follows them.
    """
    async with playing({"digests": DIGESTS}) as play:
        await _known(play)
        standin: Any = play.world.standins["tito"]  # loaded by name: no type comes with it
        standin.sell("2026", "individual", 3)
        play.world.faults["tito"].switch("500")
        play.app.core.clients["tito"].memo.clear()  # a day takes no second here: what is a moment old counts
        play.later(days=1)
        await says(play, "Nothing waits.")
        await says(play, "At least £")
        tickets = await says(play, "These figures are our own record of Mon 15 Jun, 09:0")
        assert [message.files for message in posted(play)] == [[], [], []]
        head = await play.wait(lambda: _head(play), "the journal's head")
        assert await verify(play.app.core.store, head) == []
        await _until(play, lambda tx: tx.scalar(WAITING.where(JOBS.c.run_at < play.world.clock() + SOON)))
        play.world.faults["tito"].clear()
        play.later(minutes=16)
        assert (await says(play, "Individual 3")).ts == tickets.ts
        assert "PyCon UK 2026 lands between" in content(tickets)
        *digests, chart = await play.wait(lambda: posted(play)[3:] and posted(play), "a chart")
        assert (len(digests), len(chart.files)) == (3, 1)
        play.later(days=6, hours=4)
        launch = await says(play, "*Speaker* went on sale at 13:00")
        assert launch.ts != tickets.ts
        standin.sell("2026", "speaker", 20)
        await _until(play, lambda tx: tx.scalar(CHANGED))  # its webhook has come
        play.later(minutes=2)
        await says(play, "PyCon UK 2026: Speaker is 50 % sold")
        assert "Speaker 2" not in content(launch)
        play.later(minutes=15)
        assert (await says(play, "Speaker 2")).ts == launch.ts


async def test_the_night_in_which_the_clocks_go_back() -> None:
    """Its hour that comes twice brings no second digest, nor does it cost one."""
    days = (date(2026, 10, 24), date(2026, 10, 25))
    async with playing({"digests": DIGESTS[:1]}) as play:
        await _known(play)
        for day in days:
            play.world.clock.set(datetime.combine(day, time(9, 5), tzinfo=LONDON))
            await play.wait(partial(_digests, play, day), f"the digest of {day}")
        play.later(hours=5)
        await says(play, "Nothing waits.")
        assert [_digests(play, day) for day in days] == [["attention"]] * 2


def _head(play: Play) -> str | None:
    """Return the head of the journal that stands in the channel of approvals."""
    room: Any = play.world.slack.channels[play._room("cory", "infra-approvals")]
    found = re.findall(r"audit verify --head ([0-9a-f]{64})", " ".join(content(m) for m in room.messages))
    return found[0] if found else None


def _digests(play: Play, day: date) -> list[str]:
    """Return which digests of a day stand in their channel."""
    room: Any = play.world.slack.channels[play._room("cory", "infra-digests")]
    keys = [m.metadata["event_payload"]["key"].split(":") for m in room.messages if m.metadata]
    return [name for _, _, name, _, on in keys if on == f"{day}"]


async def _known(play: Play) -> None:
    """Wait until the bot knows its appointments, which begin at their next time, and keeps the sales."""
    key = f"digest:attention:{play._room('cory', 'infra-digests')}"
    await _until(play, lambda tx: appointments.last(tx, key))
    play.later(minutes=2)
    await _until(play, sales.newest)


async def _until(play: Play, look: Callable[[Transaction], Awaitable[object]]) -> None:
    """Wait until *look* finds something in the database."""
    async with asyncio.timeout(10):
        while True:
            async with play.app.core.store.read() as tx:
                if await look(tx):
                    return
            await asyncio.sleep(0.05)
