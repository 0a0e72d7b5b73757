"""The stand-in GitHub answers as the vendor documents."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from integrations.github.standin import ROUTES, StandIn

ORG = "/orgs/PyconUK"
SITE = "/repos/PyconUK/website"
CORE = ORG + "/teams/core"
OLD = "/repos/PyconUK/2015-site"
FIXTURES = Path(__file__).parents[4] / "shared" / "vendors" / "fixtures" / "github" / "openapi-examples"

SEED: dict[str, Any] = {
    "org": "PyconUK",
    "token": "ghp_example",
    "bot_login": "pyconuk-infra",
    "users": [
        {"login": "organiser-1", "name": "Organiser One", "id": 7001, "created_at": "2014-05-01"},
        {"login": "organiser-2", "two_factor": False},
        {"login": "newcomer", "created_at": "2014-05-01T10:00:00Z"},
        {"login": "stranger"},
        {"login": "another-org", "type": "Organization"},
    ],
    "owners": ["charlie", "cory"],
    "members": ["organiser-1", "organiser-2"],
    "repos": [
        {"name": "website", "pages": {"cname": "2026.pyconuk.org"}, "open_issues": 3},
        {"name": "voting"},
        {"name": "accounts", "private": True},
        {"name": "2015-site", "archived": True, "default_branch": "master"},
    ],
    "teams": [
        {"name": "core", "members": ["organiser-2"], "maintainers": ["cory"], "repos": {"website": "pull"}},
        {"name": "Core Web", "members": ["organiser-1"], "parent": "core", "repos": {"voting": "maintain"}},
    ],
    "collaborators": {"voting": {"stranger": "push"}},
    "blocked": ["blocker"],
}


@dataclass
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]


class GitHub:
    """A running stand-in, with a clock to move and a plain client."""

    def __init__(self, seed: Mapping[str, Any]) -> None:
        self.now = datetime(2026, 6, 15, 8, tzinfo=UTC)
        self.standin = StandIn(seed, lambda: self.now)
        self.server = TestServer(self.standin.app)
        self.session = aiohttp.ClientSession()

    async def call(self, method: str, path: str, body: object = None, **headers: str | None) -> Reply:
        """Send one request as the bot would; a header given as None is left out."""
        defaults: dict[str, str | None] = {
            "Authorization": "Bearer ghp_example",
            "User-Agent": "infra",
            "X-GitHub-Api-Version": "2026-03-10",
        }
        wanted = defaults | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in wanted.items() if value is not None}
        url = path if path.startswith("http") else str(self.server.make_url("/")).rstrip("/") + path
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        async with self.session.request(
            method, url, data=data, headers=sent, allow_redirects=False, skip_auto_headers=["User-Agent"]
        ) as answer:
            content = await answer.read()
            return Reply(answer.status, json.loads(content) if content else None, answer.headers)

    async def get(self, path: str, **headers: str | None) -> Reply:
        """Read."""
        return await self.call("GET", path, **headers)

    async def put(self, path: str, **body: Any) -> Reply:
        """Write."""
        return await self.call("PUT", path, body)

    async def query(self, text: str, **variables: Any) -> Any:
        """Ask by GraphQL and return the body."""
        answer = await self.call("POST", "/graphql", {"query": text, "variables": variables})
        assert answer.status == 200
        return answer.body

    async def logins(self, path: str) -> set[str]:
        """Return the logins of a list."""
        return {each["login"] for each in (await self.get(path)).body}


Start = Callable[..., Awaitable[GitHub]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start stand-ins from the seed with changes, and stop them at the end."""
    running: list[GitHub] = []

    async def begin(**changes: Any) -> GitHub:
        github = GitHub(SEED | changes)
        running.append(github)
        await github.server.start_server()
        return github

    yield begin
    for github in running:
        await github.session.close()
        await github.server.close()


@pytest.fixture
async def github(start: Start) -> GitHub:
    """A stand-in started from the seed."""
    return await start()


class TestAuthentication:
    async def test_wrong_token_is_refused_as_documented(self, github: GitHub) -> None:
        """A wrong token gets 401 ``Bad credentials`` with the documented body."""
        answer = await github.get("/user", Authorization="Bearer wrong")
        assert answer.status == 401
        assert answer.body == {
            "message": "Bad credentials",
            "documentation_url": "https://docs.github.com/rest",
            "status": "401",
        }

    async def test_no_token_reads_what_is_public(self, github: GitHub) -> None:
        """Without a token the public part can be read, at 60 calls an hour, and nothing written."""
        assert (await github.get(SITE, Authorization=None)).headers["X-RateLimit-Limit"] == "60"
        assert "plan" not in (await github.get(ORG, Authorization=None)).body
        assert (await github.get(ORG + "/members", Authorization=None)).body == []
        for method, path in (
            ("GET", "/user"),
            ("GET", ORG + "/teams"),
            ("PUT", SITE + "/collaborators/stranger"),
        ):
            assert (await github.call(method, path, Authorization=None)).status == 401

    async def test_user_agent_is_demanded(self, github: GitHub) -> None:
        """A request without a User-Agent is refused with 403."""
        assert (await github.get("/user", User_Agent=None)).status == 403

    async def test_versions_are_checked(self, github: GitHub) -> None:
        """The two offered versions work, a retired one is 410, an unknown one 400."""
        offered = (await github.get("/versions")).body
        assert offered == ["2022-11-28", "2026-03-10"]
        statuses = [
            (await github.get("/user", X_GitHub_Api_Version=version)).status
            for version in (None, *offered, "2021-01-01", "2031-01-01")
        ]
        assert statuses == [200, 200, 200, 410, 400]

    async def test_answers_say_whose_token_and_which_scopes(self, github: GitHub) -> None:
        """``/user`` names the account; headers name held and accepted scopes, limits and the request."""
        answer = await github.get("/user")
        assert answer.body["login"] == "pyconuk-infra"
        assert answer.headers["X-OAuth-Scopes"] == "admin:org, repo"
        accepted = (await github.get(ORG + "/teams")).headers["X-Accepted-OAuth-Scopes"]
        assert accepted == "admin:org, write:org, read:org"
        assert answer.headers["X-GitHub-Request-Id"]
        assert answer.headers["Date"] == "Mon, 15 Jun 2026 08:00:00 GMT"

    async def test_missing_scope_refuses_writes_and_hides_reads(self, start: Start) -> None:
        """A token without ``admin:org`` cannot write (403) and does not see the private part."""
        github = await start(token_scopes=["read:org", "repo"])
        assert (await github.put(CORE + "/memberships/organiser-1")).status == 403
        assert (await github.get(ORG + "/invitations")).status == 404
        assert "plan" not in (await github.get(ORG)).body
        assert (await github.get(CORE)).status == 200

    async def test_token_of_a_former_owner_cannot_write(self, github: GitHub) -> None:
        """When the bot's account lost the role of owner, its writes are refused."""
        github.standin.world.set_owner("pyconuk-infra", owner=False)
        assert (await github.put(ORG + "/memberships/stranger")).status == 403
        assert (await github.put(SITE + "/collaborators/stranger")).status == 403

    async def test_bad_json_is_400(self, github: GitHub) -> None:
        """A body that is no JSON object is refused with 400."""
        path = ORG + "/memberships/stranger"
        assert (await github.call("PUT", path, b"{")).body["message"] == "Problems parsing JSON"
        assert (await github.call("PUT", path, b"[]")).status == 400

    async def test_root_lists_addresses(self, github: GitHub) -> None:
        """The root names the addresses a client may start from."""
        assert (await github.get("/")).body["current_user_url"].endswith("/user")

    async def test_unknown_addresses_are_404(self, github: GitHub) -> None:
        """Unknown routes, methods, organisations, teams and repositories answer ``Not Found``."""
        for path in (
            "/nothing",
            "/orgs/other/teams",
            ORG + "/teams/none",
            "/repos/PyconUK/none",
            "/repos/other/website",
        ):
            answer = await github.get(path)
            assert (answer.status, answer.body["message"]) == (404, "Not Found")
        assert (await github.call("DELETE", SITE)).status == 404


