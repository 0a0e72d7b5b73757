"""Who runs the bot watches it: its log tells one request from another, its figures tell no secret."""

import re
from collections.abc import Iterator

import pytest
import structlog
from aiohttp import ClientSession

from bot.app.figures import counting
from bot.app.logs import configure
from bot.sandbox.world import World
from tests.journeys.play import serving

TOKEN = "xoxb-sandbox"
SERVER = {"server": {"metrics_token": "env:SLACK_BOT_TOKEN"}}
VENDORS = ("github",)


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Put back how logs are kept."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


async def test_a_request_is_followed_in_the_log_and_the_figures(
    own_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line about a request has its number; figures are for who has the token, and know no address."""
    async with World.start() as world, ClientSession() as session:
        settings = world.settings(SERVER)
        figures = counting(settings)
        configure(settings, counted=figures.logged)
        async with serving(world, SERVER, VENDORS, figures) as play:
            at = f"http://127.0.0.1:{play.app.port}"
            await play.asked("grant-push organiser-25 voting --for 14d")
            await play.asked(number=2)
            world.faults["github"].switch("500", only="GET *", times=1)
            await play.press("Cory", "Approve", "#2")
            await play.card_says(2, "*Applied.*")
            async with session.get(f"{at}/metrics", headers={"Authorization": "Bearer no"}) as answer:
                assert answer.status == 401
            async with session.get(f"{at}/nowhere/{TOKEN}") as answer:
                assert answer.status == 404
            async with session.get(f"{at}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
                told = await answer.text()
    log = capsys.readouterr().err.splitlines()
    about = [line for line in log if "job=apply" in line or "job=notify" in line]
    assert {word for line in about for word in re.findall(r"request=\S+", line)} == {"request=1", "request=2"}
    assert all("request=" in line for line in about)
    assert [line for line in log if "event=refused vendor=GitHub" in line and "request=2" in line]
    for figure in (
        'infra_requests{state="pending"} 1.0',
        'infra_http_seconds_count{route="none",status="404"} 1.0',
        'infra_http_seconds_count{route="/slack/events",status="200"}',
        'infra_job_seconds_count{ended="done",kind="apply"}',
        'infra_vendor_seconds_count{status="500",vendor="GitHub"} 1.0',
        'infra_log_lines_total{level="info"}',
        "process_resident_memory_bytes",
    ):
        assert figure in told, figure
    assert not [word for word in (TOKEN, "organiser", "Cory") if word in told or word in "".join(log)]


async def test_without_a_token_there_are_no_figures() -> None:
    """The address does not exist unless it is asked for."""
    async with World.start() as world, serving(world, None, VENDORS) as play, ClientSession() as session:
        answer = await session.get(f"http://127.0.0.1:{play.app.port}/metrics")
        assert answer.status == 404
