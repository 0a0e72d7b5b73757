"""``python -m tests.bench.scale``: what the bot's work costs as all that it looks after grows tenfold, twice.

The table goes into docs/scale.md. Times are the bot's own: what its stand-in vendors need is taken off.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import yaml

import bot.app
from bot.core.people import Actor, Person, Role
from bot.sandbox.world import SEED, World
from bot.store import people
from bot.workflow import audit
from bot.workflow.baseline import seed
from bot.workflow.drift import Drifts
from bot.workflow.service import Filed
from bot.workflow.timers import Timers
from tests.bench.history import LINES, fill
from tests.bench.journey import waited
from tests.proof import write

PAGE = Path(__file__).parents[2] / "docs/scale.md"
MARKS = ("<!-- growth -->", "<!-- end of growth -->")
TIMES = 2  # of which the better one counts
REMEMBERED = 3.2  # seconds after which no answer of a vendor is shared any more
RECORDS, JOURNAL = 5, 1_000  # for each person
REPOSITORY, SOMEBODY = "grown-1", "grown-2"

Work: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Took:
    """What a piece of work took: seconds of ours, and calls of vendors."""

    seconds: float
    calls: int


def grown(size: int) -> dict[str, Any]:
    """Return the sandbox's seed with *size* more people and repositories, and five times as many records."""
    world: dict[str, Any] = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    github, logins = world["github"], [f"grown-{number}" for number in range(1, size + 1)]
    github["rate_limit"] = 1_000_000
    github["users"] += [{"login": login} for login in logins]
    github["members"] = [*github.get("members", ()), *logins]
    github["repos"] += [{"name": name} for name in logins]
    github["teams"] += [
        {
            "name": f"team-{first}",
            "members": logins[first : first + 50],
            "repos": dict.fromkeys(logins[first : first + 50], "write"),
        }
        for first in range(0, size, 50)
    ]
    github["collaborators"] = {
        name: {logins[(number + step) % size]: "write" for step in (1, 2)}
        for number, name in enumerate(logins)
    }
    world["dnsimple"]["records"] += [
        {"name": f"grown-{number}", "type": "A", "content": f"192.0.2.{number % 250 + 1}"}
        for number in range(RECORDS * size)
    ]
    return world


@asynccontextmanager
async def opened(size: int) -> AsyncIterator[tuple[World, bot.app.Core]]:
    """Give a bot whose world and own data have grown."""
    async with World.start(grown(size)) as world, bot.app.core(world.settings(), world.clock) as core:
        async with core.store.write() as tx:
            for number in range(1, size + 1):
                await people.put(tx, Person(name=f"person-{number}", github=f"grown-{number}"))
        await fill(core.store, size * JOURNAL // LINES, world.clock())
        yield world, core


def works(core: bot.app.Core) -> Mapping[str, Work]:
    """Return what is measured, by what it is called."""
    serial, organisers, wiring = count(1), count(3), core.wiring
    asker = Actor(name="organiser-2", role=Role.ORGANISER, via="terminal")
    owner = Actor(name="Cory", role=Role.OWNER, via="terminal")

    def line(said: str) -> Work:
        return lambda: core.service.ask(said, asker, f"{next(serial)}")

    async def journey() -> None:
        said = f"grant-push organiser-{next(organisers)} {REPOSITORY} --direct"
        filed = await core.service.ask(said, asker, said)
        assert isinstance(filed, Filed)
        await core.service.decide(filed.request.id, filed.request.short_digest, "approve", owner)
        await core.executor.apply({"request": filed.request.id})

    async def exported() -> None:
        async for _ in audit.export(core.store):
            pass

    return {
        f"`access {REPOSITORY}`: who can push there, and why": line(f"access {REPOSITORY}"),
        f"`access {SOMEBODY}`: where somebody can push": line(f"access {SOMEBODY}"),
        "`grant-push`, asked, approved and applied": journey,
        "`teams`": line("teams"),
        "`people`": line("people"),
        "`dns`": line("dns"),
        "`dns add`, planned": line("dns add new A 192.0.2.9"),
        "a look at GitHub for drift": lambda: Drifts(wiring).job({"vendor": "github"}),
        "a look at DNSimple for drift": lambda: Drifts(wiring).job({"vendor": "dnsimple"}),
        "`requests`": line("requests"),
        "`audit`": line("audit"),
        "a sweep of the timers": Timers(wiring).sweep,
        "`infra audit export`": exported,
    }


async def measured(size: int) -> dict[str, Took]:
    """Return what each piece of work takes at a size."""
    took: dict[str, Took] = {}
    async with opened(size) as (world, core):
        for vendor in ("github", "dnsimple"):
            await seed(core.wiring, vendor)
        for name, work in works(core).items():
            tries = []
            for _ in range(TIMES):
                await asyncio.sleep(REMEMBERED)
                tries.append(await _timed(world, work))
            took[name] = min(tries, key=lambda each: each.seconds)
            print(f"{size:>6} {took[name].seconds * 1e3:>10.1f} ms {took[name].calls:>4} calls  {name}")
    return took


async def _timed(world: World, work: Work) -> Took:
    for faults in world.faults.values():
        faults.forget()
    began = time.monotonic()
    await work()
    ended = time.monotonic()
    calls = [call for faults in world.faults.values() for call in faults.calls]
    theirs = waited([(call.started, call.finished or ended) for call in calls])
    return Took(ended - began - theirs, len(calls))


def table(sizes: list[int], found: list[dict[str, Took]]) -> str:
    """Return the figures as a Markdown table."""
    heads = [f"{size:,}" for size in sizes]
    lines = [
        f"| work | {' | '.join(heads)} | the last tenfold | calls |",
        "|---|" + "---|" * (len(sizes) + 2),
    ]
    for work in found[0]:
        took = [each[work] for each in found]
        times = " | ".join(f"{each.seconds * 1e3:,.0f} ms" for each in took)
        growth = took[-1].seconds / max(took[-2].seconds, 1e-4)
        lines.append(f"| {work} | {times} | {growth:.1f} × | {took[-1].calls} |")
    return "\n".join(lines)


async def main(size: int) -> None:
    """Measure three sizes, and write the table into the page."""
    sizes = [size // 100, size // 10, size]
    found = [await measured(each) for each in sizes]
    written = table(sizes, found)
    print(written)
    write(PAGE, MARKS, written)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000, help="people, and as many repositories")
    asyncio.run(main(parser.parse_args().people))
