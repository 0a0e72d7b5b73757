"""A stand-in Slack that is served on loopback, and a small app for it to deliver to."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.standin import StandIn

from .workspace import Listener, Time, seed


@pytest.fixture
def time_() -> Time:
    """Give clocks to move."""
    return Time()


@pytest.fixture
async def slack(time_: Time) -> AsyncIterator[StandIn]:
    """Give a served stand-in."""
    standin = StandIn(seed(), time_.clock, time_.monotonic)
    async with TestServer(standin.app) as server:
        standin.base_url = str(server.make_url("/"))
        yield standin


@pytest.fixture
async def listener(slack: StandIn) -> AsyncIterator[Listener]:
    """Give an app to which the stand-in delivers over HTTP."""
    listener = Listener()
    app = web.Application()
    app.router.add_post("/slack/events", listener.take)
    async with TestServer(app) as server:
        slack.request_url = str(server.make_url("/slack/events"))
        yield listener


@pytest.fixture
def client(slack: StandIn) -> AsyncWebClient:
    """Give Slack's own client, pointed at the stand-in."""
    return AsyncWebClient(token="xoxb-test", base_url=slack.url("/api/"), retry_handlers=[])
