"""The main job from end to end, over both transports, on a Slack and a GitHub that are not our stand-ins."""

import signal
from typing import Any

import pytest

from tests.elsewhere.conftest import SITE, Deploy
from tests.elsewhere.deployment import Deployment
from tests.elsewhere.slack import buttons

WRITES = [
    ("PUT", f"orgs/pyconuk/teams/core/repos/pyconuk/{SITE}", {"permission": "push"}),
    ("PUT", "orgs/pyconuk/teams/core/memberships/Organiser-1", {"role": "member"}),
]


def called_nobody_else(bot: Deployment) -> None:
    """Check that the bot spoke to its two addresses alone, and broke neither."""
    assert {host for host, _ in bot.remotes} <= {"tcp 0100007F"}
    assert {port for _, port in bot.remotes} == {bot.slack.port, bot.github.port}
    assert bot.trap.caught() == 0
    assert bot.slack.broken == bot.github.broken == []


def the_main_job(bot: Deployment) -> None:
    """Ask, be refused, approve; see what GitHub holds and what the card says."""
    slack, github = bot.slack, bot.github
    taken = slack.say("U0ORG2", "grant-push organiser-1 website because the schedule page")
    assert (taken.status, taken.content) == (200, "")
    card = slack.card("Push access for organiser-1: website", "the schedule page", f"*{SITE}* joins core")
    assert set(buttons(card)) == {"Approve", "Deny…"}
    slack.told("U0ORG2", "#1 is with the owners", "Cory, George or Owen")
    slack.press("U0ORG1", card, "Approve")
    slack.told("U0ORG1", "Only an owner can approve #1", "Nothing happened", "Cory, George or Owen can")
    assert github.writes == []
    slack.press("U0OWEN", card, "Approve")
    slack.card("*Applied.* Approved by Owen", "Organiser-1 is invited and must accept by")
    assert card["edits"] >= 1
    assert len(slack.cards()) == 1
    assert github.writes == WRITES
    assert github.teams["core"].repositories[SITE] == "push"
    assert github.teams["core"].invited == {"organiser-1"}
    slack.told("U0ORG2", "*Applied.* Approved by Owen")


@pytest.mark.parametrize(
    "variant",
    [
        {"transport": "http", "graphql": 404},
        {"transport": "socket", "graphql": 403, "plain": True, "in_a_file": True},
    ],
    ids=["http", "socket"],
)
def test_push_is_granted(deploy: Deploy, variant: dict[str, Any]) -> None:
    """Asked, refused to who may not, approved, applied, shown, journalled; nobody else is called."""
    bot = deploy(**variant)
    process = bot.serve()
    the_main_job(bot)
    assert bot.end(process, signal.SIGTERM) == 0
    verified = bot.infra("audit", "verify")
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "The journal is whole" in verified.stdout
    called_nobody_else(bot)
    assert set(bot.slack.unknown) <= {"POST /api/chat.getPermalink"}
    log = bot.log()
    assert all("level=" in line for line in log.splitlines()), log
    assert "Traceback" not in log
