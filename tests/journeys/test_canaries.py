"""Canaries: each secret is looked for in everything that leaves the bot while everything fails."""

import asyncio
import logging
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sentry_sdk
import structlog
from aiohttp import ClientSession
from prometheus_client import generate_latest
from pydantic import SecretStr

from bot.app.backup import _export
from bot.app.logs import configure
from bot.app.metrics import Metrics
from bot.sandbox.faults import Kind
from bot.sandbox.world import World
from config.settings import Settings
from tests.journeys.play import Play, serving
from tests.tracker import Tracker, tracker

__all__ = ["tracker"]

LINES = (
    "access website",
    "dns show",
    "tickets",
    "deploy status",
    "app voting",
    "costs",
    "status twilio",
    "grant-push nobody-there website",
    "audit",
)
KINDS = (Kind.MALFORMED, Kind.CUT)


@pytest.fixture
def own_logs() -> Iterator[None]:
    """Put back how logs are kept."""
    before, root = structlog.get_config(), logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    structlog.configure(**before)
    root.setLevel(level)
    root.handlers[:] = handlers


async def test_no_secret_leaves_the_bot(
    own_logs: None, tracker: Tracker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Vendors that fail or refuse, bugs, foreign webhooks, exports: none shows a secret anywhere."""
    figures = Metrics()
    async with World.start() as world:
        canaries = set(world.seed["environ"].values())
        settings = world.settings({"log_level": "debug"})
        configure(_watched(settings, tracker))
        async with serving(world, {"log_level": "debug"}, figures=figures) as play:
            await _everything_fails(play)
            await _a_client_breaks(play, canaries)
            for canary in canaries:
                _a_bug(canary)
            told = _told(play)
        await _export(settings, tmp_path / "pack")
        kept = (world.folder / "infra.db").read_bytes()
    log = "".join(capsys.readouterr())
    pack = _pack(tmp_path)
    sentry_sdk.flush(timeout=10)
    pack |= {"reports": "".join(tracker.sent).encode(), "figures": generate_latest(figures.registry)}
    assert len(canaries) >= 12
    assert b"a deep bug" in pack["reports"]
    assert "a deep bug" in log
    assert "invalid literal for int()" in log
    assert len(pack) > 3
    for name, text in {"log": log.encode(), "messages": told.encode(), "database": kept, **pack}.items():
        assert not [canary for canary in canaries if canary.encode() in text], name


async def _everything_fails(play: Play) -> None:
    """Ask everything of vendors that break, one in this way and the next in that; send foreign webhooks."""
    for kind, (name, faults) in zip(cycle(KINDS), play.world.faults.items(), strict=False):
        if name != "slack":
            faults.switch(kind)
    await asyncio.gather(*(play.say("Cory", f"/infra {line}") for line in LINES))
    await play.wait(lambda: len(play.notes("Cory")) >= len(LINES) and "GitHub" in _told(play), "each answer")
    async with ClientSession() as session:
        for vendor in ("github", "dnsimple/forged", "tito", "nobody"):
            address = f"http://127.0.0.1:{play.app.port}/webhooks/{vendor}"
            async with session.post(
                address, data=b"{", headers={"X-Hub-Signature-256": "sha256=0"}
            ) as answer:
                assert answer.status >= 400


class Broken:
    """Breaks deep in a client, whose secrets are in its words and in its variables."""

    def __init__(self, secrets: set[str]) -> None:
        self.secrets = secrets

    def __call__(self, key: str, _read: object) -> NoReturn:
        raise RuntimeError(f"a deep bug at {key} with {self.secrets}")


async def _a_client_breaks(play: Play, canaries: set[str]) -> None:
    """Ask what reaches a bug in a client; who asked reads its reference."""
    play.app.core.clients["tito"].memo = Broken(canaries)
    await play.ask("Cory", "tickets", "reference")


def _watched(settings: Settings, tracker: Tracker) -> Settings:
    """Return settings by which bugs are told to *tracker*."""
    dsn = SecretStr(f"http://public@127.0.0.1:{tracker.server_port}/7")
    return settings.model_copy(update={"server": settings.server.model_copy(update={"sentry_dsn": dsn})})


def _a_bug(secret: str) -> None:
    """Let something break with *secret* in its words, here and in a library, also in what is no text."""
    structlog.get_logger().warning("odd", error=ValueError(secret), among=[{"token": secret}])
    for log in (structlog.get_logger(), logging.getLogger("aiohttp.client")):
        try:
            int(secret)
        except ValueError:
            log.exception(f"could not send {secret}")


def _pack(folder: Path) -> dict[str, bytes]:
    """Return the files of an export."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _told(play: Play) -> str:
    """Return all that Slack was told."""
    slack: Any = play.world.slack  # the protocol is made for looking
    return repr([[vars(message) for message in channel.messages] for channel in slack.channels.values()])
