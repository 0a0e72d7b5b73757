"""The reads: who reaches what and why, in our words, with few calls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.costs import Mark
from integrations.github import GITHUB, Access, Account, Level, Member, Path, Repository, Team
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import NOW, SITE, Wired


def ways(access: Access, repo: str, login: str) -> list[tuple[Level, str]]:
    """Return each way of somebody to a repository."""
    return [(path.level, path.via) for path in access.to(repo) if path.login == login]


async def test_every_way_to_a_repository_is_listed_the_strongest_first(github: Wired) -> None:
    """Owner, own grant, team, team above and base, by GraphQL and by REST."""
    access = await github.reads.access()
    paths = access.to("IronCage")
    assert [path.level for path in paths] == sorted((path.level for path in paths), reverse=True)
    assert ways(access, "ironcage", "charlie") == [(Level.ADMIN, "owner")]
    assert ways(access, "ironcage", "outsider") == [(Level.MAINTAIN, "direct")]
    assert ways(access, "ironcage", "organiser-1") == [(Level.READ, "base")]
    assert set(ways(access, "ironcage", "organiser-3")) == {
        (Level.WRITE, "team core"),
        (Level.WRITE, "team pydata"),
        (Level.READ, "base"),
    }
    assert access.to("nothing") == ()


async def test_graphql_tells_an_own_grant_from_a_team(wire: Wire) -> None:
    """A direct Read beside a team's Write is Read; REST knows only the highest, and says so."""
    by_graphql = await (await wire()).reads.access()
    by_rest = await (await wire(graphql=False)).reads.access()
    assert (by_graphql.precise, by_graphql.direct["ironcage"]["organiser-2"]) == (True, Level.READ)
    assert (by_rest.precise, by_rest.direct["ironcage"]["organiser-2"]) == (False, Level.WRITE)


async def test_everything_a_person_reaches_is_listed(github: Wired) -> None:
    """The same ways, seen from the person, in any case of the login."""
    access = await github.reads.access()
    mine = access.of("OUTSIDER")
    assert mine == (Path(login="outsider", repo="ironcage", level=Level.MAINTAIN, via="direct"),)
    assert {path.repo for path in access.of("organiser-1")} == {r.name for r in access.repositories}


async def test_teams_come_with_people_and_repositories(github: Wired) -> None:
    """Roles, levels and the people who must still accept."""
    github.standin.world.set_base_permission("none")
    await github.client.set_team_membership("core", "newcomer", "member")
    team = await github.reads.team("CORE")
    assert team is not None
    assert team.description == "Basically everyone"
    assert team.repositories == {SITE: Level.READ, "ironcage": Level.WRITE}
    assert Member(login="Cory", role="maintainer") in team.members
    assert Member(login="organiser-2") in team.members
    assert Member(login="newcomer", pending=True) in team.members
    assert (await github.reads.access()).of("newcomer") == ()
    assert await github.reads.team("nothing") is None


async def test_people_have_their_own_spelling(github: Wired) -> None:
    """Owners and members come as GitHub writes them."""
    assert set(await github.reads.owners()) == {"Cory", "charlie", "pyconuk-infra"}
    assert set(await github.reads.members()) > {"organiser-1", "Cory"}
    assert set((await github.reads.access()).owners) == set(await github.reads.owners())
    assert await github.reads.bot() == await github.client.account() == "pyconuk-infra"


async def test_repositories_are_found_in_any_case(hub: Wired) -> None:
    """All facts are there, and a strange name is no repository."""
    assert await hub.reads.repository(SITE.upper()) == Repository(
        name=SITE,
        description="This year's site",
        default_branch="main",
        open_issues=3,
        pushed_at=datetime(2013, 3, 1, 12, tzinfo=UTC),
    )
    archived = await hub.reads.repository("2015.pyconuk.org")
    assert archived is not None
    assert archived.archived
    assert await hub.reads.repository("../secrets") is None
    assert (hub.reads.org, hub.reads.push_team) == ("PyconUK", "core")


