"""``python -m tests.soak``: what holds over minutes of faults and kills, and of many commands.

First a fleet of four processes on PostgreSQL meets faults all the time and a kill every half minute while
people ask and approve. Then one ``infra serve`` answers many commands a minute. A table says what was
promised, what came of it, and whether that is so; the exit code is 1 when something is not.
"""

import argparse
import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeAlias

from tests.faults.databases import Databases, on_postgresql
from tests.postgres import cluster
from tests.require import require
from tests.soak.promises import Promise, table
from tests.soak.steady import steady
from tests.soak.troubled import troubled

LOG = Path("soak.log")

Part: TypeAlias = Callable[[str, Path], Awaitable[list[Promise]]]


async def tried(databases: Databases, log: Path, parts: Iterable[Part]) -> list[Promise]:
    """Try each part on a database of its own, and print what held."""
    promises = list[Promise]()
    for part in parts:
        async with databases() as url:
            held = await part(url, log)
        print(table(held), flush=True)
        promises += held
    return promises


def main() -> int:
    """Print the table; return 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--trouble", type=float, default=10.0, help="minutes of faults and kills")
    parser.add_argument("--commands", type=float, default=10.0, help="minutes of many commands")
    parser.add_argument("--rate", type=float, default=600.0, help="commands a minute")
    parser.add_argument("--seed", type=int, default=2026, help="another one has other faults")
    said = parser.parse_args()
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # connections that are cut are meant to be
    LOG.unlink(missing_ok=True)
    with cluster(require("postgresql"), durable=True) as server, on_postgresql(server) as databases:
        first = partial(troubled, said.trouble, Random(said.seed), server)
        promises = asyncio.run(
            tried(databases, LOG.absolute(), (first, partial(steady, said.commands, said.rate)))
        )
    traces = LOG.read_text(errors="replace").count("Traceback")
    promises.append(Promise(f"no bug shows in {LOG}", f"{traces} traces", not traces))
    print("\n" + table(promises))
    return int(not all(each.kept for each in promises))


if __name__ == "__main__":
    raise SystemExit(main())
