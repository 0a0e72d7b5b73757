"""Planning and applying many records, against octoDNS with its DNSimple provider and the same stand-in."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import yaml
from octodns.manager import Manager
from octodns_dnsimple import DnsimpleProvider

import bot.app
import config
from bot.core.change import Plan
from bot.core.command import Command, Context, NoArgs
from bot.core.people import Actor, Role
from bot.core.reply import Reply
from bot.sandbox.world import World
from bot.workflow.baseline import seed
from bot.workflow.executor import Executor
from bot.workflow.service import Service
from integrations.dnsimple import RECORD, Record, RecordSet, target
from tests.bench.dnsimple import ACCOUNT, TOKEN, ZONE
from tests.bench.process import running
from tests.bench.table import Row

Records = Mapping[str, str]
"""Hosts by the names that point at them."""
Make = Callable[[Records], Awaitable[None]]
"""Plans, has approved and carries out that the zone holds these records."""

ORGANISER = Actor(name="organiser-2", role=Role.ORGANISER, via="terminal")
OWNERS = [Actor(name=name, role=Role.OWNER, via="terminal") for name in ("Cory", "Owen")]


class Provider(DnsimpleProvider):  # type: ignore[misc] # octoDNS has no types
    """octoDNS's provider, which knows DNSimple's own two addresses alone."""

    def __init__(self, id: str, url: str, **settings: Any) -> None:  # noqa: A002 # octoDNS's name for it
        super().__init__(id, **settings)
        self._client.base = f"{url}/"


@asynccontextmanager
async def octodns(url: str) -> AsyncIterator[Make]:
    """Give octoDNS as it is used where changes are reviewed: one run shows the plan, the next applies it."""
    with TemporaryDirectory() as folder:
        settings = {
            "providers": {
                "ours": {
                    "class": "octodns.provider.yaml.YamlProvider",
                    "directory": folder,
                    "enforce_order": False,
                },
                "dnsimple": {
                    "class": f"{__name__}.Provider",
                    "url": url,
                    "token": TOKEN,
                    "account": ACCOUNT,
                },
            },
            "zones": {f"{ZONE}.": {"sources": ["ours"], "targets": ["dnsimple"]}},
        }
        file = Path(folder) / "config.yml"
        file.write_text(yaml.safe_dump(settings))

        last: Records = {}

        def sync(*, dry_run: bool) -> None:
            Manager(str(file)).sync(dry_run=dry_run, force=True)

        async def make(records: Records) -> None:
            nonlocal last
            wanted = {
                name: {"type": "CNAME", "ttl": 3600, "value": f"{host}."} for name, host in records.items()
            }
            (Path(folder) / f"{ZONE}.yaml").write_text(yaml.safe_dump(wanted))
            await asyncio.to_thread(sync, dry_run=True)
            if records != last:
                await asyncio.to_thread(sync, dry_run=False)
            last = records

        yield make


@asynccontextmanager
async def ours(url: str) -> AsyncIterator[Make]:
    """Give the bot: asked, approved by as many owners as it takes, applied, read back and written down."""
    dnsimple = {"url": url, "account": ACCOUNT, "zone": ZONE, "token": "env:DNSIMPLE_TOKEN"}
    wanted: Records = {}
    there: Records = {}

    async def plan(_args: NoArgs, ctx: Context) -> Plan:
        afters = {
            target(f"{name}.{ZONE}", "CNAME"): RecordSet.of(
                [Record(content=wanted[name])] if name in wanted else []
            )
            for name in {**there, **wanted}
        }
        return Plan(title="Make it so", changes=await ctx.changes(RECORD, afters))

    command = Command("bench", "Make it so", NoArgs, plan)
    async with World.start() as world:
        environ = world.environ({"integrations": {"dnsimple": dnsimple}}) | {"DNSIMPLE_TOKEN": TOKEN}
        settings = config.load(bot.app.vendor_settings(), environ)
        async with bot.app.core(settings, world.clock) as core:
            wiring = replace(core.wiring, commands=(command,))
            executor = Executor(wiring)
            service = Service(wiring, executor)
            await seed(wiring, "dnsimple")

            async def make(records: Records) -> None:
                nonlocal there, wanted
                there, wanted = wanted, records
                filed = await service.ask("bench", ORGANISER, str(time.monotonic_ns()))
                if isinstance(filed, Reply):
                    return
                request = filed.request
                for owner in OWNERS[: request.needs]:
                    await service.decide(request.id, request.short_digest, "approve", owner)
                await executor.apply({"request": request.id})
                _, status = await service.view(request.id)
                assert status.state == "applied", status.steps

            yield make


async def _measured(
    make: Make, stories: Mapping[str, Records], url: str, times: int
) -> dict[str, tuple[float, int]]:
    """Return the best seconds and the calls of each story, told one after the other, *times* over."""
    took = defaultdict[str, list[float]](list)
    calls = {}
    async with aiohttp.ClientSession() as session:
        for name, records in [*stories.items()] * times:
            await session.get(f"{url}/calls")
            began = time.perf_counter()
            await make(records)
            took[name].append(time.perf_counter() - began)
            async with session.get(f"{url}/calls") as answer:
                calls[name] = await answer.json()
    return {name: (min(took[name]), calls[name]) for name in stories}


async def _compared(count: int, seconds: float) -> list[Row]:
    before = {f"n{number}": "pyconuk.github.io" for number in range(count)}
    changed = {f"n{number}": "elsewhere.example.org" for number in range(count // 10)}
    stories = {"create": before, "no-op": before, "change 10 %": before | changed, "delete": {}}
    sides = []
    for side in (octodns, ours):
        async with running("tests.bench.dnsimple", str(seconds)) as process:
            url = f"http://127.0.0.1:{process.port}"
            async with side(f"{url}/v2") as make:
                sides.append(await _measured(make, stories, url, 3 if count == 50 else 1))
    goal = count == 50 and seconds > 0
    rows = []
    for name in stories:
        work = f"DNS, {count} records, {seconds * 1e3:.0f} ms a call: {name}"
        (theirs, their_calls), (ours_, our_calls) = (side[name] for side in sides)
        fast = goal and name in {"create", "delete"}
        rows += [
            Row(work, ours_, theirs, "s", not fast or ours_ <= theirs / 4, "≤ 1/4" if fast else "–"),
            Row(
                work,
                our_calls,
                their_calls,
                "calls",
                not goal or our_calls <= their_calls,
                "≤ 1 ×" if goal else "–",
            ),
        ]
    return rows


async def applying() -> list[Row]:
    """Measure what is made of 50 and 200 records, with calls that take no time, and 30 ms."""
    return [row for count in (50, 200) for ms in (0, 30) for row in await _compared(count, ms / 1e3)]
