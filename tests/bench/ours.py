"""The bot as a process of its own, told its environment on standard input."""

import asyncio
import json
import os
import sys

import bot.app
import config
from bot.store import Store


async def main() -> None:
    """Serve until the parent closes standard input."""
    environ = json.loads(sys.stdin.readline())
    settings = config.load(bot.app.vendor_settings(), environ)
    if settings.database_url.startswith("postgresql"):
        store = await Store.open(settings.database_url)
        await store.migrate()
        await store.close()
    async with bot.app.running(settings, port=0) as app:
        bot.app.settle()
        print(app.port, os.getpid(), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
