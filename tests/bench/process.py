"""Processes that are measured: started, asked for their memory, ended."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

ROOT = Path(__file__).parents[2]
DEPLOYED = """
import runpy, sys
sys.modules["rich"] = None  # developers have it, which structlog then imports; deployments have not
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Running:
    """A server that is ready: its port, its process, the seconds it took from nothing to its first answer."""

    port: int
    pid: int
    started: float

    @property
    def megabytes(self) -> float:
        """Return the resident memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    async def idle(self) -> None:
        """Return once it has nothing left to do: it takes no more of the processor."""
        before = -1
        while (ticks := self._ticks) > before + 2:
            before = ticks
            await asyncio.sleep(0.5)

    @property
    def _ticks(self) -> int:
        """Return the processor's hundredths of a second it took so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])


async def serve(app: web.Application) -> None:
    """Be measured: serve, after saying port and pid, until the parent closes standard input."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], os.getpid(), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


@asynccontextmanager
async def running(module: str, *arguments: str, told: str = "") -> AsyncIterator[Running]:
    """Run ``python -m module`` as deployed, which says its port and pid and ends with its standard input."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", DEPLOYED, module, *arguments),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{told}\n".encode())
    said: list[bytes] = []
    while [word.isdigit() for word in said] != [True, True]:  # before it says those it may log
        line = await process.stdout.readline()
        assert line, f"{module} ended"
        said = line.split()
    port, pid = map(int, said)
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        await answer.read()
    try:
        yield Running(port, pid, time.perf_counter() - began)
    finally:
        process.stdin.close()
        await process.wait()
