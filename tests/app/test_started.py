"""What a process says of itself when it starts."""

from structlog.testing import capture_logs

import config
from bot.app import vendor_settings
from bot.app.started import say

TEXT = """\
database_url: postgresql://localhost/infra
slack: {team_id: T0, bot_token: env:TOKEN, signing_secret: env:TOKEN, channels: {approvals: C0000000001}}
integrations:
  exchange_rates: {}
  github: {org: PyconUK, token: env:TOKEN, webhook_secret: env:TOKEN}
"""


def test_the_log_begins_with_what_is_on() -> None:
    """Database, jobs, vendors with their webhooks, and who watches, a line each; no secret among them."""
    environ = {"INFRA_CONFIG_YAML": TEXT, "TOKEN": "a-secret", "DYNO": "web.1"}
    with capture_logs() as lines:
        say(config.load(vendor_settings(), environ), "postgresql", "here")
    assert lines == [
        {"event": "database", "log_level": "info", "kind": "postgresql", "dyno": "web.1"},
        {"event": "jobs", "log_level": "info", "run": "here", "looks_every": 45, "digests": 0},
        {"event": "vendors", "log_level": "info", "on": "exchange_rates, github", "webhooks": "github"},
        {
            "event": "watched",
            "log_level": "info",
            "heartbeat": False,
            "metrics": False,
            "bugs_reported": False,
            "log": "info",
        },
    ]
