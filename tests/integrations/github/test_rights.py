"""The rights: each is used, none is missing; and an answer says which one our token lacks."""

import inspect
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest

from bot.core.errors import Rejected
from bot.http import Answer
from bot.http.budget import Budget
from integrations.github import Level
from integrations.github.client import GithubClient
from integrations.github.rights import TOKENS, covers, lack, lacking, needed, needless, scopes
from integrations.github.standin.pull import Branch, commit
from integrations.github.survey import direct_grant, survey
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import SITE, Wired

OURS = {each.name: each.level for each in needed(proposes=True)}
IMPLIED = {"read:org": "admin:org", "public_repo": "repo"}  # what a wider scope brings along

UNSENT = 404  # the number of an invitation that nobody sent
TEXTS = {".github/workflows/jekyll.yml": "on: workflow_dispatch"}
MAIN = commit(Branch(("README.md",), TEXTS))
WALK: Mapping[str, tuple[Any, ...]] = {
    "account": (),
    "generate": (SITE, "2027.pyconuk.org", False),
    "folder": (SITE,),
    "dispatch": (SITE, "jekyll.yml", "main", {}),
    "run": (SITE, "1"),
    "runs": (SITE, "main"),
    "text": (SITE, "README.md"),
    "file": (SITE, "README.md"),
    "head": (SITE, "main"),
    "add_branch": (SITE, "page", MAIN),
    "put_file": (SITE, "page", "page.rst", "Text", "Message", ""),
    "pulls": (SITE,),
    "add_pull": (SITE, {"title": "Page", "head": "page", "base": "main"}),
    "close_pull": (SITE, 1),
    "add_pages": (SITE, {"source": {"branch": "main", "path": "/"}}),
    "change_pages": (SITE, {"cname": SITE}),
    "pages": (SITE,),
    "remove_pages": (SITE,),
    "set_template": (SITE, False),
    "cancel_invitation": (UNSENT,),
    "cancel_repository_invitation": (SITE, UNSENT),
    "change_repository_invitation": (SITE, UNSENT, Level.WRITE),
    "collaborators": ("ironcage",),
    "failed_invitations": (),
    "graphql": ("query { rateLimit { cost } }",),
    "invitations": (),
    "me": (),
    "members": (),
    "membership": ("organiser-1",),
    "organization": (),
    "remove_collaborator": ("ironcage", "outsider"),
    "remove_membership": ("organiser-3",),
    "remove_team_grant": ("core", SITE),
    "remove_team_membership": ("core", "organiser-2"),
    "repositories": (),
    "repository": ("ironcage",),
    "repository_invitations": (SITE,),
    "scopes": (),
    "set_collaborator": (SITE, "newcomer", Level.WRITE),
    "set_membership": ("newcomer", "member"),
    "set_team_grant": ("core", SITE, Level.WRITE),
    "set_team_membership": ("core", "organiser-1", "member"),
    "team": ("core",),
    "team_grant": ("core", SITE),
    "team_invitations": ("core",),
    "team_members": ("core", "all"),
    "team_membership": ("core", "organiser-1"),
    "team_repositories": ("core",),
    "teams": (),
    "usage": (date(2026, 5, 1),),
    "user": ("organiser-1",),
}


async def walk(github: Wired) -> set[str]:
    """Ask GitHub everything the client can ask; return the rights that this needed there."""
    github.client.http._budget = Budget(5000, spacing=0)  # nobody else is disturbed
    await survey(github.client)
    await direct_grant(github.client, "ironcage", "organiser-2")
    github.standin.world.set_template(SITE)
    github.standin.world.repo(SITE).texts = TEXTS  # type: ignore[union-attr] # it is in the seed
    for name, given in WALK.items():
        absent = pytest.raises(Rejected, match="knows nothing") if UNSENT in given else nullcontext()
        with absent:
            await getattr(github.client, name)(*given)
    return github.standin.world.needed


