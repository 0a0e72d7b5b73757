"""The stand-in GitHub's organisation and teams."""

from datetime import timedelta

import pytest

from tests.integrations.github.standin.running import CORE, ORG, SITE, GitHub, Start


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