async def test_accounts_are_looked_up_live(hub: Wired) -> None:
    """Spelling, name, age and kind; None when there is no such account."""
    found = await hub.reads.account("ORGANISER-1")
    since = datetime(2014, 3, 9, tzinfo=UTC)
    assert found == Account(login="organiser-1", name="Organiser One", created_at=since)
    organisation = await hub.reads.account("PyconUK")
    assert organisation is not None
    assert organisation.kind == "Organization"
    assert await hub.reads.account("nobody-at-all") is None
    hub.instead("GET /users/plain", {"login": "plain"})
    assert await hub.reads.account("plain") == Account(login="plain", created_at=None)


@pytest.mark.parametrize(("word", "level"), [("none", None), ("read", Level.READ), ("admin", Level.ADMIN)])
async def test_the_base_level_is_known(hub: Wired, word: str, level: Level | None) -> None:
    """What every member has, if anything."""
    hub.standin.world.set_base_permission(word)
    assert await hub.reads.base_level() is level


async def test_invitations_wait_or_have_failed(hub: Wired) -> None:
    """Until when somebody can accept, who asked them, and which are over."""
    await hub.client.set_team_membership("core", "newcomer", "member")
    invite, *rest = await hub.reads.invitations()
    assert rest == []
    assert (invite.login, invite.role, invite.teams, invite.expired) == ("newcomer", "member", 1, False)
    assert invite.expires_at == NOW + timedelta(days=7)
    assert invite.by == "pyconuk-infra"
    assert invite.link.endswith("/orgs/PyconUK/invitation")
    hub.now += timedelta(days=8)
    hub.client.memo.clear()
    (over,) = await hub.reads.invitations()
    assert over.expired
    assert over.why


async def test_what_our_token_may_not_see_is_named(wire: Wire) -> None:
    """Repositories whose own grants are hidden are listed as unseen, not as empty."""
    for graphql in (True, False):
        github = await wire(graphql=graphql)
        github.standin.world.members[github.standin.world.bot] = "member"
        access = await github.reads.access()
        assert set(access.unseen) == {SITE, "2015.pyconuk.org"} | ({"ironcage"} - set(access.direct))


async def test_a_github_that_lacks_the_finer_lists_still_answers(wire: Wire) -> None:
    """Access needs members, teams, repositories and collaborators; what is beyond may be absent."""
    github = await wire(graphql=False)
    for path in ("invitations", "teams/core/invitations", "teams/pydata/invitations", "failed_invitations"):
        github.instead(f"GET /orgs/PyconUK/{path}", {"message": "Not Found"}, 404)
    assert (await github.reads.access()).to("ironcage")


async def test_answers_are_shared_for_seconds_and_forgotten_by_a_write(hub: Wired) -> None:
    """A command asks once for what it needs often; after a change it asks anew."""
    await hub.reads.team("core")
    await hub.reads.teams()
    await hub.reads.access()
    assert hub.calls.count("POST /graphql") == 1
    await hub.client.set_team_grant("core", SITE, Level.WRITE)
    team = await hub.reads.team("core")
    assert team is not None
    assert team.repositories[SITE] is Level.WRITE


def big(people: int, teams: int, repos: int) -> dict[str, object]:
    """Return a seed of that size."""
    names = [f"person-{n}" for n in range(people)]
    return {
        "members": names,
        "teams": [
            {
                "name": f"team-{n}",
                "members": names if n == 0 else names[n : n + 20],
                "repos": {f"repo-{n + m}": "push" for m in range(10)},
            }
            for n in range(teams)
        ],
        "repos": [{"name": f"repo-{n}"} for n in range(repos)],
        "collaborators": {f"repo-{n}": {f"person-{m}": "maintain" for m in range(60)} for n in range(2)},
    }


async def test_a_large_organisation_takes_few_calls_and_is_complete(wire: Wire) -> None:
    """50 repositories, 20 teams, 200 people: long lists go on, where REST takes over a hundred calls."""
    github = await wire(**big(200, 20, 50))
    access = await github.reads.access()
    few = len(github.calls)
    assert len(access.members) == 203
    assert len(next(team for team in access.teams if team.slug == "team-0").members) == 200
    assert len(access.direct["repo-0"]) == 60
    assert few <= 12

    rest = await wire(graphql=False, **big(200, 20, 50))
    slow = await rest.reads.access()
    assert len(rest.calls) > 100 > 8 * few
    assert sorted(map(str, slow.to("repo-0"))) == sorted(map(str, access.to("repo-0")))


