"""What libraries log becomes lines of ours."""

from collections.abc import Iterator

import pytest
import structlog
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.app.logs import configure
from config.settings import Settings

TOKEN = "xoxb-1234-never-to-be-seen"  # of a known form


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Put back how logs are kept."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


async def _breaks(_request: web.Request) -> web.Response:
    raise LookupError(f"a bug, and {TOKEN}")


async def test_a_bug_in_an_answer_has_its_trace(own_logs: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The line says where it is, without secrets; nonsense in the place of HTTP is nobody's bug."""
    ours = {"name": "PyCon UK", "domain": "pyconuk.org", "timezone": "Europe/London"}
    configure(Settings.model_validate({"organisation": ours}))
    app = web.Application()
    app.router.add_get("/", _breaks)
    async with TestServer(app) as server, ClientSession() as session:
        async with session.get(server.make_url("/")) as answer:
            assert answer.status == 500
        async with session.get(server.make_url("/"), headers={"Content-Length": "no"}) as answer:
            assert answer.status == 400
    bug, nonsense = capsys.readouterr().err.splitlines()
    assert "in _breaks" in bug
    assert "LookupError" in bug
    assert TOKEN not in bug
    assert "Traceback" not in nonsense
