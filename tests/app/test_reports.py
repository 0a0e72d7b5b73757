"""What Sentry, or GlitchTip, is told when something breaks here."""

import json

import pytest

from bot.app.reports import reporter
from bot.core.errors import ConfigurationError
from tests.tracker import Tracker, tracker

__all__ = ["tracker"]

SECRET = "a-very-secret-word"  # known
TOKEN = "xoxb-1234-never-to-be-seen"  # of a known form


def test_a_bug_is_told_without_secrets(tracker: Tracker) -> None:
    """Its kind, text, places and the number of its request arrive; known secrets and their forms do not."""
    import sentry_sdk

    process = reporter(f"http://public@127.0.0.1:{tracker.server_port}/7", [SECRET])

    def breaks(local: str) -> None:
        raise ValueError(f"no {local} and no {TOKEN}")

    try:
        breaks(SECRET)
    except ValueError:
        line = {"event": "a job broke", "exc_info": True, "reference": "1a2b3c", "request": 42}
        assert process(None, "error", line) is line
    process(None, "info", {"event": "nothing broke"})
    sentry_sdk.flush(timeout=10)
    (told,) = tracker.sent
    assert told.startswith("/api/7/envelope/")
    event = json.loads(told.splitlines()[-1])
    assert event["tags"] == {"reference": "1a2b3c", "request": "42"}
    (broke,) = event["exception"]["values"]
    assert (broke["type"], broke["value"]) == ("ValueError", "no [secret] and no [secret]")
    assert broke["stacktrace"]["frames"][-1]["function"] == "breaks"
    assert not [each for each in (SECRET, TOKEN, "vars", "argv") if each in told]


def test_a_wrong_address_is_refused_at_start() -> None:
    """What is no DSN is named by its key, and not repeated."""
    with pytest.raises(ConfigurationError, match=r"server\.sentry_dsn") as refused:
        reporter("https://no-key.example.org/", [])
    assert "no-key" not in refused.value.message
