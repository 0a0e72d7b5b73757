"""Reading GitHub's deliveries: only what it signed, and of that only whom or what it is about."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from bot.core.vendor import Dropped, Hint
from integrations.github import GITHUB, GithubSettings
from integrations.github.check import check
from integrations.github.webhooks import signed, webhooks
from tests.integrations.github.wired import Wired

SECRET = "a secret for tests"
ORG = {"organization": {"login": "PyconUK", "id": 1}}
PERSON, CORE = {"login": "Organiser-1", "id": 7}, {"id": 3, "name": "Core", "slug": "core"}
GONE = {"id": 3, "name": "Core", "deleted": True}
RENAMED = {"repository": {"name": {"from": "Site"}}}
SITE = {"id": 5, "name": "2026.pyconuk.org", "full_name": "PyconUK/2026.pyconuk.org"}


def settings(secret: str | None = SECRET) -> GithubSettings:
    """Return settings with or without a secret."""
    said = {"org": "pyconuk", "token": "ghp_example", "webhook_secret": secret}
    return GithubSettings.model_validate(said)


def read(body: object, event: str = "member", **changed: str) -> Hint | Dropped | None:
    """Read a delivery that is signed, its headers perhaps changed."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reader = webhooks(settings())
    assert reader is not None
    seal = f"sha256={hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()}"
    headers = {
        "X-Hub-Signature-256": seal,
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Event": event,
        "Content-Type": "application/json",
    }
    return reader(headers | {name.replace("_", "-"): value for name, value in changed.items()}, content)


def test_the_signature_is_that_of_the_documentation() -> None:
    """GitHub's own example is accepted, and nothing near it."""
    secret, body = b"It's a Secret to Everybody", b"Hello, World!"
    right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signed(secret, right, body)
    lengths = [right[:-1], right + "0", right[7:], "", f" {right}", right + "\n"]
    others = [right.upper(), "sha256=é" + right[8:]]
    assert not any(signed(secret, each, body) for each in lengths + others)
    assert not signed(secret, right, body + b" ")
    assert not signed(b"", right, body)


@pytest.mark.parametrize(
    ("event", "body", "about"),
    [
        ("membership", {"scope": "team", "member": PERSON, "team": CORE}, {"organiser-1"}),
        ("membership", {"scope": "team", "member": PERSON, "team": GONE}, {"organiser-1"}),
        ("organization", {"membership": {"state": "active", "user": PERSON}}, {"organiser-1"}),
        ("organization", {"invitation": {"id": 1}, "user": PERSON}, {"organiser-1"}),
        ("member", {"member": PERSON, "repository": SITE, "changes": {"permission": {}}}, {"organiser-1"}),
        ("team", {"team": CORE, "repository": SITE}, {"2026.pyconuk.org"}),
        ("team", {"team": CORE, "changes": {"name": {"from": "Old"}}}, {"core"}),
        ("repository", {"repository": SITE}, {"2026.pyconuk.org"}),
        ("repository", {"repository": SITE, "changes": RENAMED}, {"2026.pyconuk.org", "site"}),
    ],
)
def test_what_a_delivery_is_about(event: str, body: dict[str, Any], about: set[str]) -> None:
    """Each event names the person, the repository or the team that it concerns."""
    hint = read(body | ORG, event)
    assert isinstance(hint, Hint)
    assert (hint.vendor, hint.event, set(hint.about)) == ("github", event, about)


def test_a_run_that_is_over_is_looked_at() -> None:
    """Its repository is hinted at, and nobody is said to have changed it; one that goes on is dropped."""
    said = {"repository": SITE, "sender": PERSON} | ORG
    hint = read(said | {"action": "completed"}, "workflow_run")
    assert isinstance(hint, Hint)
    assert (set(hint.about), hint.by) == ({"2026.pyconuk.org"}, "")
    assert isinstance(read(said | {"action": "in_progress"}, "workflow_run"), Dropped)
    assert hint.key == "72d3162e-cc78-11e3-81ab-4c9367dc0958"


@pytest.mark.parametrize(
    ("event", "body", "why"),
    [
        ("member", {"member": PERSON, "organization": {"login": "another"}}, "another organisation"),
        ("member", {"member": PERSON}, "another organisation"),
        ("push", {"ref": "refs/heads/main", "repository": SITE} | ORG, "push"),
        ("ping", {"zen": "Design for failure.", "hook_id": 1} | ORG, "ping"),
        ("organization", {"invitation": {"email": "x@example.org"}} | ORG, "organization"),
        ("team", {"action": "deleted", "team": GONE} | ORG, "team"),
        ("repository", {"action": "deleted"} | ORG, "repository"),
    ],
)
def test_what_nothing_follows_from(event: str, body: dict[str, Any], why: str) -> None:
    """Other organisations, unknown events and events about nobody are dropped, and it is said why."""
    found = read(body, event)
    assert isinstance(found, Dropped)
    assert (why in found.why, found.broken) == (True, False)


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (b"", {}),
        (b"not JSON", {}),
        (b"[]", {}),
        (b"\xff\xfe", {}),
        (b"[" * 100_000, {}),
        ({"member": "organiser-1", **ORG}, {}),
        ({"member": PERSON, **ORG}, {"Content_Type": "application/x-www-form-urlencoded"}),
        ({"member": PERSON, **ORG}, {"X_GitHub_Delivery": ""}),
        ({"member": PERSON, **ORG}, {"X_GitHub_Delivery": "a\0b"}),
        ({"member": PERSON, **ORG}, {"X_GitHub_Event": "Member of nothing"}),
    ],
)
def test_what_is_signed_but_does_not_read_is_broken(body: object, changed: dict[str, str]) -> None:
    """A signed delivery of another shape is refused without a traceback."""
    found = read(body, **changed)
    assert isinstance(found, Dropped)
    assert found.broken


def test_without_a_secret_nothing_is_read() -> None:
    """Webhooks are off until a secret is set, and unsigned deliveries are never GitHub's."""
    assert GITHUB.webhooks is webhooks
    assert webhooks(settings(None)) is None
    assert read({"member": PERSON, **ORG}, X_Hub_Signature_256="") is None


async def test_the_check_says_whether_they_are_on(hub: Wired) -> None:
    """Without a secret the check says that webhooks are off, which is fine; with one, where they are."""
    assert any("Webhooks are off, which is fine" in finding.text for finding in await check(hub.client))
    hub.client.settings = settings().model_copy(update={"url": hub.client.settings.url})
    assert any("Webhooks are on, at /webhooks/github" in finding.text for finding in await check(hub.client))