class TestLimitsAndPages:
    async def test_calls_are_counted(self, github: GitHub) -> None:
        """Each call costs one, ``/rate_limit`` nothing, and the hour ends."""
        first = (await github.get("/user")).headers
        assert (first["X-RateLimit-Remaining"], first["X-RateLimit-Used"]) == ("4999", "1")
        figures = (await github.get("/rate_limit")).body["resources"]
        assert figures["core"] == {
            "limit": 5000,
            "used": 1,
            "remaining": 4999,
            "reset": int(datetime(2026, 6, 15, 9, tzinfo=UTC).timestamp()),
            "resource": "core",
        }
        github.now += timedelta(hours=1)
        assert (await github.get("/rate_limit")).body["resources"]["core"]["used"] == 0

    async def test_allowance_ends_with_403(self, start: Start) -> None:
        """Over the allowance: 403, remaining 0, and a reset time."""
        github = await start(rate_limit=1)
        await github.get("/user")
        answer = await github.get("/user")
        assert (answer.status, answer.headers["X-RateLimit-Remaining"]) == (403, "0")
        assert "rate limit exceeded" in answer.body["message"]
        assert (await github.query("{ viewer { login } }"))["data"]["viewer"]
        assert (await github.query("{ viewer { login } }"))["errors"][0]["type"] == "RATE_LIMITED"

    async def test_unchanged_answers_are_free(self, github: GitHub) -> None:
        """The ETag given back gets 304 without a body or a cost, until something changed."""
        first = await github.get(CORE + "/members")
        again = await github.get(CORE + "/members", If_None_Match=first.headers["ETag"])
        assert (again.status, again.body) == (304, None)
        assert again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]
        github.standin.world.set_team_member("core", "charlie")
        assert (await github.get(CORE + "/members", If_None_Match=first.headers["ETag"])).status == 200

    async def test_next_links_lead_through_all_pages(self, github: GitHub) -> None:
        """Following ``next`` as given, under numbered addresses, shows each item once."""
        url, seen, pages = ORG + "/members?per_page=2&filter=all", [], 0
        while url:
            answer = await github.get(url)
            seen += [each["login"] for each in answer.body]
            parts = [part.split("; ") for part in answer.headers.get("Link", "").split(", ")]
            url = next((part[0].strip("<>") for part in parts if part[-1] == 'rel="next"'), "")
            pages += 1
            assert not url or "/organizations/" in url
        assert (sorted(seen), pages) == (
            ["charlie", "cory", "organiser-1", "organiser-2", "pyconuk-infra"],
            3,
        )

    async def test_team_and_repository_lists_page_too(self, github: GitHub) -> None:
        """Links of team lists name the team by number, those of repository lists the repository."""
        for path, twin in ((CORE + "/members", "/team/"), (SITE + "/collaborators", "/repositories/")):
            link = (await github.get(path + "?per_page=1")).headers["Link"]
            address = link.split(">")[0].strip("<")
            assert twin in address
            assert len((await github.get(address)).body) == 1

    async def test_page_size_is_at_most_100(self, start: Start) -> None:
        """More than 100 items are never given at once, and 30 when nothing is said."""
        github = await start(members=[f"helper-{number}" for number in range(120)])
        assert len((await github.get(ORG + "/members?per_page=500")).body) == 100
        assert len((await github.get(ORG + "/members")).body) == 30


