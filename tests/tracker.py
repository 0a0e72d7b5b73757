"""A Sentry on this machine: what is sent to it can be read."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest


class Tracker(HTTPServer):
    """Takes down what is sent to it."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        tracker = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                tracker.sent.append(f"{self.path}\n{gzip.decompress(raw).decode()}")
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    """Give a tracker, and end what speaks to it."""
    import sentry_sdk

    with Tracker() as tracker:
        yield tracker
        sentry_sdk.init(default_integrations=False, auto_enabling_integrations=False)  # or it traces all
        tracker.shutdown()
