"""What ``infra check`` sees that no vendor can: the clock, the way in, what hangs on one thing."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app.checking import Clocks, checked
from bot.frontends.terminal import render
from bot.http import Answer
from bot.sandbox.world import World

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offs", "level", "text"),
    [
        ((1, -1), "good", "It is right, by what A and B say."),
        ((0, 0, 9000), "good", "It is right, by what A, B and C say."),  # one vendor's own clock
        ((120,), "warning", "It is 2 minutes slow, by what A says."),
        ((-600, -600), "bad", "It is 10 minutes fast, by what A and B say."),
    ],
)
def test_most_vendors_say_how_wrong_the_clock_is(offs: tuple[int, ...], level: str, text: str) -> None:
    """Seconds are nothing, minutes are told; before Slack's calls are refused it is bad."""
    clocks = Clocks(lambda: NOON)
    for name, off in zip("ABC", offs, strict=False):
        date = format_datetime(NOON + timedelta(seconds=off), usegmt=True)
        clocks.heard(name, Answer(200, {"Date": date}), 0.1)
        clocks.heard("silent", None, 9.0)
    (finding,) = clocks.findings()
    assert (finding.level, finding.text) == (level, text)


async def test_what_hangs_on_one_thing_and_whether_we_are_reached() -> None:
    """A part each, in words; an address that is somebody else's is told, and what to do stands below."""

    async def alive(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    bot, other = web.Application(), web.Application()
    bot.add_routes([web.get("/healthz", alive)])
    async with World.start() as world, TestServer(bot) as here, TestServer(other) as elsewhere:
        told = []
        for server in (here, elsewhere):
            url = str(server.make_url("")).rstrip("/")
            settings = world.settings({"server": {"public_url": url}})
            github = {"github": settings.integrations["github"]}
            settings = settings.model_copy(update={"integrations": github})
            told.append(render.checked(await checked(settings, world.clock)))
    reached, unreached = told
    for said in (
        "Database\n✓ ",
        "Slack\n✓ ",
        "✓ Slack: digests go to #",
        "GitHub\n✓ ",
        "This machine's clock\n✓ It is right, by what GitHub says.",
        "leads to the bot: Slack and GitHub call there.",
        "In whose accounts the bot's tokens were made\n✓ GitHub: ",
        "! Nobody knows it of those for Slack.\n  Who knows says it, such as `keys rotated slack.",
        "! Fewer than two people are known to get in at ",
        "! Nobody is told when the bot goes silent.\n  Set `heartbeat_url`",
        "! All that the bot knows is in one file on this machine.",
        "worth a look (!); below each stands what to do.",
    ):
        assert said in reached, reached
    assert "answers 404, not as the bot does" in unreached