class TestOrganisation:
    async def test_members_by_role_and_two_factor(self, github: GitHub) -> None:
        """Lists filter by role and by missing two-factor; owners are role ``admin``."""
        assert await github.logins(ORG + "/members?role=admin") == {"charlie", "cory", "pyconuk-infra"}
        assert await github.logins(ORG + "/members?filter=2fa_disabled") == {"organiser-2"}
        assert (await github.get(ORG + "/members/organiser-1")).status == 204
        assert (await github.get(ORG + "/members/stranger")).status == 404
        assert (await github.get(ORG + "/members?role=boss")).status == 422

    async def test_accounts_are_found_whatever_their_case(self, github: GitHub) -> None:
        """A login in other letters finds the account in its own spelling; unknown ones are 404."""
        body = (await github.get("/users/ORGANISER-1")).body
        assert (body["login"], body["id"], body["created_at"]) == (
            "organiser-1",
            7001,
            "2014-05-01T00:00:00Z",
        )
        assert (await github.get("/users/nobody")).status == 404
        assert (await github.get("/users/pyconuk")).body["type"] == "Organization"

    async def test_inviting_waits_until_accepted(self, github: GitHub) -> None:
        """PUT membership of a stranger is pending, listed, and active once accepted."""
        path = ORG + "/memberships/newcomer"
        assert (await github.get(path)).status == 404
        body = (await github.put(path, role="member")).body
        assert (body["state"], body["role"]) == ("pending", "member")
        assert [each["login"] for each in (await github.get(ORG + "/invitations")).body] == ["newcomer"]
        assert (await github.get(ORG + "/members/newcomer")).status == 404
        github.standin.accept("newcomer")
        assert (await github.get(path)).body["state"] == "active"
        assert (await github.get(ORG + "/invitations")).body == []

    async def test_invitations_expire_after_seven_days(self, github: GitHub) -> None:
        """An invitation nobody accepted moves to the failed ones, as does a declined one."""
        await github.put(ORG + "/memberships/newcomer")
        await github.put(ORG + "/memberships/stranger")
        github.standin.decline("stranger")
        github.now += timedelta(days=7)
        assert (await github.get(ORG + "/invitations")).body == []
        failed = {each["login"]: each for each in (await github.get(ORG + "/failed_invitations")).body}
        assert failed["newcomer"]["failed_at"] == "2026-06-22T08:00:00Z"
        assert "declined" in failed["stranger"]["failed_reason"]
        with pytest.raises(LookupError):
            github.standin.accept("newcomer")

    async def test_invitation_by_number_with_teams(self, github: GitHub) -> None:
        """POST invitations takes a number and teams; repeating it is refused; it can be cancelled."""
        team = (await github.get(CORE)).body["id"]
        number = (await github.get("/users/newcomer")).body["id"]
        body = {"invitee_id": number, "team_ids": [team]}
        made = await github.call("POST", ORG + "/invitations", body)
        assert (made.status, made.body["login"], made.body["team_count"]) == (201, "newcomer", 1)
        assert (await github.call("POST", ORG + "/invitations", body)).status == 422
        path = f"{ORG}/invitations/{made.body['id']}"
        assert [each["slug"] for each in (await github.get(path + "/teams")).body] == ["core"]
        assert (await github.call("DELETE", path)).status == 204
        assert (await github.call("DELETE", path)).status == 404

    async def test_invitation_by_mail_has_no_login(self, github: GitHub) -> None:
        """An invitation by e-mail has a null login; one to nobody, or with a strange role, is refused."""
        made = await github.call("POST", ORG + "/invitations", {"email": "new@example.org"})
        assert (made.body["login"], made.body["email"]) == (None, "new@example.org")
        mail = {"email": "a@example.org"}
        for body in (
            {},
            mail | {"role": "boss"},
            mail | {"team_ids": [1]},
            {"invitee_id": 1},
            {"invitee_id": 7001},
        ):
            assert (await github.call("POST", ORG + "/invitations", body)).status == 422

    async def test_validation_errors_have_the_documented_shape(self, github: GitHub) -> None:
        """A wrong word is 422 with resource, field and code."""
        answer = await github.put(ORG + "/memberships/newcomer", role="boss")
        assert answer.status == 422
        assert answer.body["message"] == "Validation Failed"
        assert answer.body["errors"] == [
            {"resource": "Membership", "code": "invalid", "field": "role", "value": "boss"}
        ]

    async def test_only_so_many_invitations_a_day(self, start: Start) -> None:
        """After the daily number inviting is 422, also for repeats, until a day has passed."""
        github = await start(invitations_per_day=2)
        path = ORG + "/memberships/newcomer"
        assert [(await github.put(path)).status for _ in range(3)] == [200, 200, 422]
        github.now += timedelta(days=1)
        assert (await github.put(ORG + "/memberships/stranger")).status == 200

    async def test_people_who_blocked_the_organisation_cannot_be_invited(self, github: GitHub) -> None:
        """Someone who blocked the organisation, and an organisation, are refused with 422."""
        for login in ("blocker", "another-org"):
            for path in (ORG, CORE):
                assert (await github.put(f"{path}/memberships/{login}")).status == 422
            assert (await github.put(f"{SITE}/collaborators/{login}")).status == 422

    async def test_last_owner_stays(self, github: GitHub) -> None:
        """The last owner can neither be demoted nor removed."""
        for login in ("charlie", "cory"):
            assert (await github.put(f"{ORG}/memberships/{login}", role="member")).body["role"] == "member"
        path = ORG + "/memberships/pyconuk-infra"
        assert (await github.put(path, role="member")).status == 403
        assert (await github.call("DELETE", path)).status == 403
        assert (await github.call("DELETE", ORG + "/members/pyconuk-infra")).status == 403

    async def test_removing_a_member_takes_all_access(self, github: GitHub) -> None:
        """A removed member leaves the teams as well; removing again is 404."""
        assert (await github.call("DELETE", ORG + "/members/organiser-2")).status == 204
        assert await github.logins(CORE + "/members") == {"cory", "organiser-1"}
        assert (await github.call("DELETE", ORG + "/members/organiser-2")).status == 404

    async def test_deleting_a_waiting_membership_cancels_it(self, github: GitHub) -> None:
        """DELETE membership cancels an invitation, removes a member, and is 404 for strangers."""
        await github.put(ORG + "/memberships/newcomer")
        statuses = [
            (await github.call("DELETE", f"{ORG}/memberships/{login}")).status
            for login in ("newcomer", "newcomer", "organiser-1")
        ]
        assert statuses == [204, 404, 204]

    async def test_outside_collaborators(self, github: GitHub) -> None:
        """Outsiders are listed and removed from all repositories; members are refused."""
        path = ORG + "/outside_collaborators"
        assert await github.logins(path) == {"stranger"}
        assert (await github.call("DELETE", path + "/organiser-1")).status == 422
        assert (await github.call("DELETE", path + "/stranger")).status == 204
        assert await github.logins(path) == set()

    async def test_private_part_is_for_owners(self, github: GitHub) -> None:
        """An owner's token sees base permission, plan and seats."""
        body = (await github.get(ORG)).body
        assert (body["default_repository_permission"], body["plan"]["name"]) == ("read", "free")
        assert body["plan"]["filled_seats"] == 5


