"""Canaries: each secret is looked for in everything that leaves the bot while everything fails."""

import asyncio
import logging
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession

from bot.app.backup import _export
from bot.app.logs import configure
from bot.sandbox.faults import Kind
from bot.sandbox.world import World
from tests.journeys.play import Play, serving

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
    own_logs: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Vendors that fail or refuse, bugs, foreign webhooks, exports: none shows a secret anywhere."""
    async with World.start() as world:
        canaries = set(world.seed["environ"].values())
        settings = world.settings({"log_level": "debug"})
        configure(settings)
        async with serving(world, {"log_level": "debug"}) as play:
            await _everything_fails(play)
            for canary in canaries:
                _a_bug(canary)
            told = _told(play)
        await _export(settings, tmp_path / "pack")
        kept = (world.folder / "infra.db").read_bytes()
    log = "".join(capsys.readouterr())
    pack = _pack(tmp_path)
    assert len(canaries) >= 12
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


def _a_bug(secret: str) -> None:
    """Let something break with *secret* in its words, here and in a library."""
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
