"""Our client wired to the stand-in Heroku."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from integrations.heroku import HEROKU, HerokuReads
from integrations.heroku.client import HerokuClient
from integrations.heroku.standin import StandIn
from tests.integrations.wired import Wired, wired

Heroku: TypeAlias = Wired[StandIn, HerokuClient, HerokuReads]

TOKEN = "sandbox-heroku-token"
SEED: dict[str, Any] = {
    "token": TOKEN,
    "apps": [
        {
            "name": "pyconuk-voting",
            "web_url": "https://pyconuk-voting-7c1b8e2f4a10.herokuapp.com/",
            "formation": {
                "web": {"quantity": 1, "size": "Basic"},
                "clock": {"quantity": 0, "size": "Basic"},
            },
            "boots": 3,
            "phase": 5,
            "domains": ["voting.pyconuk.org"],
            "first": 31,
            "releases": [
                {"text": "Deploy 5d2e1a0c", "at": "2026-04-20T18:00:00"},
                {"text": "Deploy 0c0c0c0c", "at": "2026-05-01T10:00:00", "fails": True},
                {"text": "Set SECRET_KEY config vars", "at": "2026-05-04T10:30:00"},
                {"text": "Deploy 66acde4f", "at": "2026-06-09T20:15:00"},
            ],
        },
        {
            "name": "ironcage",
            "web_url": "https://ironcage.herokuapp.com/",
            "formation": {"web": {"quantity": 1, "size": "Eco"}, "worker": {"quantity": 1, "size": "Eco"}},
            "releases": [{"text": "Deploy 1", "at": "2026-01-20T18:00:00"}],
        },
    ],
    "addons": [
        {"name": "db-1", "app": "pyconuk-voting", "plan": "heroku-postgresql:essential-0", "cents": 500}
    ],
    "invoices": [
        {"number": 1, "total": 1200, "period_start": "2024-04-01", "period_end": "2024-04-30"},
        {"number": 2, "total": 1200.0, "period_start": "04/01/2026", "period_end": "04/30/2026"},
        {"number": 3, "total": 1250, "period_start": "2026-05-01", "period_end": "2026-05-31"},
    ],
}


def heroku(settings: Mapping[str, Any] | None = None, **changes: Any) -> AbstractAsyncContextManager[Heroku]:
    """Run the stand-in from the seed with *changes*, and our client against it."""
    return wired(HEROKU, StandIn, SEED | changes, {"token": TOKEN, **(settings or {})})