class TestTeams:
    async def test_members_include_child_teams(self, github: GitHub) -> None:
        """A team lists members of its child teams, and owners as maintainers."""
        people = {
            each["login"]: (each["role"], each["inherited"])
            for each in (await github.get(CORE + "/members")).body
        }
        assert people == {
            "cory": ("maintainer", False),
            "organiser-1": ("member", True),
            "organiser-2": ("member", False),
        }
        assert await github.logins(CORE + "/members?role=maintainer") == {"cory"}
        assert [each["slug"] for each in (await github.get(ORG + "/teams")).body] == ["core", "core-web"]
        assert (await github.get(ORG + "/teams/core-web")).body["parent"]["slug"] == "core"

    async def test_member_joins_at_once(self, github: GitHub) -> None:
        """A member of the organisation is active at once, and stays a member when taken out again."""
        path = CORE + "/memberships/organiser-1"
        assert (await github.put(path, role="member")).body["state"] == "active"
        assert (await github.call("DELETE", path)).status == 204
        assert (await github.call("DELETE", path)).status == 404
        assert (await github.get(ORG + "/members/organiser-1")).status == 204

    async def test_stranger_is_invited_into_organisation_and_team(self, github: GitHub) -> None:
        """A stranger put into a team is pending in both until they accept."""
        path = CORE + "/memberships/newcomer"
        assert (await github.put(path)).body["state"] == "pending"
        assert (await github.get(path)).body["state"] == "pending"
        assert (await github.get(ORG + "/memberships/newcomer")).body["state"] == "pending"
        assert await github.logins(CORE + "/invitations") == {"newcomer"}
        assert "newcomer" not in await github.logins(CORE + "/members")
        github.standin.accept("newcomer")
        body = (await github.get(path)).body
        assert (body["role"], body["state"]) == ("member", "active")
        assert "newcomer" in await github.logins(CORE + "/members")

    async def test_waiting_place_in_a_team_can_be_dropped(self, github: GitHub) -> None:
        """Dropping a pending team membership leaves the invitation into the organisation."""
        await github.put(CORE + "/memberships/newcomer")
        assert (await github.call("DELETE", CORE + "/memberships/newcomer")).status == 204
        assert (await github.get(CORE + "/memberships/newcomer")).status == 404
        assert (await github.get(ORG + "/memberships/newcomer")).body["state"] == "pending"

    async def test_grant_is_read_with_both_accept_headers(self, github: GitHub) -> None:
        """One grant reads as 204, or as the repository with role and permissions; 404 without one."""
        path = CORE + "/repos/PyconUK/website"
        full = "application/vnd.github.v3.repository+json"
        assert (await github.get(path)).status == 204
        body = (await github.get(path, Accept=full)).body
        assert (body["full_name"], body["role_name"]) == ("PyconUK/website", "read")
        assert body["permissions"] == {
            "admin": False,
            "maintain": False,
            "push": False,
            "triage": False,
            "pull": True,
        }
        assert (await github.get(CORE + "/repos/PyconUK/voting")).status == 404

    async def test_grant_is_changed_and_dropped(self, github: GitHub) -> None:
        """PUT sets the level, or the team's default without a body; DELETE leaves the repository."""
        path = CORE + "/repos/PyconUK/voting"
        assert (await github.call("PUT", path)).status == 204
        assert await self.roles(github, "core") == {"website": "read", "voting": "read"}
        assert (await github.put(path, permission="push")).status == 204
        assert await self.roles(github, "core") == {"website": "read", "voting": "write"}
        assert (await github.call("DELETE", path)).status == 204
        assert await self.roles(github, "core") == {"website": "read"}
        assert (await github.get("/repos/PyconUK/voting")).status == 200

    async def roles(self, github: GitHub, team: str) -> dict[str, str]:
        """Return roles by repository."""
        listed = (await github.get(f"{ORG}/teams/{team}/repos")).body
        return {each["name"]: each["role_name"] for each in listed}

    async def test_child_teams_inherit_grants(self, github: GitHub) -> None:
        """A child team has the repositories of its parent."""
        assert await self.roles(github, "core-web") == {"website": "read", "voting": "maintain"}

    async def test_wrong_grants_are_refused(self, github: GitHub) -> None:
        """Another owner's repository and an unknown level are 422, an archived repository 403."""
        for repo, permission, status in (
            ("other/website", "push", 422),
            ("PyconUK/website", "write", 422),
            ("PyconUK/2015-site", "push", 403),
            ("PyconUK/none", "push", 404),
        ):
            assert (await github.put(f"{CORE}/repos/{repo}", permission=permission)).status == status

    async def test_team_is_made_once(self, github: GitHub) -> None:
        """POST makes a team with the caller as maintainer; the name can be used once."""
        body = {
            "name": "pydata",
            "maintainers": ["cory"],
            "repo_names": ["PyconUK/voting"],
            "privacy": "closed",
        }
        made = await github.call("POST", ORG + "/teams", body)
        assert (made.status, made.body["slug"], made.body["repos_count"]) == (201, "pydata", 1)
        assert await github.logins(ORG + "/teams/pydata/members") == {"cory", "pyconuk-infra"}
        again = await github.call("POST", ORG + "/teams", body)
        assert (again.status, again.body["errors"][0]["code"]) == (422, "already_exists")
        for wrong in (
            {},
            {"name": "x", "maintainers": ["stranger"]},
            {"name": "x", "repo_names": ["PyconUK/none"]},
            {"name": "x", "parent_team_id": 1},
        ):
            assert (await github.call("POST", ORG + "/teams", wrong)).status == 422


