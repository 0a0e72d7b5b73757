"""The client: what it sends, where, and what it makes of refusals."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr, ValidationError

from bot.core.errors import Denied, Malformed, Rejected, Unavailable
from integrations.github import GithubSettings, Level
from integrations.github.calls import same
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import SITE, Wired


def settings(**given: Any) -> GithubSettings:
    """Return the settings that a configuration's section gives."""
    return GithubSettings.model_validate({"org": "PyconUK", "token": "t"} | given)


def test_an_organisation_and_a_token_are_enough() -> None:
    """Everything else has GitHub's own values."""
    ours = settings()
    assert (ours.url, ours.graphql_url) == ("https://api.github.com", "https://api.github.com/graphql")
    assert (ours.push_team, ours.web) == ("core", "https://github.com")
    assert ours.token == SecretStr("t")
    assert "'t'" not in repr(ours)


@pytest.mark.parametrize(
    ("url", "graphql"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/graphql"),
        ("http://127.0.0.1:8080/gh/", "http://127.0.0.1:8080/gh/graphql"),
        ("https://git.example.org/api/v3", "https://git.example.org/api/graphql"),
    ],
)
def test_graphql_is_beside_rest_when_left_out(url: str, graphql: str) -> None:
    """Who points the bot at another GitHub sends nothing to github.com."""
    assert settings(url=url).graphql_url == graphql
    assert "github.com" not in settings(url=url).web
    assert settings(url=url, graphql_url="http://localhost:1/q").graphql_url == "http://localhost:1/q"


@pytest.mark.parametrize(
    "given",
    [{"url": "api.github.com"}, {"url": "ftp://x"}, {"url": "https://x?a=b"}, {"org": ""}, {"colour": "red"}],
)
def test_settings_that_cannot_be_are_refused(given: dict[str, str]) -> None:
    """An address without scheme, an empty name and an unknown key are mistakes."""
    with pytest.raises(ValidationError):
        settings(**given)


@pytest.mark.parametrize("word", ["pull", "read", "READ", "Read"])
def test_levels_are_read_from_any_vocabulary(word: str) -> None:
    """REST, invitations and GraphQL mean the same by their words."""
    assert Level.named(word) is Level.READ


def test_levels_have_an_order_and_a_word_for_each_place() -> None:
    """Read is less than Admin; each place gets its own word."""
    assert list(Level) == sorted(Level)
    assert max(Level) is Level.ADMIN
    assert [level.grant for level in Level] == ["pull", "triage", "push", "maintain", "admin"]
    assert [level.role for level in Level] == ["read", "triage", "write", "maintain", "admin"]
    assert Level.named("none") is Level.named(None) is None


def test_a_custom_role_is_as_high_as_its_permissions() -> None:
    """A role of the organisation's own is known by what it may do."""
    assert Level.highest("docs-editor", {"pull": True, "push": True, "admin": False}) is Level.WRITE
    assert Level.highest("write", {}) is Level.WRITE
    assert Level.highest("docs-editor", {}) is None


def test_logins_are_the_same_in_any_case() -> None:
    """GitHub ignores case, and nobody is nobody."""
    assert same("Cory", "cory")
    assert not same("cory", None)
    assert not same(None, None)


async def test_each_call_says_who_and_which_version(hub: Wired) -> None:
    """Token, media type, version and agent go with each call, GraphQL's included."""
    seen: list[web.Request] = []

    async def look(request: web.Request) -> web.Response:
        seen.append(request)
        return web.json_response({"login": "PyconUK"})

    hub.answers = {"GET /orgs/PyconUK": look, "POST /graphql": look}
    await hub.client.organization()
    with pytest.raises(Rejected):
        await hub.client.graphql("query { viewer { login } }")
    for request in seen:
        assert request.headers["Authorization"] == "Bearer sandbox-token"
        assert request.headers["Accept"] == "application/vnd.github+json"
        assert request.headers["X-GitHub-Api-Version"] == "2026-03-10"
        assert request.headers["User-Agent"]
    assert len(seen) == 2


