"""`infra init` as a process in an empty folder: to the first answer, and on after an interruption."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.app import now
from bot.sandbox.world import World
from integrations.slack.standin import StandIn
from tests.first_run.drawer import Drawer
from tests.first_run.newcomer import SECRETS, Newcomer, Terminal, attend

APPROVALS = "C0000000001"


@pytest.fixture
def terminal(world: World, tmp_path: Path) -> Terminal:
    """Give an empty folder to work in."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return Terminal(world, folder)


async def test_an_empty_folder_becomes_a_bot_that_answers(
    terminal: Terminal, world: World, figure: Callable[[str], None], slack: StandIn
) -> None:
    """Few questions lead to a first real answer; no secret is shown or written into a file."""
    person, begun = Newcomer(), time.monotonic()
    assert await attend(person, await terminal.init()) == 0, person.seen
    seconds = time.monotonic() - begun
    figure(f"infra init: {len(person.titles)} questions, {seconds:.1f} s until the first answer")
    assert len(person.titles) <= 12
    assert "2026.pyconuk.org: 7 people can push" in person.seen
    assert "is the baseline to compare with" in person.words
    assert len(slack.channels[APPROVALS].pins) == 1
    kept = json.loads((terminal.folder.parent / "drawer.json").read_text())
    assert sorted(kept) == ["infra/github.token", "infra/slack.app_token", "infra/slack.bot_token"]
    files = [
        path
        for path in terminal.folder.rglob("*")
        if path.suffix in {".yaml", ".json"} or path.name == ".env"
    ]
    assert sorted(path.name for path in files) == ["local.yaml", "slack-app.json"]
    shown = person.seen + "".join(path.read_text() for path in files)
    assert not [secret for secret in SECRETS.values() if secret in shown]
    world.clock.set(now())
    checked = await terminal.start("check")
    assert checked.stdout
    said = (await checked.stdout.read()).decode()
    assert (await checked.wait(), "✗" in said) == (0, False), said


async def test_what_was_interrupted_goes_on(
    terminal: Terminal, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C keeps the answers and says how to go on; the next run asks only the rest."""
    person, again = Newcomer({"The organisation on GitHub": [KeyboardInterrupt]}), Newcomer()
    assert await attend(person, await terminal.init()) == 130
    assert "kept in config/local.yaml: run `infra init` again to go on" in person.seen
    assert "Traceback" not in person.seen
    monkeypatch.setenv("DRAWER", terminal.environ["DRAWER"])
    await again.run(terminal.world, terminal.folder / "config", Drawer)
    assert person.titles[-1] == again.titles[0] == "The organisation on GitHub"
    assert not set(person.titles[:-1]) & set(again.titles)
    assert "The first answer." in again.seen
    written = yaml.safe_load((terminal.folder / "config/local.yaml").read_text())
    assert written["slack"]["channels"] == {"approvals": APPROVALS}
    assert len(slack.channels[APPROVALS].pins) == 1
