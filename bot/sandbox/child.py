"""The bot as the sandbox runs it: the real one in a process of its own, on the sandbox's clock."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import config
from bot.app import running, vendor_settings
from bot.app.logs import configure
from bot.sandbox.clock import Clock
from config.settings import Settings

SWEEP_SECONDS = 1.0


def main() -> None:
    """Serve until asked to stop or until the parent is gone.

    The first line of input says how; the only line of output says on which port.
    """
    told = json.loads(sys.stdin.readline())
    settings = config.load(vendor_settings(), told["environ"])
    configure(settings)
    asyncio.run(_serve(settings, Clock(Path(told["clock"])), told["host"]))


async def _serve(settings: Settings, clock: Clock, host: str) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    loop.add_reader(sys.stdin, stop.set)  # readable only once the parent closed it
    async with running(settings, clock=clock, host=host, port=0, sweep=SWEEP_SECONDS) as app:
        sys.stdout.write(f"{app.port}\n")
        sys.stdout.flush()
        await app.until(stop)
    loop.remove_reader(sys.stdin)


if __name__ == "__main__":
    main()
