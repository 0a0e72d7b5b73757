"""``python -m tests.bench``: print what the bot costs, as ratios to baselines of the same run."""

import argparse
import asyncio
import json
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.sandbox.world import World
from tests.bench import access, history, journey, zones
from tests.bench.load import acks
from tests.bench.process import Running, running
from tests.bench.table import Row, show
from tests.postgres import cluster
from tests.proof import FIGURES_MARKS, fdatasync, write
from tests.require import find_postgresql

SECRET = "bench"  # signs loopback traffic only
FORM = {"command": "/infra", "text": "help", "user_id": "U1", "team_id": "T1", "channel_id": "C1"}


@asynccontextmanager
async def bot(world: World, database_url: str = "") -> AsyncIterator[Running]:
    """Run the bot beside *world*, on its SQLite file or on another database."""
    changed = {"database_url": database_url} if database_url else None
    async with running("tests.bench.ours", told=json.dumps(world.environ(changed))) as process:
        world.slack.request_url = f"http://127.0.0.1:{process.port}/slack/events"
        yield process


async def _asked(process: Running, world: World | None, clients: int, count: int) -> tuple[float, float]:
    """Return the median seconds of an ack, and acks a second."""
    secret, form = SECRET, FORM
    if world is not None:
        seed = world.seed["slack"]
        secret = seed["signing_secret"]
        channel = seed["channels"][0]["id"]
        ours = {"user_id": world.person("organiser-2"), "team_id": seed["team_id"], "channel_id": channel}
        form = FORM | ours | {"api_app_id": seed["app_id"]}
    url = f"http://127.0.0.1:{process.port}/slack/events"
    times, rate = await acks(url, secret, form, clients, count)
    return statistics.median(times), rate


async def _measure(process: Running, world: World | None, count: int) -> tuple[float, float, float, float]:
    """Return start seconds, idle megabytes, the median ack at one client, acks a second at sixteen."""
    idle = process.megabytes
    await _asked(process, world, 1, 50)
    median, _ = await _asked(process, world, 1, count)
    await process.idle()
    _, rate = await _asked(process, world, 16, 4 * count)
    return process.started, idle, median, rate


async def acknowledging(count: int) -> list[Row]:
    """Measure acks, start and memory against a bare slack-bolt app."""
    with tempfile.TemporaryDirectory() as folder:
        disk = fdatasync(folder)
    async with running("tests.bench.bare", SECRET) as process:
        bare = await _measure(process, None, count)
    rows = []
    for name, goal, rate_goal, sync in (("SQLite", 0.2, 1.5, disk), ("PostgreSQL", 0.25, 1.0, 0.0)):
        async with AsyncExitStack() as stack:
            world = await stack.enter_async_context(World.start())
            world.slack.rate_limits = False
            url = ""
            if name == "PostgreSQL":
                programs = find_postgresql()
                if programs is None:
                    print("PostgreSQL is not on this machine: its rows are left out.")
                    continue
                server = stack.enter_context(cluster(programs, durable=True))
                url = stack.enter_context(server.database())
            async with bot(world, url):
                pass  # the first start makes the tables; what is measured is every later one
            process = await stack.enter_async_context(bot(world, url))
            started, idle, median, rate = await _measure(process, world, count)
        limit = goal * bare[2] + sync
        extra = f"; limit {limit * 1e3:.2f} ms with one fdatasync of {disk * 1e3:.2f} ms" if sync else ""
        rows += [
            Row(
                f"ack kept, {name}, p50, 1 client",
                median,
                bare[2],
                "ms",
                median <= limit,
                f"≤ {goal} ×{extra}",
            ),
            Row(
                f"ack kept, {name}, 16 clients",
                rate,
                bare[3],
                "/s",
                rate >= rate_goal * bare[3],
                f"≥ {rate_goal} ×",
            ),
        ]
        if name == "SQLite":
            fast = started <= 5 * bare[0] and started <= 1.5
            rows += [
                Row("start to ready", started, bare[0], "s", fast, "≤ 5 × and ≤ 1.5 s"),
                Row("memory idle", idle, bare[1], "MB", idle <= 120, "≤ 120 MB"),
            ]
    return rows


async def main(count: int, requests: int, page: Path | None) -> int:
    """Print the table, write it into *page*; return 1 when a target is missed."""
    rows = await acknowledging(count)
    async with World.start() as world, bot(world):
        rows.append(await journey.click_to_applied(world))
    rows += await access.looking()
    rows += await zones.applying()
    rows += await history.reading(1_000, requests)
    print(show(rows))
    if page:
        write(page, FIGURES_MARKS, show(rows))
    return int(not all(row.good for row in rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--acks", type=int, default=400, help="commands for each median")
    parser.add_argument("--requests", type=int, default=100_000, help="requests in the large history")
    parser.add_argument("--proof", type=Path, metavar="PAGE", help="write the table into this page too")
    told = parser.parse_args()
    raise SystemExit(asyncio.run(main(told.acks, told.requests, told.proof)))