class TestRepositories:
    async def test_list_and_single(self, github: GitHub) -> None:
        """Repositories are listed by name, filtered by type, and read one by one."""
        names = [each["name"] for each in (await github.get(ORG + "/repos")).body]
        assert names == ["2015-site", "accounts", "voting", "website"]
        private = (await github.get(ORG + "/repos?type=private")).body
        assert [each["visibility"] for each in private] == ["private"]
        body = (await github.get(SITE)).body
        assert (body["open_issues_count"], body["has_pages"], body["archived"]) == (3, True, False)
        assert body["permissions"]["admin"] is True

    async def test_private_repositories_are_hidden_without_the_scope(self, start: Start) -> None:
        """Without ``repo`` a private repository is 404 and missing from the list."""
        github = await start(token_scopes=["admin:org", "public_repo"])
        assert (await github.get("/repos/PyconUK/accounts")).status == 404
        assert "accounts" not in [each["name"] for each in (await github.get(ORG + "/repos")).body]

    async def test_old_name_redirects(self, github: GitHub) -> None:
        """A renamed repository answers its old name with 301 to its number, writes with 307."""
        github.standin.world.rename_repo("website", "2026.pyconuk.org")
        answer = await github.get(SITE)
        assert (answer.status, answer.body["message"]) == (301, "Moved Permanently")
        assert (await github.get(answer.headers["Location"])).body["name"] == "2026.pyconuk.org"
        answer = await github.put(SITE + "/collaborators/organiser-1", permission="push")
        assert answer.status == 307
        assert (await github.put(answer.headers["Location"], permission="push")).status == 204

    async def test_collaborators_show_the_highest_role(self, github: GitHub) -> None:
        """Each has the highest role from owner, base, team or own grant; affiliation narrows the list."""
        listed = (await github.get("/repos/PyconUK/voting/collaborators")).body
        roles = {each["login"]: each["role_name"] for each in listed}
        assert roles == {
            "charlie": "admin",
            "cory": "admin",
            "pyconuk-infra": "admin",
            "organiser-1": "maintain",
            "organiser-2": "read",
            "stranger": "write",
        }
        assert await github.logins("/repos/PyconUK/voting/collaborators?affiliation=direct") == {"stranger"}
        assert await github.logins("/repos/PyconUK/voting/collaborators?affiliation=outside") == {"stranger"}
        assert await github.logins("/repos/PyconUK/voting/collaborators?permission=maintain") == {
            "organiser-1"
        }
        assert (await github.get(SITE + "/collaborators?affiliation=none")).status == 422

    async def test_base_permission_none_leaves_members_out(self, start: Start) -> None:
        """With base permission none, members without a team or grant of their own have nothing."""
        github = await start(default_repository_permission="none")
        assert await github.logins(SITE + "/collaborators?permission=pull") == {"organiser-1", "organiser-2"}
        assert (await github.get("/repos/PyconUK/voting/collaborators/organiser-2")).status == 404

    async def test_legacy_permission_is_coarse(self, github: GitHub) -> None:
        """The legacy word hides maintain behind write; anybody may read what is public."""
        path = "/repos/PyconUK/voting/collaborators/{}/permission"
        body = (await github.get(path.format("organiser-1"))).body
        assert (body["permission"], body["role_name"]) == ("write", "maintain")
        assert (await github.get(path.format("newcomer"))).body["permission"] == "read"
        private = (await github.get("/repos/PyconUK/accounts/collaborators/newcomer/permission")).body
        assert private["permission"] == "none"
        assert (await github.get(path.format("nobody"))).status == 404

    async def test_member_gets_a_grant_without_invitation(self, github: GitHub) -> None:
        """PUT of a member is 204 and holds at once; DELETE takes it away, also when it is gone."""
        path = SITE + "/collaborators/organiser-1"
        assert (await github.put(path, permission="push")).status == 204
        assert (await github.get(path + "/permission")).body["role_name"] == "write"
        assert [(await github.call("DELETE", path)).status for _ in range(2)] == [204, 204]
        assert (await github.get(path + "/permission")).body["role_name"] == "read"

    async def test_outsider_is_invited(self, github: GitHub) -> None:
        """PUT of an outsider is 201 with the invitation, and nothing holds until it is accepted."""
        path = SITE + "/collaborators/newcomer"
        made = await github.put(path)
        assert (made.status, made.body["permissions"], made.body["expired"]) == (201, "write", False)
        assert (await github.get(path)).status == 404
        assert [each["invitee"]["login"] for each in (await github.get(SITE + "/invitations")).body] == [
            "newcomer"
        ]
        again = await github.put(path, permission="admin")
        assert (again.status, again.body["id"], again.body["permissions"]) == (201, made.body["id"], "admin")
        github.standin.accept("newcomer")
        assert (await github.get(path)).status == 204
        assert (await github.put(path, permission="pull")).status == 204
        assert (await github.get(SITE + "/invitations")).body == []

    async def test_repository_invitation_is_changed_and_cancelled(self, github: GitHub) -> None:
        """PATCH changes the level (the same one is 422), DELETE collaborator leaves it, DELETE cancels it."""
        made = (await github.put(SITE + "/collaborators/newcomer")).body
        path = f"{SITE}/invitations/{made['id']}"
        assert (await github.call("PATCH", path, {"permissions": "write"})).status == 422
        assert (await github.call("PATCH", path, {"permissions": "admin"})).body["permissions"] == "admin"
        assert (await github.call("DELETE", SITE + "/collaborators/newcomer")).status == 204
        assert len((await github.get(SITE + "/invitations")).body) == 1
        assert [(await github.call("DELETE", path)).status for _ in range(2)] == [204, 404]

    async def test_expired_repository_invitation_is_shown_and_replaced(self, github: GitHub) -> None:
        """After seven days the invitation says so, cannot be accepted, and a new PUT makes a new one."""
        made = (await github.put(SITE + "/collaborators/newcomer")).body
        github.now += timedelta(days=7)
        assert (await github.get(SITE + "/invitations")).body[0]["expired"] is True
        with pytest.raises(LookupError):
            github.standin.accept("newcomer")
        assert (await github.put(SITE + "/collaborators/newcomer")).body["id"] != made["id"]
        assert len((await github.get(SITE + "/invitations")).body) == 1

    async def test_grant_below_the_base_is_refused(self, start: Start) -> None:
        """A member cannot be given less than each member has."""
        github = await start(default_repository_permission="write")
        answer = await github.put(SITE + "/collaborators/organiser-1", permission="pull")
        assert answer.status == 422
        assert answer.body["errors"][0]["message"] == "Cannot assign organiser-1 permission of read"

    async def test_archived_repository_is_read_only(self, github: GitHub) -> None:
        """Writes on an archived repository are 403, reads work."""
        for method in ("PUT", "DELETE"):
            answer = await github.call(method, OLD + "/collaborators/organiser-1")
            assert (answer.status, answer.body["message"]) == (
                403,
                "Repository was archived so is read-only.",
            )
        assert (await github.get(OLD + "/collaborators")).status == 200

    async def test_teams_of_a_repository(self, github: GitHub) -> None:
        """Teams on a repository carry their grant, not the team's legacy default."""
        listed = (await github.get("/repos/PyconUK/voting/teams")).body
        assert [(each["slug"], each["permission"], each["access_source"]) for each in listed] == [
            ("core-web", "maintain", "direct")
        ]

    async def test_pages(self, github: GitHub) -> None:
        """A site shows its domain; a repository without one is 404."""
        body = (await github.get(SITE + "/pages")).body
        assert (body["cname"], body["status"]) == ("2026.pyconuk.org", "built")
        assert (await github.get("/repos/PyconUK/voting/pages")).status == 404