def test_the_walk_leaves_nothing_out() -> None:
    """Each call of the client is in the walk, and no other."""
    calls = inspect.getmembers(GithubClient, inspect.iscoroutinefunction)
    assert sorted(WALK) == [name for name, _ in calls if not name.startswith("_")]


async def test_an_app_needs_each_permission_and_no_other(wire: Wire) -> None:
    """With exactly the listed permissions every call is let through; GitHub asked for each of them."""
    needed = await walk(await wire(permissions=OURS))
    highest: dict[str, str] = {}
    for name, _, level in (each.partition("=") for each in needed):
        highest[name] = level if covers(level, highest.get(name, "read")) else highest[name]
    assert highest == OURS


async def test_a_classic_token_needs_each_scope_and_no_other(wire: Wire) -> None:
    """With exactly the listed scopes every call is let through; GitHub asked for each of them."""
    needed = await walk(await wire(token_scopes=[*scopes()]))
    assert {IMPLIED.get(scope, scope) for scope in needed} == set(scopes())
    assert set(scopes()) <= needed


@pytest.mark.parametrize(
    ("status", "headers", "right"),
    [
        (403, {"X-Accepted-GitHub-Permissions": "members=write"}, "Organization: Members (write)"),
        (
            403,
            {"X-Accepted-GitHub-Permissions": "pages=read; contents=read"},
            "the permission `Repository: Pages (read)`",
        ),
        (404, {"X-Accepted-GitHub-Permissions": "members=write"}, None),
        (404, {"X-OAuth-Scopes": "repo", "X-Accepted-OAuth-Scopes": "admin:org"}, "the scope `admin:org`"),
        (404, {"X-OAuth-Scopes": "admin:org", "X-Accepted-OAuth-Scopes": "admin:org, read:org"}, None),
        (404, {"X-OAuth-Scopes": "", "X-Accepted-OAuth-Scopes": ""}, None),
        (404, {}, None),
        (403, {}, None),
    ],
)
def test_a_persons_token_is_told_what_it_lacks(
    status: int, headers: dict[str, str], right: str | None
) -> None:
    """A fine-grained token is told the permission, a classic one the scope; 404 alone says nothing."""
    found = lack(Answer(status, headers))
    assert found is None if right is None else found and right in found.right
    assert found is None or TOKENS in found.remedy


@pytest.mark.parametrize(
    ("status", "why", "held", "right"),
    [
        (403, "Resource not accessible by integration", {}, "Repository: Administration (write)"),
        (403, "Resource not accessible by integration", {"administration": "write"}, "Members (read)"),
        (403, "Resource not accessible by integration", OURS, "Administration (write)"),  # until a moment ago
        (403, "Repository was archived so is read-only.", OURS, None),
        (404, "Not Found", {"administration": "write"}, "Members (read)"),
        (404, "Not Found", OURS, None),
    ],
)
def test_an_app_is_told_what_it_lacks(status: int, why: str, held: dict[str, str], right: str | None) -> None:
    """What an App holds tells a missing permission from another reason, and from absence."""
    wanted = {"X-Accepted-GitHub-Permissions": "administration=write,members=read"}
    found = lack(Answer(status, wanted, {"message": why}), held)
    assert found is None if right is None else found and right in found.right
    assert found is None or "Permissions & events" in found.remedy


def test_permissions_are_compared_by_level() -> None:
    """Write brings read along; what is beyond our rights is named."""
    assert lacking(OURS, proposes=True) == []
    assert needless(OURS, proposes=True) == []
    assert needless(OURS, proposes=False) == ["contents (write)", "pull_requests (write)"]
    assert lacking({**OURS, "contents": "read"}, proposes=False) == []
    assert [each.words for each in lacking(OURS | {"members": "read"}, proposes=True)] == [
        "Organization: Members (write)"
    ]
    assert needless(OURS | {"metadata": "write", "issues": "read"}, proposes=True) == [
        "issues (read)",
        "metadata (write)",
    ]
