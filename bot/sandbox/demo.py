"""``make demo``: the main job with its transcript, then the page."""

import asyncio
import signal

from aiohttp import web

from bot.sandbox.journeys import grant_push
from bot.sandbox.page import Page
from bot.sandbox.stage import Stage
from bot.sandbox.world import HOST
from commands import COMMANDS


async def demo(port: int) -> None:
    """Run the main job, then serve the page until asked to stop."""
    async with Stage.set() as stage:
        stage.told.title("The main job, on this machine alone: no account, no token, no network.")
        await grant_push(stage)
        await stage.verified()
        await stage.reset()
        await serve(stage, port)


async def serve(stage: Stage, port: int) -> None:
    """Serve the page until asked to stop."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    runner = web.AppRunner(Page(stage.world, stage.bot, COMMANDS).app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        address = f"http://{HOST}:{runner.addresses[0][1]}/"
        stage.told.remark(f"\nNow try it yourself: {address}\nCtrl-C ends it; nothing is kept.")
        await stop.wait()
    finally:
        await runner.cleanup()
