"""The baseline: a bare slack-bolt app with its defaults, acknowledging and doing nothing else."""

import asyncio
import sys

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.bench.process import serve


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
    await serve(app.web_app("/slack/events"))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
