"""The main job from end to end, over Socket Mode, on a Slack and a GitHub that are not our stand-ins."""

import signal
import time
from multiprocessing.process import BaseProcess

from tests.elsewhere.conftest import SITE, Deploy
from tests.elsewhere.deployment import Deployment
from tests.elsewhere.slack import buttons

WRITES = [
    ("PUT", f"orgs/pyconuk/teams/core/repos/pyconuk/{SITE}", {"permission": "push"}),
    ("PUT", "orgs/pyconuk/teams/core/memberships/Organiser-1", {"role": "member"}),
]


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


def ended_well(bot: Deployment, *processes: BaseProcess) -> None:
    """End the processes; see that the journal is whole, that nobody else was called and nothing broke."""
    assert {bot.end(process, signal.SIGTERM) for process in processes} == {0}
    verified = bot.infra("audit", "verify")
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "The journal is whole" in verified.stdout
    assert set(bot.slack.unknown) <= {"POST /api/chat.getPermalink"}
    assert bot.slack.broken == bot.github.broken == []
    log = bot.log()
    assert all("level=" in line for line in log.splitlines()), log
    assert "Traceback" not in log
    assert {host for host, _ in bot.remotes} <= {"tcp 0100007F"}
    assert bot.trap.caught() == 0


def test_push_is_granted(deploy: Deploy) -> None:
    """Started while Slack is away; asked, refused to who may not, approved, applied, shown, journalled."""
    bot = deploy(transport="socket", graphql=403, plain=True, in_a_file=True)
    bot.slack.close()
    process = bot.serve()
    time.sleep(0.5)
    bot.slack.open()
    the_main_job(bot)
    ended_well(bot, process)
    assert {port for _, port in bot.remotes} == {bot.slack.port, bot.github.port}
