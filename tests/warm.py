"""What the process that forks does once: it starts the bot, so that all is imported and prepared."""

import asyncio
import gc

from bot.app import running
from bot.sandbox.world import World


async def _warm() -> None:
    async with World.start() as world, running(world.settings(), clock=world.clock, port=0):
        pass


asyncio.run(_warm())
gc.collect()
gc.freeze()
