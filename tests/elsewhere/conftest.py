"""A workspace and an organisation that are not ours to imitate, and deployments of the bot beside them."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.elsewhere.deployment import Deployment
from tests.elsewhere.github import GitHub, Team
from tests.elsewhere.slack import TEAM, Slack

Deploy: TypeAlias = Callable[..., Deployment]

SITE = f"{time.gmtime().tm_year}.pyconuk.org"


def workspace() -> Slack:
    """Return a Slack with our people in it, and some others."""
    slack = Slack()
    for id_, name in (("U0GEORGE", "george"), ("U0CORY", "cory"), ("U0OWEN", "owen")):
        slack.join(id_, name, is_admin=False)
    slack.join("U0ORG1", "organiser-one", team_id=TEAM, profile={"real_name": "Organiser One"})
    slack.join("U0ORG2", "organiser-two")
    slack.join("U0NEW", "helper")
    slack.join("U0GUEST", "guest", is_restricted=True)
    slack.join("U0ROBOT", "robot", is_bot=True)
    slack.join("U0GONE", "gone", deleted=True)
    slack.join("U0FAR", "far", team_id="T0ELSE")
    return slack


def organisation(**more: Any) -> GitHub:
    """Return a GitHub that spells names in its own way."""
    github = GitHub(**more)
    for login in ("George", "CORY", "owen", "infra-machine"):
        github.account(login, "admin")
    github.account("Organiser-2", "member")
    github.account("Organiser-1")
    github.account("helper-1")
    for name in ("2020.pyconuk.org", SITE, "ironcage", "Voting", "documentation"):
        github.repository(name)
    github.repository("sms_conference", archived=True)
    held = {SITE: "pull", "ironcage": "push", "voting": "push"}
    github.teams["core"] = Team("Core", {"organiser-2": "member", "george": "maintainer"}, repositories=held)
    github.teams["pydata"] = Team("PyData")
    return github


@contextmanager
def deploying(folder: Path) -> Iterator[Deploy]:
    """Give what makes deployments, each beside a Slack and a GitHub of its own, and ends them."""
    with ExitStack() as stack:

        def deploy(*, graphql: int = 404, plain: bool = False, **more: Any) -> Deployment:
            slack, github = workspace(), organisation(graphql=graphql, plain=plain)
            for place in (slack, github):
                place.open()
                stack.callback(place.close)
            made = Deployment(folder, slack, github, **more)
            stack.callback(made.close)
            return made

        yield deploy


@pytest.fixture
def deploy(tmp_path: Path) -> Iterator[Deploy]:
    """Give what makes a deployment."""
    with deploying(tmp_path) as deploy:
        yield deploy
