"""What people type and who they are: each gets an answer with a next step, privately, and nothing breaks."""

from collections.abc import Iterator

import pytest

from tests.elsewhere.conftest import SITE, deploying
from tests.elsewhere.deployment import Deployment
from tests.elsewhere.slack import GENERAL, words


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Give one bot that serves over Socket Mode; nothing may be written or posted in public."""
    with deploying(tmp_path_factory.mktemp("words")) as deploy:
        made = deploy(transport="socket")
        made.serve()
        made.slack.say("U0ORG2", "access website")
        made.slack.told("U0ORG2", f"{SITE}: 4 people can push")  # what is read at the start is read now
        yield made
        assert made.github.writes == []
        assert not [message for message in made.slack.messages if message["channel"] == GENERAL]
        assert made.slack.broken == made.github.broken == []
        assert "Traceback" not in made.log()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("help all", "`grant-push` Let somebody push to a repository"),
        ("HELP grant-push", "`grant-push USER REPO"),
        ("access website", f"{SITE}: 4 people can push"),
        ("access <http://voting|voting>", "*organiser-2* · Write · team core"),
        ("access @organiser-2", "organiser-2 can push to 2 repositories"),
        ("access &lt;@U0ORG2&gt;", "organiser-2 can push to 2 repositories"),
        ("acess website", "Did you mean `access`?"),
        ("make coffee", "I do not know `make`"),
        ("grant-push", "`grant-push USER REPO"),
        ("grant-push organiser-1", "`grant-push USER REPO"),
        ("grant-push organiser-1 websit", "Did you mean `website`?"),
        ("grant-push organiser-1 sms_conference", "is archived"),
        ("grant-push organiser-9 website", "GitHub has no account `organiser-9`"),
        ("grant-push оrganiser-1 website", "I do not know оrganiser-1"),
        ("grant-push <@U0NEW|helper> website", "--login LOGIN"),
        ("grant-push organiser-2 voting", "organiser-2 can already push to Voting"),
        ("grant-push organiser-1 website because", "with the owners"),
        ("grant-push “organiser-1 website", "A quotation mark is not closed"),
        ("grant-push 'organiser-1 website", "A quotation mark is not closed"),
        ("🐍🎉 привет שלום مرحبا", "`help` lists"),
        ("access 🐍", "I know no person, account or repository"),
        ("access ../../admin", "../../admin"),
        ("help " + "x" * 10_000, "at most 2000 are read"),
        ("help \u202edlrow", "I do not know"),
        ("teams show core", "organiser-2"),
        ("owners", "infra-machine"),
        ("grant-push organiser-1 website --until tomorrow", "--until: must be a date, such as"),
        ("requests abc", "N: must be a whole number"),
        ("requests 99999", "99999"),
        ("undo 12345", "12345"),
    ],
)
def test_each_line_is_answered(bot: Deployment, line: str, said: str) -> None:
    """An answer or what is wrong with the line, to whoever asked alone."""
    bot.slack.whispers.clear()
    assert bot.slack.say("U0ORG2", line).status == 200
    answer = bot.slack.told("U0ORG2", said)
    assert len(words(answer)) < 6000


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ("U0GUEST", "you are a guest in this workspace"),
        ("U0ROBOT", "I take no requests from bots"),
        ("U0GONE", "this Slack account is deactivated"),
        ("U0FAR", "you belong to another workspace"),
        ("U0NEW", "I do not know you yet"),
    ],
)
def test_who_may_not_ask_is_told_who_can(bot: Deployment, user: str, said: str) -> None:
    """Nothing is looked up for them, and they hear whom to turn to."""
    calls = len(bot.github.calls)
    bot.slack.say(user, "access website")
    bot.slack.told(user, said, "Cory, George or Owen can")
    assert len(bot.github.calls) == calls


def test_somebody_new_asks_to_be_added(bot: Deployment) -> None:
    """One tap asks the owners once, with what they have to say."""
    bot.slack.say("U0NEW", "help")
    answer = bot.slack.told("U0NEW", "I do not know you yet")
    for _ in range(2):
        bot.slack.press("U0NEW", answer, "Ask to be added")
    bot.slack.card("<@U0NEW> asks to be added", "people add NAME --slack U0NEW")
    bot.slack.told("U0NEW", "I asked the owners to add you")
    assert len([card for card in bot.slack.cards() if "U0NEW" in words(card)]) == 1


def test_plain_words_to_the_bot_are_answered(bot: Deployment) -> None:
    """In its own conversation and where it is mentioned, once for each event however often it comes."""
    message = {"type": "message", "channel_type": "im", "channel": "DU0ORG1", "user": "U0ORG1", "ts": "1.2"}
    for _ in range(2):
        bot.slack.happen(message | {"text": "access organiser-2"}, "Ev0SAME")
    bot.slack.told("U0ORG1", "organiser-2 can push to 2 repositories")
    mention = {"type": "app_mention", "channel": GENERAL, "user": "U0ORG1", "ts": "1.3"}
    bot.slack.happen(mention | {"text": "<@U0INFRABOT> owners"})
    bot.slack.told("U0ORG1", "4 owners of")
    same = [each for each in bot.slack.private("U0ORG1") if "can push to 2 repositories" in words(each)]
    assert len(same) == 1


def test_what_the_bot_does_not_know_is_acknowledged(bot: Deployment) -> None:
    """Shortcuts, events and foreign payloads get a plain answer; Slack then repeats nothing."""
    shortcut = {"type": "shortcut", "callback_id": "other", "user": {"id": "U0ORG1"}, "trigger_id": "1.2.x"}
    for payload in (
        shortcut | {"team": {"id": "T024BE7LD"}},
        shortcut,
        {
            "type": "view_closed",
            "team": {"id": "T024BE7LD"},
            "view": {"callback_id": "deny", "type": "modal"},
        },
    ):
        assert bot.slack.deliver("interactive", payload).status == 200
    assert bot.slack.happen({"type": "team_join", "user": {"id": "U1"}}).status == 200
    assert "another workspace" in str(bot.slack.say("U0ORG1", "help", team_id="T0OTHER").content)
    assert "another workspace" in str(bot.slack.say("U0ORG1", "help", api_app_id="A0OTHER").content)


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_a_link_that_slack_takes_away_is_replaced(bot: Deployment, reason: str) -> None:
    """Before and after, commands are answered."""
    bot.slack.disconnect(reason)
    assert bot.slack.say("U0ORG1", f"help {reason}").status == 200
    bot.slack.told("U0ORG1", f"I do not know `{reason}`")