ACCESS = """
query OrgAccess($org: String!, $teamAfter: String, $repoAfter: String) {
  organization(login: $org) {
    membersWithRole(first: 100) { totalCount pageInfo { hasNextPage endCursor }
      edges { role hasTwoFactorEnabled node { login databaseId name } } }
    pendingMembers(first: 50) { totalCount nodes { login } }
    teams(first: 50, after: $teamAfter) { totalCount pageInfo { hasNextPage endCursor }
      nodes { slug name privacy databaseId parentTeam { slug }
        members(first: 100, membership: IMMEDIATE) { totalCount pageInfo { hasNextPage endCursor }
          edges { role node { login } } }
        invitations(first: 20) { nodes { invitee { login } email role } }
        repositories(first: 100) { totalCount pageInfo { hasNextPage endCursor }
          edges { permission node { nameWithOwner } } } } }
    repositories(first: 50, after: $repoAfter, orderBy: {field: NAME, direction: ASC}) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { databaseId name visibility isArchived isTemplate isEmpty pushedAt defaultBranchRef { name }
        collaborators(first: 50, affiliation: DIRECT) { totalCount pageInfo { hasNextPage endCursor }
          edges { permission node { login }
            permissionSources { permission source { __typename
              ... on Team { slug } ... on Repository { name } ... on Organization { login } } } } } } }
  }
  rateLimit { cost remaining resetAt nodeCount }
}
"""


