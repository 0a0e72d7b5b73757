"""Ticket sales: what ti.to says is looked at, kept and told, and nobody's name goes with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import structlog

from bot.sandbox.scene import content
from bot.store import Store, sales
from bot.workflow import audit
from bot.workflow.sales import Snapshots
from tests.journeys.play import playing

LINES = (
    ("tickets show 2052", "ti.to has no event"),
    ("digest tickets", "sold yesterday"),
    ("costs", "paid tickets sold so far"),
    ("audit", "Audit: "),
)


async def test_sales_are_told_and_kept_without_anybodys_name(database_url: str) -> None:
    """A sale that ti.to tells of is in our record; nothing personal is kept, told, logged or exported."""
    logs: list[Any] = []

    def listening(_logger: Any, _name: str, event: Any) -> Any:
        logs.append(dict(event))
        return event

    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[listening, *processors])
    store = await Store.open(database_url)
    await store.migrate()
    await store.close()
    async with playing({"database_url": database_url}) as play:
        standin: Any = play.world.standins["tito"]  # loaded by name: no type comes with it
        answer = await play.ask("organiser-2", "tickets", "PyCon UK 2026: ")
        before = int(answer.split("PyCon UK 2026: ")[1].split()[0])
        standin.sell("2026", "individual", 3)
        await play.wait(lambda: len(standin.hooks.deliveries) == 4, "the order and its tickets told")
        assert {delivery.status for delivery in standin.hooks.deliveries} == {200}
        await Snapshots(play.app.core.wiring).take({})  # as the job does a minute later
        for line, words in LINES:
            await play.ask("organiser-2", line, words)
        await play.press("organiser-2", "CSV", "a year")
        play.world.faults["tito"].switch("malformed")
        play.app.core.clients["tito"].memo.clear()
        await play.ask("organiser-2", "tickets", "These figures are our own record")
        async with play.app.core.store.read() as tx:
            newest = await sales.newest(tx)
        assert newest
        assert newest.sold == before + 3
        exported = [line async for line in audit.export(play.app.core.store)]
        seen = [content(message) for who in ("organiser-2", "Cory") for message in play._seen(who)]
        files = [file.content for file in play.world.slack.files.values()]
        kept = "\n".join(_everything(database_url))
        calls = {call.method for call in play.world.faults["tito"].calls}
    structlog.configure(processors=processors)
    assert "PyCon UK 2026" in kept
    everything = "".join([*exported, *seen, repr(logs), repr(files), kept]).casefold()
    assert [word for word in ("canary", "7700 900000") if word in everything] == []
    assert play.world.seed["environ"]["TITO_WEBHOOK_SECRET"] not in everything
    assert calls == {"GET"}


def _everything(url: str) -> Iterator[str]:
    """Yield all that a database holds, deleted pages of a file included."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        yield from (repr(path.read_bytes()) for path in file.parent.glob(f"{file.name}*"))
        return
    with psycopg.connect(url) as connection:
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            for (row,) in connection.execute(f'SELECT t::text FROM "{table}" t'):
                yield row
