"""The terminal as a volunteer meets it: answers alone on standard output, remedies for what is wrong."""

import json
from collections.abc import Iterator

import pytest

from tests.elsewhere.conftest import deploying
from tests.elsewhere.deployment import Deployment


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Give one deployment whose processes run to their end."""
    with deploying(tmp_path_factory.mktemp("terminal")) as deploy:
        yield deploy(transport="socket")


def test_what_is_asked_is_filed(bot: Deployment) -> None:
    """A request needs a name, as its refusal says; with one it is shown, filed and written down."""
    refused = bot.infra("ask", "grant-push organiser-1 website")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "`infra ask --as NAME`" in refused.stderr
    filed = bot.infra("ask", "--as", "organiser-2", "grant-push", "organiser-1", "website", "because", "new")
    assert (filed.returncode, filed.stderr) == (0, "")
    assert "#1 Push access for organiser-1: website" in filed.stdout
    assert "One owner decides, in Slack: Cory, George or Owen." in filed.stdout
    exported = bot.infra("audit", "export")
    assert [json.loads(line)["kind"] for line in exported.stdout.splitlines()] == ["seeded", "filed"]
    assert bot.github.writes == []


def test_all_is_well(bot: Deployment) -> None:
    """The check looks at the database, our people, Slack and its socket, and GitHub: a line for each."""
    checked = bot.infra("check")
    assert (checked.returncode, checked.stderr, "✗" in checked.stdout) == (0, "", False)
    for said in ("Database", "3 owners can decide", "T024BE7LD", "Socket Mode", "#approvals", "team core"):
        assert any(said in line for line in checked.stdout.splitlines() if line.startswith("✓")), said


def test_each_wrong_secret_is_named_with_its_remedy(bot: Deployment) -> None:
    """Wrong tokens are told by their keys, with where good ones are made, and not repeated."""
    wrong = {"SLACK_APP_TOKEN": "xapp-old", "GITHUB_TOKEN": "ghp_old0000"}
    checked = bot.infra("check", **wrong)
    assert (checked.returncode, checked.stderr) == (1, "")
    assert "Basic Information: `slack.app_token`" in checked.stdout
    assert "Personal access tokens, and put it where `integrations.github.token` says" in checked.stdout
    assert not any(secret in checked.stdout for secret in wrong.values())


def test_vendors_that_are_away_are_told_apart(bot: Deployment) -> None:
    """Each says that it does not answer, with the next step, and no log runs into the answer."""
    for place in (bot.slack, bot.github):
        place.close()
    checked, asked = bot.infra("check"), bot.infra("ask", "owners")
    for place in (bot.slack, bot.github):
        place.open()
    assert [checked.stderr, asked.stdout] == ["", ""]
    assert "✗ Slack cannot be reached." in checked.stdout
    assert "✗ GitHub does not answer." in checked.stdout
    assert asked.stderr.strip().splitlines() == [
        "GitHub does not answer. Nothing was changed.",
        "Try again in a minute.",
    ]
