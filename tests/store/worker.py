"""A process that runs jobs until it is killed; it says which job it begins and ends."""

import asyncio
import sys

from bot.core.values import Json
from bot.store import Store
from tests.store.test_jobs import Runner


def say(line: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def work(url: str) -> None:
    """Run jobs of two kinds: one ends at once, one takes a minute unless told otherwise."""
    runner = Runner(await Store.open(url))

    async def note(payload: Json) -> None:
        say(f"note {payload['name']}")

    async def hang(payload: Json) -> None:
        say(f"begin {payload['name']}")
        await asyncio.sleep(float(str(payload.get("seconds", 60))))
        say(f"end {payload['name']}")

    await runner.jobs.run({"note": note, "hang": hang}, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
