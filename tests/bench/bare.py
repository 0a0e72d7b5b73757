"""The baseline: a bare slack-bolt app with its defaults, acknowledging and doing nothing else."""

import asyncio
import os
import sys

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0", bot_token="xoxb-0"
    )


async def _command(ack: AsyncAck) -> None:
    await ack()


async def main(secret: str) -> None:
    """Serve until the parent closes standard input."""
    app = AsyncApp(signing_secret=secret, authorize=_authorize)
    app.command("/infra")(_command)
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], os.getpid(), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
