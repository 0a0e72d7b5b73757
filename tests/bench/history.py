"""Reading in a long history: `requests` and `audit` with many requests and journal lines."""

import json
import statistics
import time
from datetime import datetime, timedelta

from sqlalchemy import insert, select

import bot.app
from bot.core.change import Change, Plan, Request
from bot.core.people import Actor, Role
from bot.sandbox.world import World
from bot.store import Store
from bot.store.tables import JOURNAL, JOURNAL_HEAD, NUMBERS, REQUESTS
from tests.bench.table import Row

LINES = 10
BATCH = 2_000


async def fill(store: Store, count: int, began: datetime) -> None:
    """Put *count* applied requests, with ten journal lines each, behind what a new database begins with.

    The lines hold no valid chain: they are only read here, never verified.
    """
    actor = Actor(name="organiser-2", role=Role.ORGANISER, via="slack")
    said = actor.model_dump_json()
    async with store.read() as tx:
        head = (await tx.execute(select(JOURNAL_HEAD.c.n))).scalar_one()
    for first in range(0, count, BATCH):
        numbers = range(first + 1, min(first + BATCH, count) + 1)
        bodies = [_request(number, actor, began + timedelta(minutes=number)) for number in numbers]
        rows = [
            {"id": r.id, "number": r.number, "state": "applied", "due_at": None, "body": r.model_dump_json()}
            for r in bodies
        ]
        lines = [_line(r, head, seq, said) for r in bodies for seq in range(1, LINES + 1)]
        async with store.write() as tx:
            await tx.execute(insert(REQUESTS), rows)
            await tx.execute(insert(JOURNAL), lines)
    async with store.write() as tx:
        await tx.execute(JOURNAL_HEAD.update().values(n=head + count * LINES, hash="0" * 64))
        await tx.execute(NUMBERS.update().where(NUMBERS.c.name == "request").values(last=count))


def _request(number: int, actor: Actor, at: datetime) -> Request:
    change = Change(
        resource="github.team_member", target="core/somebody", before=None, after={"role": "member"}
    )
    plan = Plan(title=f"Request {number}", changes=(change,))
    expires_at = at + timedelta(hours=72)
    return Request(
        id=f"{number:032x}", number=number, plan=plan, requested_by=actor, at=at, expires_at=expires_at
    )


def _line(request: Request, head: int, seq: int, actor: str) -> dict[str, object]:
    filed = {"request": json.loads(request.model_dump_json()), "digest": request.digest}
    return {
        "n": head + (request.number - 1) * LINES + seq,
        "subject": f"request:{request.id}",
        "seq": seq,
        "kind": "filed" if seq == 1 else "noted",
        "at": request.at + timedelta(seconds=seq),
        "who": "organiser-2",
        "actor": actor,
        "payload": filed if seq == 1 else {"text": "a line of the journal"},
        "previous": "0" * 64,
        "hash": "0" * 64,
    }


async def _timed(count: int) -> dict[str, float]:
    """Return the median seconds of each command in a history of *count* requests."""
    async with World.start() as world, bot.app.core(world.settings(), world.clock) as core:
        await fill(core.store, count, world.clock() - timedelta(days=365))
        actor = Actor(name="Cory", role=Role.OWNER, via="terminal")
        medians = {}
        for line in ("requests", "audit", "audit --who organiser-2"):
            times = []
            for number in range(25):
                began = time.perf_counter()
                await core.service.ask(line, actor, f"{line} {number}")
                times.append(time.perf_counter() - began)
            medians[line] = statistics.median(times)
        return medians


async def reading(few: int, many: int) -> list[Row]:
    """Measure the commands that read our own data, with *many* requests against *few*."""
    small, large = await _timed(few), await _timed(many)
    return [
        Row(
            f"`{line}`, {many:,} requests, {many * LINES:,} lines (baseline: {few:,})",
            large[line],
            small[line],
            "ms",
            large[line] <= 2 * small[line],
            "≤ 2 ×",
        )
        for line in small
    ]
