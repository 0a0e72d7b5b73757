"""Slack away or full, an answer of GitHub lost, the bot ended and killed: nothing lost, nothing doubled."""

import signal
import time
from collections.abc import Iterator

import pytest

from tests.elsewhere.conftest import Deploy, deploying
from tests.elsewhere.deployment import Deployment
from tests.elsewhere.slack import Json, words
from tests.elsewhere.wire import Answer, until

ASK = "grant-push organiser-1 website because the schedule"
HTML = {"Content-Type": "text/html"}
LIMITED = Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Give one bot that serves over HTTP, and see that it broke nothing."""
    with deploying(tmp_path_factory.mktemp("trouble")) as deploy:
        made = deploy()
        made.serve()
        yield made
        assert made.slack.broken == made.github.broken == []
        assert "Traceback" not in made.log()


def applied(card: Json) -> None:
    """Wait until a card says that it is applied."""
    until(lambda: "*Applied.* Approved by Cory" in words(card), what=lambda: words(card))


def test_slack_is_full_breaks_and_goes_away_while_a_request_is_applied(bot: Deployment) -> None:
    """GitHub is changed meanwhile, and the card says so in the end; no second card appears."""
    slack, before, cards = bot.slack, len(bot.github.writes), len(bot.slack.cards())
    slack.flaws["chat.postMessage"] += [LIMITED]
    slack.say("U0ORG2", "grant-push helper-1 documentation --direct")
    card = slack.card("*documentation* alone", "One owner decides")
    slack.flaws["chat.update"] += [LIMITED, Answer(500, b"<html>oops</html>", HTML)]
    slack.press("U0CORY", card, "Approve")
    until(lambda: not slack.flaws["chat.update"])
    slack.close()
    until(lambda: len(bot.github.writes) > before)
    time.sleep(1)
    slack.open()
    applied(card)
    assert len(slack.cards()) == cards + 1
    assert len(bot.github.writes) == before + 1


def test_slack_grants_less_than_the_manifest_asks_for(bot: Deployment) -> None:
    """Without leave to open conversations people are told even so; without the channel, who asked knows."""
    slack = bot.slack
    slack.refused = {"conversations.open": "missing_scope", "chat.postMessage": "not_in_channel"}
    slack.say("U0GEORGE", "grant-push helper-1 ironcage --direct")
    slack.told("U0GEORGE", "is filed", "`not_in_channel`", "`infra check`")
    del slack.refused["chat.postMessage"]
    card = slack.card("*ironcage* alone", "One owner decides")
    slack.press("U0CORY", card, "Approve")
    applied(card)
    direct = [message for message in slack.messages if message["channel"] == "DU0GEORGE"]
    until(lambda: any("*Applied.*" in words(message) for message in direct))
    slack.refused = {"users.info": "missing_scope"}
    slack.say("U0ORG1", "help")
    slack.told("U0ORG1", "`missing_scope`", "`infra check`")
    slack.refused = {}


def test_an_answer_of_github_is_lost(bot: Deployment) -> None:
    """What GitHub did without saying so is found by looking, and not done again."""
    github, slack, before = bot.github, bot.slack, len(bot.github.writes)
    slack.say("U0ORG2", "grant-push organiser-2 documentation --direct")
    card = slack.card("Organiser-2 gets *Write* on *documentation* alone", "One owner decides")
    github.flaws.append(("PUT", Answer(502, b"<html>Bad gateway</html>", HTML)))
    slack.press("U0CORY", card, "Approve")
    until(lambda: not github.flaws)
    github.repositories["documentation"].direct["organiser-2"] = "push"
    applied(card)
    assert len(github.writes) == before


def test_the_bot_is_ended_and_killed_between_the_steps(deploy: Deploy) -> None:
    """Asked while Slack was away, ended, approved, killed at the first write: each write is made once."""
    bot = deploy()
    bot.github.lag = 0.5
    bot.slack.close()
    first = bot.serve()
    assert bot.slack.say("U0ORG2", ASK).status == 200
    time.sleep(0.5)
    bot.slack.open()
    card = bot.slack.card("One owner decides")
    bot.slack.told("U0ORG2", "#1")
    assert "Traceback" not in bot.log()
    assert bot.end(first, signal.SIGTERM) == 0
    second = bot.serve()
    bot.slack.press("U0CORY", card, "Approve")
    until(lambda: bot.github.writes)
    bot.end(second, signal.SIGKILL)
    bot.serve()
    applied(card)
    assert len(bot.github.writes) == 2
    assert len(bot.slack.cards()) == 1
