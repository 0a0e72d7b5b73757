"""Deciding, as people and networks do it: twice, at once, late, through forms, with odd payloads."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.elsewhere.conftest import deploying
from tests.elsewhere.deployment import Deployment
from tests.elsewhere.slack import TEAM, Json, Slack, Taken, buttons, words
from tests.elsewhere.wire import until


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Give one bot that serves over HTTP."""
    with deploying(tmp_path_factory.mktemp("deciding")) as deploy:
        made = deploy()
        made.serve()
        yield made


def asked(bot: Deployment, login: str, repository: str) -> Json:
    """Let organiser-2 ask for a grant, and return its card."""
    bot.slack.say("U0ORG2", f"grant-push {login} {repository} --direct")
    return bot.slack.card(f"{login} gets *Write* on *{repository}* alone", "One owner decides")


def at_once(*acts: Callable[[], Taken]) -> list[Taken]:
    """Do several things at the same time; return what the bot answered."""
    start, taken = threading.Barrier(len(acts)), list[Taken]()

    def act(do: Callable[[], Taken]) -> None:
        start.wait()
        taken.append(do())

    threads = [threading.Thread(target=act, args=(each,)) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def opened(slack: Slack, title: str) -> Json:
    """Return the form with *title*, when it is open."""
    return until(lambda: next((v for v in reversed(slack.views) if words(v["title"]) == title), None))


def test_denied_with_a_reason(bot: Deployment) -> None:
    """The form asks why; the card and who asked are told, and nothing changes."""
    slack, before = bot.slack, list(bot.github.writes)
    card = asked(bot, "helper-1", "documentation")
    number = words(card).split()[0]
    slack.press("U0CORY", card, "Deny…")
    form = opened(slack, f"Deny {number}")
    empty = slack.submit("U0CORY", form, "   ")
    assert empty.content["response_action"] == "errors"
    assert slack.submit("U0CORY", form, "<!channel> not *yet* & “so”").content == ""
    slack.card("*Denied by Cory", "&lt;!channel&gt; not *yet* &amp; “so”")
    slack.told("U0ORG2", "*Denied by Cory")
    assert buttons(card) == {}
    assert slack.submit("U0OWEN", form, "me too").content == ""
    slack.told("U0OWEN", f"{number} was denied by Cory")
    assert bot.github.writes == before


def test_withdrawn(bot: Deployment) -> None:
    """Who asked takes it back in their own message; an owner's late press is told so."""
    slack, before = bot.slack, list(bot.github.writes)
    card = asked(bot, "helper-1", "2020.pyconuk.org")
    number, pressed = words(card).split()[0], dict(card)
    note = slack.told("U0ORG2", f"{number}: Push access", f"Withdraw {number}")
    slack.press("U0ORG2", note, f"Withdraw {number}")
    slack.card("*Withdrawn by organiser-2", number)
    slack.press("U0CORY", pressed, "Approve")
    slack.told("U0CORY", f"{number} was withdrawn by organiser-2")
    assert bot.github.writes == before


def test_who_asks_does_not_approve(bot: Deployment) -> None:
    """An owner's own request waits for another one; told privately, with a way to withdraw."""
    slack, before = bot.slack, list(bot.github.writes)
    slack.say("U0GEORGE", "grant-push helper-1 voting --direct")
    card = slack.card("helper-1 gets *Write* on *Voting* alone", "Cory or Owen")
    number = words(card).split()[0]
    slack.press("U0GEORGE", card, "Approve")
    refusal = slack.told("U0GEORGE", f"You asked for {number}, so another owner decides", "Cory or Owen can")
    slack.press("U0GEORGE", refusal, f"Withdraw {number}")
    slack.card("*Withdrawn by George", number)
    assert bot.github.writes == before
    assert buttons(card) == {}


def test_many_presses_are_one(bot: Deployment) -> None:
    """Double clicks, redeliveries and three owners at once carry it out once; the others hear who did."""
    slack, github = bot.slack, bot.github
    card, before = asked(bot, "helper-1", "ironcage"), len(github.writes)
    cory = slack.signed("interactive", slack.pressing("U0CORY", card, "Approve"))
    taken = at_once(
        lambda: slack.post(*cory),
        lambda: slack.press("U0OWEN", card, "Approve"),
        lambda: slack.post(*cory, X_Slack_Retry_Num="1", X_Slack_Retry_Reason="http_timeout"),
        lambda: slack.press("U0GEORGE", card, "Approve"),
        lambda: slack.press("U0CORY", card, "Approve"),
    )
    assert [(each.status, each.content) for each in taken] == [(200, "")] * 5
    slack.card("*Applied.* Approved by", "ironcage")
    first = next(name for name in ("Cory", "Owen", "George") if f"Approved by {name}" in words(card))
    others = {"Cory": "U0CORY", "Owen": "U0OWEN", "George": "U0GEORGE"}
    del others[first]
    for user in others.values():
        slack.told(user, first)
    slack.post(*cory)
    assert [write[:2] for write in github.writes[before:]] == [
        ("PUT", "repos/pyconuk/ironcage/collaborators/helper-1")
    ]


def test_a_command_that_comes_again_files_nothing_more(bot: Deployment) -> None:
    """The same signed command, delivered three times at once and once more, is one request with one card."""
    slack = bot.slack
    form = {
        "team_id": TEAM,
        "user_id": "U0ORG2",
        "channel_id": "C0GENERAL",
        "command": "/infra",
        "text": "grant-push <@U0ORG1|organiser-one> <http://voting|voting> --direct because “twice”",
        "response_url": slack.response_url("U0ORG2"),
        "trigger_id": slack.trigger(),
    }
    same = slack.signed("slash_commands", form)
    taken = at_once(*[lambda: slack.post(*same)] * 3)
    slack.card("*Voting* alone", "twice")
    assert {each.status for each in [*taken, slack.post(*same)]} == {200}
    slack.told("U0ORG2", "is with the owners")
    assert len([card for card in slack.cards() if "twice" in words(card)]) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"user": {"id": "U0CORY"}, "api_app_id": None},
        {"team": None, "user": {"id": "U0CORY", "team_id": TEAM}, "message": None},
        {"response_url": None, "container": None, "channel": None},
        {"enterprise": None, "is_enterprise_install": False, "state": {"values": {}}, "later": [1]},
    ],
    ids=["no names", "team of the user", "no channel", "more fields"],
)
def test_a_press_needs_no_optional_field(bot: Deployment, changed: dict[str, Any]) -> None:
    """What Slack may leave out or add makes no difference."""
    index = len(bot.slack.cards())
    card = asked(bot, "Organiser-1", ("ironcage", "documentation", "2020.pyconuk.org", "Voting")[index % 4])
    payload = bot.slack.pressing("U0CORY", card, "Deny…") | {"team": {"id": TEAM}}
    payload = {name: value for name, value in (payload | changed).items() if value is not None}
    forms = len(bot.slack.views)
    assert bot.slack.deliver("interactive", payload).status == 200
    form = until(lambda: bot.slack.views[forms:])[0]
    bot.slack.submit("U0CORY", form, "tried", api_app_id=None)
    until(lambda: "*Denied by Cory" in words(card))