class TestGraphQL:
    async def test_whole_organisation_in_one_query(self, github: GitHub) -> None:
        """Members, teams, grants and the source of each permission come in one answer."""
        github.standin.world.set_collaborator("voting", "organiser-1", "push")
        await github.put(CORE + "/memberships/newcomer")
        body = await github.query(ACCESS, org="PyconUK")
        assert "errors" not in body
        org = body["data"]["organization"]
        roles = {edge["node"]["login"]: edge["role"] for edge in org["membersWithRole"]["edges"]}
        assert (roles["cory"], roles["organiser-1"]) == ("ADMIN", "MEMBER")
        assert org["pendingMembers"] == {"totalCount": 1, "nodes": [{"login": "newcomer"}]}
        core, web = org["teams"]["nodes"]
        assert {edge["node"]["login"] for edge in core["members"]["edges"]} == {"cory", "organiser-2"}
        assert core["invitations"]["nodes"][0] == {
            "invitee": {"login": "newcomer"},
            "email": None,
            "role": "DIRECT_MEMBER",
        }
        assert (core["privacy"], web["parentTeam"]) == ("VISIBLE", {"slug": "core"})
        voting = next(repo for repo in org["repositories"]["nodes"] if repo["name"] == "voting")
        access = {edge["node"]["login"]: edge for edge in voting["collaborators"]["edges"]}
        assert access.keys() == {"organiser-1", "stranger"}
        assert access["organiser-1"]["permission"] == "MAINTAIN"
        assert access["organiser-1"]["permissionSources"] == [
            {"permission": "READ", "source": {"__typename": "Organization", "login": "PyconUK"}},
            {"permission": "WRITE", "source": {"__typename": "Team", "slug": "core-web"}},
            {"permission": "WRITE", "source": {"__typename": "Repository", "name": "voting"}},
        ]
        assert body["data"]["rateLimit"] == {
            "cost": 2,
            "remaining": 4998,
            "resetAt": "2026-06-15T09:00:00Z",
            "nodeCount": 13750,
        }

    async def test_cursors_lead_through_all_pages(self, github: GitHub) -> None:
        """Asking after each endCursor shows each repository once; before and last lead back."""
        text = """query($after: String) { organization(login: "pyconuk") {
            repositories(first: 3, after: $after, orderBy: {field: NAME, direction: DESC}) {
            nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
        first = (await github.query(text))["data"]["organization"]["repositories"]
        assert first["pageInfo"]["hasNextPage"] is True
        second = (await github.query(text, after=first["pageInfo"]["endCursor"]))["data"]["organization"]
        names = [each["name"] for each in first["nodes"] + second["repositories"]["nodes"]]
        assert names == ["website", "voting", "accounts", "2015-site"]
        assert second["repositories"]["pageInfo"] == {
            "hasNextPage": False,
            "hasPreviousPage": True,
            "endCursor": second["repositories"]["pageInfo"]["endCursor"],
        }
        back = await github.query(
            '{ organization(login: "PyconUK") { teams(last: 1) { edges { cursor node { slug } } } } }'
        )
        edge = back["data"]["organization"]["teams"]["edges"][0]
        assert edge["node"] == {"slug": "core-web"}
        text = '{ organization(login: "PyconUK") { teams(last: 5, before: "%s") { nodes { slug } } } }'
        before = (await github.query(text % edge["cursor"]))["data"]["organization"]["teams"]
        assert before == {"nodes": [{"slug": "core"}]}

    async def test_aliases_fragments_and_single_objects(self, github: GitHub) -> None:
        """Aliases, named and inline fragments, and look-ups of one object work as in any GraphQL."""
        body = await github.query(
            """
            query One($login: String = "organiser-1") {
              me: viewer { ...Who }
              user(login: $login) { ...Who ... { createdAt } }
              repository(owner: "PyconUK", name: "WEBSITE") { nameWithOwner homepageUrl }
              organization(login: "PyconUK") { viewerCanAdminister
                team(slug: "core") { __typename name }
                none: team(slug: "none") { name }
                repository(name: "voting") {
                  collaborators(first: 5, affiliation: OUTSIDE) { nodes { login } } } }
            }
            fragment Who on User { login databaseId }
            """
        )
        assert "errors" not in body
        data = body["data"]
        assert data["me"]["login"] == "pyconuk-infra"
        assert data["user"] == {
            "login": "organiser-1",
            "databaseId": 7001,
            "createdAt": "2014-05-01T00:00:00Z",
        }
        assert data["repository"] == {"nameWithOwner": "PyconUK/website", "homepageUrl": None}
        assert data["organization"]["team"] == {"__typename": "Team", "name": "core"}
        assert data["organization"]["none"] is None
        assert data["organization"]["repository"]["collaborators"]["nodes"] == [{"login": "stranger"}]

    async def test_what_does_not_exist_is_null_with_an_error(self, github: GitHub) -> None:
        """An unknown organisation is null beside a NOT_FOUND error; the rest is answered."""
        body = await github.query('{ organization(login: "other") { name } viewer { login } }')
        assert body["data"] == {"organization": None, "viewer": {"login": "pyconuk-infra"}}
        assert (body["errors"][0]["type"], body["errors"][0]["path"]) == ("NOT_FOUND", ["organization"])
        for asked in ('user(login: "nobody") { login }', 'repository(owner: "PyconUK", name: "no") { name }'):
            assert (await github.query(f"{{ {asked} }}"))["errors"][0]["type"] == "NOT_FOUND"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{ viewer { shoeSize } }", "Field 'shoeSize' doesn't exist on type 'User'"),
            ("{ viewer }", "must have selections"),
            ("{ viewer { login { length } } }", "Selections can't be made on scalars"),
            ("{ organization { name } }", "missing required arguments: login"),
            ("{ viewer(id: 1) { login } }", "doesn't accept argument 'id'"),
            (
                "query($a: String!) { user(login: $a) { login } }",
                "$a of type String! was provided invalid value",
            ),
            ("query($a: String) { viewer { login } }", "declared by anonymous query but not used"),
            ("{ user(login: $a) { login } }", "used by anonymous query but not declared"),
            ("{ viewer { ...Missing } }", "Fragment Missing was used, but not defined"),
            ("{ viewer { ... on Martian { login } } }", "No such type Martian"),
            ("{ viewer { login }", "Parse error"),
            ("{ viewer ? }", "Parse error"),
            ("fragment Who over User { login }", "Parse error"),
            ("viewer { login }", "Parse error"),
            ("{ user(login: ) { login } }", "Parse error"),
            ("{ user { user(login: ", "Parse error"),
            ("{ viewer { } ", "Parse error"),
            ("mutation { viewer { login } }", "not offered"),
            ("query A { viewer { login } } query B { viewer { login } }", "operation name"),
        ],
    )
    async def test_queries_that_do_not_fit_get_errors_and_no_data(
        self, github: GitHub, text: str, said: str
    ) -> None:
        """What does not fit the schema is answered with 200, errors, and nothing else."""
        body = await github.query(text)
        assert "data" not in body
        assert any(said in error["message"] for error in body["errors"])

    @pytest.mark.parametrize(
        ("asked", "kind"),
        [
            ("teams { totalCount }", "MISSING_PAGINATION_BOUNDARIES"),
            ("teams(first: 101) { totalCount }", "EXCESSIVE_PAGINATION"),
            (
                """teams(first: 100) { nodes { repositories(first: 100) { nodes {
                collaborators(first: 100) { totalCount } } } } }""",
                "MAX_NODE_LIMIT_EXCEEDED",
            ),
            ('teams(first: 1, after: "nonsense!") { totalCount }', "INVALID_CURSOR_ARGUMENTS"),
            (
                "repositories(first: 1, orderBy: {field: SHOES, direction: ASC}) { totalCount }",
                "UNPROCESSABLE",
            ),
        ],
    )
    async def test_limits_of_connections(self, github: GitHub, asked: str, kind: str) -> None:
        """Each connection wants 1 to 100 items, and a query at most half a million nodes."""
        body = await github.query(f'{{ organization(login: "PyconUK") {{ {asked} }} }}')
        assert body["errors"][0]["type"] == kind

    async def test_enumerations_are_checked(self, github: GitHub) -> None:
        """A word that an argument does not take is an error."""
        asked = "collaborators(first: 1, affiliation: NEAR) { totalCount }"
        body = await github.query(f'{{ repository(owner: "PyconUK", name: "voting") {{ {asked} }} }}')
        assert body["errors"][0]["extensions"]["code"] == "argumentLiteralsIncompatible"

    async def test_missing_scope_is_an_error(self, start: Start) -> None:
        """Without ``read:org`` the teams are refused with INSUFFICIENT_SCOPES."""
        github = await start(token_scopes=["repo"])
        body = await github.query('{ organization(login: "PyconUK") { teams(first: 1) { totalCount } } }')
        assert body["errors"][0]["type"] == "INSUFFICIENT_SCOPES"

    async def test_collaborators_are_null_without_push_access(self, github: GitHub) -> None:
        """Who cannot push does not see the collaborators, and two-factor is for owners."""
        github.standin.world.set_owner("pyconuk-infra", owner=False)
        body = await github.query(ACCESS, org="PyconUK")
        org = body["data"]["organization"]
        assert {repo["collaborators"] for repo in org["repositories"]["nodes"]} == {None}
        assert {edge["hasTwoFactorEnabled"] for edge in org["membersWithRole"]["edges"]} == {None}

    async def test_points_are_counted_apart(self, github: GitHub) -> None:
        """A query costs points of its own allowance, not of REST's."""
        await github.query(ACCESS, org="PyconUK")
        resources = (await github.get("/rate_limit")).body["resources"]
        assert (resources["graphql"]["used"], resources["core"]["used"]) == (2, 0)

    async def test_lists_and_objects_are_read(self, github: GitHub) -> None:
        """Values may be lists, objects, numbers and variables with list types."""
        text = """query($l: [String!]! = ["a"]) { organization(login: "PyconUK") {
            repositories(first: 9, orderBy: {field: NAME, direction: ASC, x: [1, $l]}) { totalCount } } }"""
        assert (await github.query(text))["data"]["organization"]["repositories"] == {"totalCount": 4}

    async def test_a_query_is_demanded(self, github: GitHub) -> None:
        """A body without a query is an error with status 200."""
        answer = await github.call("POST", "/graphql", {})
        assert (answer.status, "query attribute" in answer.body["errors"][0]["message"]) == (200, True)

    async def test_it_can_be_switched_off(self, github: GitHub) -> None:
        """A GitHub that answers REST only has no ``/graphql``."""
        github.standin.graphql_enabled = False
        assert (await github.call("POST", "/graphql", {"query": "{ viewer { login } }"})).status == 404


