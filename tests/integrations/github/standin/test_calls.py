"""What all calls to the stand-in GitHub share."""

from datetime import UTC, datetime, timedelta

from tests.integrations.github.standin.running import CORE, ORG, SITE, GitHub, Start


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
