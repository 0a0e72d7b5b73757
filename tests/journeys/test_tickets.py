"""Ticket sales: what ti.to says is looked at, kept and told, and nobody's name goes with it."""

import asyncio
from typing import Any

import structlog

from bot.sandbox.scene import content
from bot.store import sales
from bot.workflow import audit
from tests.journeys.play import Play


async def test_sales_are_told_and_kept_without_anybodys_name(play: Play) -> None:
    """A sale that ti.to tells of is in our record a minute later; nothing personal is kept or told."""
    logs: list[Any] = []

    def listening(_logger: Any, _name: str, event: Any) -> Any:
        logs.append(dict(event))
        return event

    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[listening, *processors])
    standin: Any = play.world.standins["tito"]  # loaded by name: no type comes with it
    answer = await play.ask("organiser-2", "tickets", "PyCon UK 2026: ")
    before = int(answer.split("PyCon UK 2026: ")[1].split()[0])
    play.later(minutes=2)  # the first look of the day
    await play.ask("organiser-2", "tickets forecast", "lands between")
    standin.sell("2026", "individual", 3)
    await play.wait(lambda: len(standin.hooks.deliveries) == 4, "the order and its tickets told")
    assert {delivery.status for delivery in standin.hooks.deliveries} == {200}
    play.later(minutes=2)
    await _kept(play, before + 3)
    exported = [line async for line in audit.export(play.app.core.store)]
    files = [path.read_bytes() for path in play.world.folder.glob("infra.db*")]
    seen = [content(message) for who in ("organiser-2", "Cory") for message in play._seen(who)]
    structlog.configure(processors=processors)
    assert b"PyCon UK 2026" in b"".join(files)
    everything = "".join([*exported, *seen, repr(logs), repr(files)])
    assert "canary" not in everything.casefold()
    assert play.world.seed["environ"]["TITO_WEBHOOK_SECRET"] not in everything
    calls = play.world.faults["tito"].calls
    assert {call.method for call in calls} == {"GET"}


async def _kept(play: Play, number: int) -> None:
    """Wait until our record says that so many are sold."""
    for _ in range(300):
        async with play.app.core.store.read() as tx:
            newest = await sales.newest(tx)
        if newest and newest.sold == number:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(newest)
