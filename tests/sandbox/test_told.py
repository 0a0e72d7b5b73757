"""What the sandbox tells in the terminal."""

import subprocess
import sys

import pytest

from bot.__main__ import main
from bot.sandbox.journeys import ASK, JOURNEYS, killed, walk
from bot.sandbox.process import Bot, NotReadyError
from bot.sandbox.scene import DidNotHappenError
from bot.sandbox.stage import Stage
from bot.sandbox.world import World
from tests.journeys.play import Play


def test_one_line_is_answered_without_any_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    """``infra ask --sandbox`` answers from the seed, and files a request in somebody's name."""
    command = [sys.executable, "-m", "bot", "ask", "--sandbox", "access website"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "2026.pyconuk.org" in answer.stdout
    assert main(["ask", "--sandbox", "--as", "organiser-2", "grant-push organiser-1 website"]) == 0
    assert "One owner decides" in capsys.readouterr().out


async def test_a_journey_of_the_tour(capsys: pytest.CaptureFixture[str]) -> None:
    """A journey prints each step once it happened: here the bot is killed and nothing is doubled."""
    await walk({"kill -9": killed})
    printed = capsys.readouterr().out
    assert "1. kill -9" in printed
    assert "✓ GitHub was told once to give core Write" in printed
    assert "✓ the journal is whole" in printed


async def test_what_did_not_happen_is_not_told(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    """A step that did not happen ends the journey instead of being printed."""
    stage = Stage(play.world, Bot(play.world))
    with pytest.raises(DidNotHappenError, match="did not happen: organiser-2 hears 'is with the owners'"):
        await stage.wait(lambda: None, "organiser-2 hears 'is with the owners'", within=0.2)
    stage.world.faults["github"].switch("500")
    await stage.ask("organiser-2", ASK, "GitHub")
    with pytest.raises(DidNotHappenError, match="was written 0 times"):
        stage.once("never", "/nowhere")
    assert "✓" not in capsys.readouterr().out


def test_the_tour_has_the_main_journeys() -> None:
    """The tour goes where the design says, the main job first."""
    titles = list(JOURNEYS)
    assert titles[0].startswith("The main job")
    for words in (
        "Two owners",
        "organiser presses",
        "own request",
        "denies",
        "helper",
        "Undo",
        "expires",
        "kill -9",
        "500",
        "Deploys",
        "by hand",
    ):
        assert any(words in title for title in titles), words


async def test_a_bot_that_cannot_start_says_why(world: World) -> None:
    """What the process said last is told."""
    world.seed["environ"]["SLACK_BOT_TOKEN"] = ""
    with pytest.raises(NotReadyError, match="SLACK_BOT_TOKEN is empty or not set"):
        async with Bot.started(world):
            pass
