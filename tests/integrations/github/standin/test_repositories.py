"""The stand-in GitHub's repositories."""

from datetime import timedelta

import pytest

from tests.integrations.github.standin.running import OLD, ORG, SITE, GitHub, Start


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
