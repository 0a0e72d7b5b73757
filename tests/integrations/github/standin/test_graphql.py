"""The stand-in GitHub answers GraphQL."""

import pytest

from tests.integrations.github.standin.running import CORE, GitHub, Start

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