class TestBehindTheBack:
    async def test_changes_on_github_itself_are_seen(self, github: GitHub) -> None:
        """What people change on GitHub's own pages shows in the API."""
        world = github.standin.world
        world.set_team_repo("core", "website", "admin")
        world.set_team_member("core", "organiser-2", None)
        world.set_member("organiser-1", None)
        world.set_archived("2015-site", archived=False)
        world.rename_user("stranger", "helper")
        world.set_blocked("newcomer")
        world.set_base_permission("none")
        assert (await github.get(CORE + "/repos")).body[0]["role_name"] == "admin"
        assert await github.logins(CORE + "/members") == {"cory"}
        assert (await github.get(OLD)).body["archived"] is False
        assert await github.logins(ORG + "/outside_collaborators") == {"helper"}
        assert (await github.put(ORG + "/memberships/newcomer")).status == 422
        world.set_collaborator("voting", "helper", None)
        world.set_token("ghp_other", ("repo",))
        assert (await github.get("/user")).status == 401
        with pytest.raises(LookupError):
            world.set_owner("nobody")
        with pytest.raises(LookupError):
            world.set_team_member("none", "helper")
        with pytest.raises(LookupError):
            world.set_archived("none")

    async def test_reset_goes_back_to_the_seed(self, github: GitHub) -> None:
        """After a reset all is as in the seed, numbers included."""
        before = (await github.get(CORE)).body
        await github.call("DELETE", CORE + "/memberships/organiser-2")
        github.standin.reset()
        assert (await github.get(CORE)).body == before

    async def test_pane_shows_what_people_look_for(self, github: GitHub) -> None:
        """The pane shows owners, teams with states and words of access, grants and invitations."""
        await github.put(CORE + "/memberships/newcomer")
        await github.put(SITE + "/collaborators/newcomer")
        pane = github.standin.pane()
        rows = {section["title"]: section["rows"] for section in pane["sections"]}
        assert pane["title"] == "GitHub"
        assert ["charlie", ""] in rows["Owners"]
        assert ["newcomer", "member", "invited"] in rows["Team core"]
        assert rows["Team core: repositories"] == [["website", "Read"]]
        assert rows["Collaborators"] == [["voting", "stranger", "Write"]]
        assert rows["Invitations"] == [
            ["newcomer", "organisation and core", "until 22 Jun"],
            ["newcomer", "website with Write", "until 22 Jun"],
        ]
        assert all(len(row) == len(part["columns"]) for part in pane["sections"] for row in part["rows"])

    async def test_middlewares_of_the_loader_see_each_call(self) -> None:
        """Whoever starts the application may put middlewares around all of it, errors included."""
        seen: list[int] = []

        @web.middleware
        async def record(request: web.Request, handler: Any) -> web.StreamResponse:
            answer: web.StreamResponse = await handler(request)
            seen.append(answer.status)
            return answer

        github = GitHub(SEED)
        github.standin.app.middlewares.append(record)
        await github.server.start_server()
        await github.get("/user")
        await github.get("/nothing", Authorization="Bearer wrong")
        await github.session.close()
        await github.server.close()
        assert seen == [200, 401]


class TestSeed:
    def build(self, **changes: Any) -> StandIn:
        """Build from the seed with changes."""
        return StandIn(SEED | changes, lambda: datetime(2026, 6, 15, tzinfo=UTC))

    @pytest.mark.parametrize(
        "moment",
        [
            "2014-05-01",
            date(2014, 5, 1),
            datetime.fromisoformat("2014-05-01"),
            datetime(2014, 5, 1, tzinfo=UTC),
        ],
    )
    def test_times_are_read_as_yaml_gives_them(self, moment: object) -> None:
        """Times may be text, dates or times, with a zone or without."""
        user = self.build(users=[{"login": "somebody", "created_at": moment}]).world.user("somebody")
        assert user is not None
        assert user.created_at == datetime(2014, 5, 1, tzinfo=UTC)

    def test_other_things_are_no_times(self) -> None:
        """A number is no time."""
        with pytest.raises(TypeError):
            self.build(users=[{"login": "somebody", "created_at": 2014}])

    def test_waiting_invitations_can_be_seeded(self) -> None:
        """Invitations may wait, or be too old, from the start."""
        standin = self.build(
            invitations=[
                {"login": "newcomer", "teams": ["core"]},
                {"email": "x@example.org", "created_at": "2026-06-01"},
            ],
            repo_invitations=[{"repo": "website", "login": "newcomer", "permission": "write"}],
        )
        rows = standin.pane()["sections"][-1]["rows"]
        assert [row[0] for row in rows] == ["newcomer", "newcomer", "x@example.org"]
        standin.accept("newcomer")
        assert standin.world.waiting(standin.world.users[7001].id) is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"repositories": []},
            {"users": [{"login": "twice"}, {"login": "Twice"}]},
            {"users": [{"login": "one", "id": 5}, {"login": "two", "id": 5}]},
            {"teams": [{"name": "child", "parent": "none"}]},
            {"repo_invitations": [{"repo": "none", "login": "newcomer", "permission": "push"}]},
            {"collaborators": {"website": {"newcomer": "everything"}}},
        ],
    )
    def test_contradictory_seeds_are_refused(self, changes: dict[str, Any]) -> None:
        """A seed with unknown keys or contradictions does not start."""
        with pytest.raises(ValueError, match=r"seed|permission"):
            self.build(**changes)


@pytest.mark.skipif(not FIXTURES.exists(), reason="the vendor's examples are not beside the repository")
class TestVendorExamples:
    """Compares keys with the vendor's own examples, which are not part of the project."""

    @pytest.mark.parametrize(
        ("example", "path"),
        [
            ("list-org-members", ORG + "/members"),
            ("get-org-membership", ORG + "/memberships/organiser-1"),
            ("list-org-invitations", ORG + "/invitations"),
            ("list-outside-collaborators", ORG + "/outside_collaborators"),
            ("list-teams", ORG + "/teams"),
            ("get-team", CORE),
            ("list-team-members", CORE + "/members"),
            ("list-team-invitations", CORE + "/invitations"),
            ("get-team-membership", CORE + "/memberships/organiser-2"),
            ("list-team-repos", CORE + "/repos"),
            ("list-repo-teams", SITE + "/teams"),
            ("list-collaborators", SITE + "/collaborators"),
            ("get-collaborator-permission", SITE + "/collaborators/cory/permission"),
            ("list-repo-invitations", SITE + "/invitations"),
            ("list-org-repos", ORG + "/repos"),
            ("get-pages", SITE + "/pages"),
        ],
    )
    async def test_keys_of_answers(self, github: GitHub, example: str, path: str) -> None:
        """Each answer has the keys of the vendor's example for the same route."""
        await github.put(CORE + "/memberships/newcomer")
        await github.put(SITE + "/collaborators/newcomer")
        listed = json.loads((FIXTURES / f"{example}.json").read_text())["responses"]
        body = next(iter(next(each for each in listed if each["status"] == 200)["examples"].values()))
        body = body[0] if isinstance(body, list) else body
        answer = (await github.get(path)).body
        answer = answer[0] if isinstance(answer, list) else answer
        gone = {
            "has_downloads",
            "security_and_analysis",
            "https_certificate",
        }  # not in each answer, or no more
        assert body.keys() - answer.keys() - gone == set()


def test_routes_are_named_once() -> None:
    """No route stands twice in the table."""
    lines = [(route.method, route.path) for route in ROUTES]
    assert len(lines) == len(set(lines))
