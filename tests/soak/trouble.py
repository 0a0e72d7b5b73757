"""Faults of everything there is, one after the other, and kills."""

import asyncio
import signal
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from time import monotonic

from bot.sandbox.faults import Kind
from bot.sandbox.world import World
from tests.faults.fleet import Fleet
from tests.postgres import Cluster

KILL_SECONDS = 30.0  # between two kills
DEAD_SECONDS = 3.0  # until whoever was killed is started again
TROUBLE_SECONDS = 6.0  # between two faults
VENDORS = ("github", "dnsimple", "slack")


@dataclass
class Trouble:
    """Faults of everything there is, one after the other, and kills, until it *ends*."""

    world: World
    fleet: Fleet
    server: Cluster
    chance: Random
    ends: float
    met: Counter[str] = field(default_factory=Counter)

    async def faults(self) -> None:
        """Let something go wrong, for some seconds, time and again."""
        wrongs = [self._vendor] * 4 + [self._wire] * 3 + [self._frozen] * 2 + [self._restart]
        while monotonic() < self.ends:
            await asyncio.sleep(self.chance.uniform(0.5, 1.5) * TROUBLE_SECONDS)
            await self.chance.choice(wrongs)(self.chance.uniform(1.0, 10.0))

    async def kills(self) -> None:
        """Kill one process after the other, and start it again."""
        while monotonic() < self.ends:
            await asyncio.sleep(KILL_SECONDS - DEAD_SECONDS)
            member = self.chance.choice(self.fleet.members)
            self.met[f"{member.kind} killed"] += 1
            member.end()
            await asyncio.sleep(DEAD_SECONDS)
            member.start()

    async def _vendor(self, seconds: float) -> None:
        vendor, kind = self.chance.choice(VENDORS), self.chance.choice(list(Kind))
        self.met[f"{vendor}: {kind.value}"] += 1
        self.world.faults[vendor].switch(kind, self.chance.uniform(0.1, 3.0))
        asyncio.get_running_loop().call_later(seconds, self.world.faults[vendor].clear)

    async def _wire(self, seconds: float) -> None:
        member = self.chance.choice(self.fleet.members)
        name, wire = self.chance.choice([*member.wires.items()])
        how = self.chance.choice((wire.cut, wire.hush))
        self.met[f"wire to {name} {'cut' if how == wire.cut else 'silent'}"] += 1
        how()
        asyncio.get_running_loop().call_later(seconds, wire.mend)

    async def _frozen(self, seconds: float) -> None:
        member = self.chance.choice(self.fleet.members)
        self.met[f"{member.kind} frozen"] += 1
        member.send(signal.SIGSTOP)
        asyncio.get_running_loop().call_later(seconds, member.send, signal.SIGCONT)

    async def _restart(self, seconds: float) -> None:
        self.met["database restarted"] += 1
        await asyncio.to_thread(self.server.stop)
        await asyncio.sleep(seconds / 4)
        await asyncio.to_thread(self.server.start)

    def end(self) -> None:
        """Let everything be well again."""
        for faults in self.world.faults.values():
            faults.clear()
        for member in self.fleet.members:
            member.mend()

    def __str__(self) -> str:
        return ", ".join(f"{times} {what}" for what, times in sorted(self.met.items()))