async def test_an_address_may_have_a_path(wire: Wire) -> None:
    """Behind a prefix everything works, reads by GraphQL and writes included."""
    github = await wire(prefix="/gh")
    assert (await github.reads.access()).precise
    await github.client.set_team_grant("core", SITE, Level.WRITE)
    assert await github.client.team_grant("core", SITE) is Level.WRITE
    assert all(call.split()[1].startswith("/gh/") for call in github.calls)


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "a b", "🎉", "a" * 101, "a?b", "a#b", "%2e%2e"])
async def test_what_cannot_be_a_name_is_never_sent(hub: Wired, name: str) -> None:
    """No path can be bent by a strange name."""
    with pytest.raises(Rejected, match="no name GitHub could know"):
        await hub.client.repository(name)
    assert await hub.reads.account(name) is None
    assert hub.calls == []


async def test_all_pages_are_read(wire: Wire) -> None:
    """Lists longer than a page come whole."""
    github = await wire(members=[f"member-{n}" for n in range(250)], teams=[])
    assert len(await github.client.members()) == 253
    assert [call.rpartition("/")[2] for call in github.calls] == ["members"] * 3


async def test_a_missing_scope_is_named(wire: Wire) -> None:
    """A classic token that lacks a scope is told which, though GitHub says 404."""
    github = await wire(token_scopes=["repo"])
    with pytest.raises(Denied, match=r"lacks the scope .*`admin:org`"):
        await github.client.membership("organiser-1")
    with pytest.raises(Denied, match=r"lacks the scope .*`admin:org`"):
        await github.client.set_membership("newcomer", "member")


async def test_a_wrong_token_is_denied(hub: Wired) -> None:
    """Bad credentials are said, with what to do."""
    hub.standin.world.token = "another"
    with pytest.raises(Denied, match=r"does not accept our token \(Bad credentials\)") as caught:
        await hub.client.organization()
    assert "infra check" in caught.value.hint


async def test_a_spent_allowance_is_a_wait(wire: Wire) -> None:
    """A 403 for too many calls is no missing right."""
    github = await wire(rate_limit=1)
    await github.client.organization()
    with pytest.raises(Unavailable, match="asks us to wait") as caught:
        await github.client.teams()
    assert caught.value.hint.startswith("Try again in")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"message": "Not Found"}, 404),
        ({"message": "no"}, 403),
        ({"message": "no"}, 501),
        ({"message": "trouble"}, 502),
        ({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}, 200),
        ({"data": {"organization": None}, "errors": [{"message": "Could not resolve"}]}, 200),
        ({"data": {"organization": {"teams": {}}}}, 200),
        ([], 200),
    ],
)
async def test_without_graphql_rest_answers_and_that_is_remembered(
    hub: Wired, content: Any, status: int
) -> None:
    """However GraphQL fails, REST gives the same answer; GraphQL is tried again after a while."""
    expected = (await hub.reads.access()).to(SITE)
    hub.client.memo.clear()
    hub.instead("POST /graphql", content, status)
    assert {(p.login, p.level) for p in (await hub.reads.access()).to(SITE)} == {
        (p.login, p.level) for p in expected
    }
    hub.client.memo.clear()
    hub.calls.clear()
    await hub.reads.access()
    assert "POST /graphql" not in hub.calls
    hub.client.memo.clear()
    hub.now += timedelta(minutes=11)
    await hub.reads.access()
    assert hub.calls.count("POST /graphql") == 1


async def test_a_grant_without_its_level_is_looked_up_in_the_list(hub: Wired) -> None:
    """A GitHub that answers 204 whatever is accepted gives the level elsewhere."""

    async def empty(_: web.Request) -> web.Response:
        return web.Response(status=204)

    hub.answers[f"GET /orgs/PyconUK/teams/core/repos/PyconUK/{SITE}"] = empty
    assert await hub.client.team_grant("core", SITE) is Level.READ


async def test_an_answer_that_does_not_fit_is_malformed(hub: Wired) -> None:
    """A member without a login is no member."""
    hub.instead("GET /orgs/PyconUK/members", [{"id": 1}])
    with pytest.raises(Malformed, match="login: Field required"):
        await hub.client.members()


async def test_a_token_may_not_say_whose_it_is(hub: Wired) -> None:
    """Who may not be asked for has no login."""
    assert await hub.client.me() == "pyconuk-infra"
    hub.instead("GET /user", {"message": "Resource not accessible by integration"}, 403)
    assert await hub.client.me() is None