async def test_what_is_independent_is_asked_at_once(github: Wired) -> None:
    """GraphQL's three calls fly together; by REST many more do."""
    github.pause = 0.02
    await github.reads.access()
    assert github.peak == 3 if github.standin.graphql_enabled else github.peak > 5


def test_access_is_a_pure_value() -> None:
    """Owners have no base way, pending people none at all, and teams below count."""
    teams = (
        Team(
            slug="core",
            name="Core",
            members=(Member(login="a", pending=True),),
            repositories={"x": Level.WRITE},
        ),
        Team(slug="web", name="Web", parent="core", members=(Member(login="b"),)),
    )
    access = Access(
        owners=("o",),
        members=("o", "b", "c"),
        base=Level.READ,
        teams=teams,
        repositories=(Repository(name="x"),),
    )
    assert [(path.login, path.via) for path in access.to("x")] == [
        ("o", "owner"),
        ("b", "team core"),
        ("b", "base"),
        ("c", "base"),
    ]


USED = {
    "date": "2026-05-04",
    "product": "Actions",
    "quantity": 1300,
    "unitType": "minutes",
    "netAmount": 1.25,
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"usage": [USED, {**USED, "date": "2026-05-31"}, {**USED, "date": "2026-04-30"}]},
            "Free plan; 2,600 minutes of Actions in May: $2.50 a month",
        ),
        (
            {"usage": [{**USED, "product": "Packages", "unitType": "gigabytes"}]},
            "Free plan; GitHub does not say how many minutes of Actions were used in May: $1.25 a month",
        ),
        ({"usage": [USED], "token_scopes": ["read:org"]}, None),
    ],
)
async def test_what_is_used_of_actions_is_told(wire: Wire, changes: dict[str, Any], said: str | None) -> None:
    """Of the last whole month, with what of it is to be paid; who may not see it says so, never zero."""
    assert GITHUB.costs
    charge = (await GITHUB.costs((await wire(**changes)).reads)).charge
    assert said == (f"{charge}" if charge else None)


async def test_billing_that_is_away_spoils_no_other_figure(wire: Wire) -> None:
    """The plan is told all the same."""
    assert GITHUB.costs
    github = await wire(usage=[USED])
    github.instead("GET /organizations/PyconUK/settings/billing/usage", "", 503)
    charge = (await GITHUB.costs(github.reads)).charge
    assert f"{charge}" == (
        "Free plan; GitHub does not say how many minutes of Actions were used in May: nothing to pay"
    )


async def test_the_plan_and_private_repositories_are_the_costs(wire: Wire) -> None:
    """The free plan costs nothing, another waits for its price; each private repository is an alarm."""
    assert GITHUB.costs
    github = await wire()
    private = {f"github:private:{each.name}" for each in await github.reads.repositories() if each.private}
    found = await GITHUB.costs(github.reads)
    assert {alarm.key for alarm in found.alarms} == private
    assert private
    assert found.charge is not None
    assert (str(found.charge), found.charge.mark, found.charge.on) == (
        "Free plan; GitHub does not say how many minutes of Actions were used in May: nothing to pay",
        Mark.MEASURED,
        NOW.date(),
    )
    paid = await GITHUB.costs((await wire(plan={"name": "team", "filled_seats": 12})).reads)
    assert str(paid.charge) == "waiting on information: what the plan team costs for 12 people"


async def test_the_names_of_our_sites(wire: Wire) -> None:
    """Each repository that is published is asked for its name; those that are not, not at all."""
    sites = [{"name": SITE, "pages": {"cname": SITE}}, {"name": "ironcage", "pages": {"branch": "gh-pages"}}]
    hub = await wire(repos=[*sites, {"name": "2015.pyconuk.org"}], teams=[], collaborators={})
    assert await hub.reads.domains() == {SITE}
    asked = [call for call in hub.calls if call.endswith("/pages")]
    assert sorted(asked) == [f"GET /repos/PyconUK/{SITE}/pages", "GET /repos/PyconUK/ironcage/pages"]
