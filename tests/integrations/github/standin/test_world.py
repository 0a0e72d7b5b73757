"""The stand-in GitHub as the sandbox uses it: seed, changes behind the back, pane."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web

from integrations.github.standin import ROUTES, StandIn
from tests.integrations.github.standin.running import CORE, OLD, ORG, SEED, SITE, GitHub


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
        (rows,) = (each["rows"] for each in standin.pane()["sections"] if each["title"] == "Invitations")
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


def test_routes_are_named_once() -> None:
    """No route stands twice in the table."""
    lines = [(route.method, route.path) for route in ROUTES]
    assert len(lines) == len(set(lines))
