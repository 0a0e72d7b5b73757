"""The resources: read live, written with one call, read back, said in words, weighed for the guards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.core.bound import Bound
from bot.core.change import Change
from bot.core.errors import Denied, OutcomeUnknown, Rejected
from bot.core.values import Value
from bot.core.vendor import Concerns, Reach, Resource
from integrations.github import (
    COLLABORATOR,
    GITHUB,
    INVITATION,
    ORG_MEMBER,
    TEAM_MEMBER,
    TEAM_REPO,
    Collaborator,
    GithubSettings,
    Invitation,
    Level,
    OrgMember,
    TeamMember,
    TeamRepo,
)
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import SITE, Wired

READ, WRITE, ADMIN = TeamRepo(level=Level.READ), TeamRepo(level=Level.WRITE), TeamRepo(level=Level.ADMIN)
MEMBER, OWNER = OrgMember(role="member"), OrgMember(role="owner")


async def written(github: Wired, resource: Resource[Any, Any], target: str, after: Value | None) -> Reach:
    """Write once, as the executor does, and return how far the live state then is."""
    before = len(github.writes)
    await resource.write(github.client, target, after)
    assert len(github.writes) == before + 1
    return resource.reached(await resource.read(github.client, target), after)


async def weighed(github: Wired, resource: Resource[Any, Any], target: str, after: Value | None) -> Concerns:
    """Return what the guards are told of a change from what is live."""
    bound = Bound(resource, github.client)
    return await bound.concerns(await bound.plan(target, after))


async def test_a_repository_that_is_gone_is_no_trouble_with_graphql(hub: Wired) -> None:
    """A grant on it is refused as unknown; what is looked at next is looked at by GraphQL again."""
    with pytest.raises(Rejected, match="knows nothing"):
        await COLLABORATOR.read(hub.client, "nowhere/organiser-1")
    assert hub.client.speaks_graphql


def test_each_resource_is_on_the_face() -> None:
    """The vendor's face lists all kinds of change, by the names requests hold."""
    assert [resource.name for resource in GITHUB.resources] == [
        "github.team_repo",
        "github.team_member",
        "github.collaborator",
        "github.org_member",
        "github.invitation",
        "github.template",
        "github.repository",
        "github.pages",
        "github.workflow_run",
        "github.branch",
        "github.file",
        "github.pull_request",
    ]


class TestTeamRepo:
    """A repository in a team."""

    async def test_it_comes_changes_and_goes(self, github: Wired) -> None:
        """Absent, read, raised and removed; each is one call, seen at once."""
        target = "pydata/" + SITE
        github.standin.world.teams[next(iter(github.standin.world.teams))].repos.clear()
        assert await TEAM_REPO.read(github.client, target) is None
        assert await written(github, TEAM_REPO, target, READ) is Reach.YES
        assert await written(github, TEAM_REPO, target, WRITE) is Reach.YES
        assert await written(github, TEAM_REPO, target, WRITE) is Reach.YES
        assert await written(github, TEAM_REPO, target, None) is Reach.YES

    @pytest.mark.parametrize(
        ("before", "after", "words"),
        [
            (READ, WRITE, "*website* joins core with *Write* (now: Read)"),
            (None, WRITE, "*website* joins core with *Write* (now: not in it)"),
            (WRITE, None, "*website* leaves core (now: Write)"),
        ],
    )
    def test_in_words(self, before: TeamRepo | None, after: TeamRepo | None, words: str) -> None:
        """The card says what happens and what is now."""
        assert TEAM_REPO.words("core/website", before, after) == words

    async def test_an_archived_repository_is_refused_with_what_to_do(self, hub: Wired) -> None:
        """GitHub would refuse it anyway; the person learns what to do."""
        concerns = await weighed(hub, TEAM_REPO, "core/2015.pyconuk.org", WRITE)
        assert concerns.refused is not None
        assert "is archived" in concerns.refused
        assert "unarchives it first" in concerns.refused

    async def test_less_than_everybody_has_is_refused(self, wire: Wire) -> None:
        """A grant below the base permission would say less than is so."""
        github = await wire(default_repository_permission="admin")
        concerns = await weighed(github, TEAM_REPO, f"core/{SITE}", WRITE)
        assert concerns.refused is not None
        assert "already has Admin on every repository" in concerns.refused
        assert (await weighed(github, TEAM_REPO, f"core/{SITE}", ADMIN)).refused is None
        assert (await weighed(github, TEAM_REPO, f"core/{SITE}", None)).refused is None

    async def test_an_unknown_team_is_refused(self, hub: Wired) -> None:
        """A grant to no team is none; taking one away from no team is nothing."""
        assert "no team nobody" in ((await weighed(hub, TEAM_REPO, f"nobody/{SITE}", WRITE)).refused or "")
        assert (await weighed(hub, TEAM_REPO, f"nobody/{SITE}", None)).refused is None

    async def test_the_guards_know_how_many_there_are(self, hub: Wired) -> None:
        """The mass guard counts against the team's repositories."""
        assert (await weighed(hub, TEAM_REPO, f"core/{SITE}", WRITE)) == Concerns(existing=2)

    async def test_a_target_of_one_name_is_rejected(self, hub: Wired) -> None:
        """Half a target is a mistake, not a call."""
        with pytest.raises(Rejected, match="does not name two things"):
            await TEAM_REPO.read(hub.client, "core")
        assert hub.calls == []


class TestTeamMember:
    """Somebody in a team."""

    async def test_a_member_of_the_organisation_is_in_at_once(self, github: Wired) -> None:
        """Joining, leading and leaving are one call each."""
        target = "core/organiser-1"
        assert await TEAM_MEMBER.read(github.client, target) is None
        assert await written(github, TEAM_MEMBER, target, TeamMember()) is Reach.YES
        assert await written(github, TEAM_MEMBER, target, TeamMember(role="maintainer")) is Reach.YES
        assert await written(github, TEAM_MEMBER, target, None) is Reach.YES

    async def test_a_stranger_is_invited_and_in_once_they_accept(self, github: Wired) -> None:
        """Invited is under way, never done; declined is not in."""
        target = "core/newcomer"
        assert await written(github, TEAM_MEMBER, target, TeamMember()) is Reach.UNDER_WAY
        assert await TEAM_MEMBER.read(github.client, target) == TeamMember(pending=True)
        github.standin.accept("newcomer")
        live = await TEAM_MEMBER.read(github.client, target)
        assert TEAM_MEMBER.reached(live, TeamMember()) is Reach.YES
        assert TEAM_MEMBER.waiting(target, None, "22 Jun") == (
            "newcomer is invited and must accept by 22 Jun; no push until then"
        )

    async def test_an_invitation_into_a_team_can_be_taken_back(self, github: Wired) -> None:
        """Who has not accepted yet is taken out with one call too."""
        await TEAM_MEMBER.write(github.client, "core/newcomer", TeamMember())
        assert await written(github, TEAM_MEMBER, "core/newcomer", None) is Reach.YES

    async def test_an_owner_in_a_team_is_a_member_of_it(self, hub: Wired) -> None:
        """GitHub shows owners as maintainers always, which is no difference to plan."""
        assert await written(hub, TEAM_MEMBER, "core/charlie", TeamMember()) is Reach.YES
        assert await TEAM_MEMBER.read(hub.client, "core/charlie") == TeamMember(role="member")

    @pytest.mark.parametrize(
        ("before", "after", "words"),
        [
            (None, TeamMember(), "organiser-1 joins team *core* (now: not in it)"),
            (
                None,
                TeamMember(role="maintainer"),
                "organiser-1 joins team *core* as *maintainer* (now: not in it)",
            ),
            (TeamMember(), None, "organiser-1 leaves team *core* (now: member)"),
            (TeamMember(pending=True), None, "organiser-1 leaves team *core* (now: invited as member)"),
            (
                TeamMember(),
                TeamMember(role="maintainer"),
                "organiser-1 becomes *maintainer* of team *core* (now: member)",
            ),
        ],
    )
    def test_in_words(self, before: TeamMember | None, after: TeamMember | None, words: str) -> None:
        """The card says what happens and what is now."""
        assert TEAM_MEMBER.words("core/organiser-1", before, after) == words

    async def test_the_bots_own_account_stays(self, hub: Wired) -> None:
        """The bot never takes itself out, in whatever case it is named."""
        await hub.client.set_team_membership("core", "pyconuk-infra", "member")
        concerns = await weighed(hub, TEAM_MEMBER, "core/PyConUK-Infra", None)
        assert "lock itself out" in (concerns.refused or "")
        assert (await weighed(hub, TEAM_MEMBER, "core/organiser-2", None)) == Concerns(existing=4)

    async def test_an_unknown_team_is_refused(self, hub: Wired) -> None:
        """Nobody joins what is not there."""
        assert "no team nobody" in (
            (await weighed(hub, TEAM_MEMBER, "nobody/organiser-1", TeamMember())).refused or ""
        )

    async def test_the_days_invitations_are_counted(self, hub: Wired) -> None:
        """The 51st invitation of a day is refused before it is asked for; members need none."""
        hub.instead(
            "GET /orgs/PyconUK/invitations",
            [{"id": n, "role": "direct_member", "created_at": hub.now.isoformat()} for n in range(50)],
        )
        hub.instead("GET /orgs/PyconUK", {"login": "PyconUK"})
        concerns = await weighed(hub, TEAM_MEMBER, "core/newcomer", TeamMember())
        assert "50 people a day into PyconUK" in (concerns.refused or "")
        assert (await weighed(hub, TEAM_MEMBER, "core/organiser-1", TeamMember())).refused is None
        hub.now += timedelta(days=1)
        assert (await weighed(hub, TEAM_MEMBER, "core/newcomer", TeamMember())).refused is None

    async def test_an_old_organisation_may_invite_more(self, hub: Wired) -> None:
        """After a month it is 500 a day."""
        hub.instead(
            "GET /orgs/PyconUK/invitations",
            [{"id": n, "role": "direct_member", "created_at": hub.now.isoformat()} for n in range(50)],
        )
        assert (await weighed(hub, TEAM_MEMBER, "core/newcomer", TeamMember())).refused is None


class TestCollaborator:
    """Somebody's own grant on a repository."""

    async def test_a_member_gets_and_loses_a_grant(self, github: Wired) -> None:
        """Given, raised, lowered and taken with one call each."""
        target = f"{SITE}/organiser-1"
        assert await COLLABORATOR.read(github.client, target) is None
        for level in (Level.WRITE, Level.ADMIN, Level.TRIAGE):
            assert await written(github, COLLABORATOR, target, Collaborator(level=level)) is Reach.YES
        assert await written(github, COLLABORATOR, target, None) is Reach.YES

    async def test_a_teams_permission_is_no_grant_of_ones_own(self, github: Wired) -> None:
        """Who pushes through core has nothing of their own there."""
        assert await COLLABORATOR.read(github.client, "ironcage/Cory") is None
        assert await COLLABORATOR.read(github.client, "ironcage/organiser-3") is None
        assert await COLLABORATOR.read(github.client, "ironcage/outsider") == Collaborator(
            level=Level.MAINTAIN
        )

    async def test_graphql_reads_the_level_of_the_grant_alone(self, hub: Wired) -> None:
        """A team's Write does not raise one's own Read."""
        assert await COLLABORATOR.read(hub.client, "ironcage/Organiser-2") == Collaborator(level=Level.READ)

    async def test_what_graphql_hides_rest_refuses_by_name(self, hub: Wired) -> None:
        """Without push access GraphQL shows no collaborators; REST says which right lacks."""
        hub.standin.world.members[hub.standin.world.bot] = "member"
        with pytest.raises(Denied, match=r"Must have (push|admin)"):
            await COLLABORATOR.read(hub.client, f"{SITE}/organiser-1")
        assert hub.client.speaks_graphql

    async def test_an_outsider_is_invited(self, github: Wired) -> None:
        """The invitation is read, changed and cancelled, each with one call, until it is accepted."""
        target, write = f"{SITE}/newcomer", Collaborator(level=Level.WRITE)
        assert await written(github, COLLABORATOR, target, write) is Reach.UNDER_WAY
        assert await COLLABORATOR.read(github.client, target) == Collaborator(level=Level.WRITE, pending=True)
        triage = Collaborator(level=Level.TRIAGE)
        assert await written(github, COLLABORATOR, target, triage) is Reach.UNDER_WAY
        assert github.writes[-1].startswith("PATCH")
        assert await written(github, COLLABORATOR, target, None) is Reach.YES
        assert "/invitations/" in github.writes[-1]
        await COLLABORATOR.write(github.client, target, write)
        github.standin.accept("newcomer")
        assert COLLABORATOR.reached(await COLLABORATOR.read(github.client, target), write) is Reach.YES

    async def test_an_invitation_that_is_so_already_is_left_alone(self, hub: Wired) -> None:
        """GitHub refuses to change an invitation to what it is, so nothing is sent."""
        target, write = f"{SITE}/newcomer", Collaborator(level=Level.WRITE)
        await COLLABORATOR.write(hub.client, target, write)
        await COLLABORATOR.write(hub.client, target, write)
        assert len(hub.writes) == 1

    async def test_an_expired_invitation_is_none(self, hub: Wired) -> None:
        """After a week nobody waits any more, and a new one can be sent."""
        target, write = f"{SITE}/newcomer", Collaborator(level=Level.WRITE)
        await COLLABORATOR.write(hub.client, target, write)
        hub.now += timedelta(days=8)
        assert await COLLABORATOR.read(hub.client, target) is None
        assert await written(hub, COLLABORATOR, target, write) is Reach.UNDER_WAY

    @pytest.mark.parametrize(
        ("before", "after", "words"),
        [
            (
                None,
                Collaborator(level=Level.WRITE),
                "organiser-1 gets *Write* on *website* alone (now: no grant of their own)",
            ),
            (
                Collaborator(level=Level.READ),
                Collaborator(level=Level.WRITE),
                "organiser-1 gets *Write* on *website* alone (now: Read)",
            ),
            (
                Collaborator(level=Level.WRITE),
                None,
                "organiser-1 loses their own grant on *website* (now: Write)",
            ),
            (
                Collaborator(level=Level.WRITE, pending=True),
                None,
                "The invitation of organiser-1 to *website* is cancelled (now: invited with Write)",
            ),
        ],
    )
    def test_in_words(self, before: Collaborator | None, after: Collaborator | None, words: str) -> None:
        """The card says what happens and what is now."""
        assert COLLABORATOR.words("website/organiser-1", before, after) == words

    async def test_the_guards_weigh_it(self, wire: Wire) -> None:
        """Archived, below base for members, the bot's own: refused; an outsider is not bound by the base."""
        github = await wire(
            default_repository_permission="write", collaborators={"ironcage": {"pyconuk-infra": "push"}}
        )
        read, write = Collaborator(level=Level.READ), Collaborator(level=Level.WRITE)
        refusals = {
            "2015.pyconuk.org/organiser-1": (write, "is archived"),
            f"{SITE}/organiser-1": (read, "more than Read"),
            "ironcage/pyconuk-infra": (None, "lock itself out"),
        }
        for target, (after, why) in refusals.items():
            assert why in ((await weighed(github, COLLABORATOR, target, after)).refused or "")
        assert await weighed(github, COLLABORATOR, f"{SITE}/newcomer", read) == Concerns(existing=0)
        assert await weighed(github, COLLABORATOR, "ironcage/organiser-1", write) == Concerns(existing=1)
        lower = await weighed(
            github, COLLABORATOR, "ironcage/pyconuk-infra", Collaborator(level=Level.TRIAGE)
        )
        assert "lock itself out" in (lower.refused or "")

    async def test_the_days_invitations_are_counted(self, hub: Wired) -> None:
        """The 51st invitation to a repository in a day is refused."""
        hub.instead(
            f"GET /repos/PyconUK/{SITE}/invitations",
            [{"id": n, "permissions": "read", "created_at": hub.now.isoformat()} for n in range(50)],
        )
        concerns = await weighed(hub, COLLABORATOR, f"{SITE}/newcomer", Collaborator(level=Level.WRITE))
        assert f"50 people a day to {SITE}" in (concerns.refused or "")

    async def test_who_is_invited_already_is_not_counted(self, hub: Wired) -> None:
        """Changing an invitation sends no new one."""
        await hub.client.set_collaborator(SITE, "newcomer", Level.READ)
        after = Collaborator(level=Level.WRITE)
        assert (await weighed(hub, COLLABORATOR, f"{SITE}/newcomer", after)).refused is None


class TestOrgMember:
    """Somebody in the organisation."""

    async def test_members_are_promoted_demoted_and_removed(self, github: Wired) -> None:
        """Each is one call, seen at once."""
        for after in (OWNER, MEMBER, None):
            assert await written(github, ORG_MEMBER, "organiser-1", after) is Reach.YES

    async def test_a_stranger_is_invited(self, github: Wired) -> None:
        """Invited is under way until they accept; the invitation can be cancelled."""
        assert await written(github, ORG_MEMBER, "newcomer", OWNER) is Reach.UNDER_WAY
        assert await ORG_MEMBER.read(github.client, "newcomer") == OrgMember(role="owner", pending=True)
        assert await written(github, ORG_MEMBER, "newcomer", None) is Reach.YES

    async def test_the_owner_list_is_protected_and_counted(self, hub: Wired) -> None:
        """Who owns now, and whether the target still does, in the target's spelling."""
        concerns = await weighed(hub, ORG_MEMBER, "cory", MEMBER)
        assert concerns == Concerns(
            protected="owner list",
            holders=frozenset({"cory", "charlie", "pyconuk-infra"}),
            keeps=False,
            existing=6,
        )
        assert (await weighed(hub, ORG_MEMBER, "organiser-1", OWNER)).keeps is True
        assert (await weighed(hub, ORG_MEMBER, "organiser-1", None)).protected is None
        assert (await weighed(hub, ORG_MEMBER, "organiser-1", None)).keeps is None

    async def test_an_invited_owner_holds_nothing_yet(self, hub: Wired) -> None:
        """Who has not accepted makes up for no owner who goes."""
        concerns = await weighed(hub, ORG_MEMBER, "newcomer", OWNER)
        assert (concerns.protected, concerns.keeps) == ("owner list", None)
        await hub.client.set_membership("newcomer", "admin")
        assert (await weighed(hub, ORG_MEMBER, "newcomer", None)).keeps is None

    async def test_the_bots_own_account_stays(self, hub: Wired) -> None:
        """The bot neither removes nor demotes itself."""
        for after in (None, MEMBER):
            assert "lock itself out" in (
                (await weighed(hub, ORG_MEMBER, "pyconuk-infra", after)).refused or ""
            )

    async def test_owners_are_read_anew_for_the_guard(self, hub: Wired) -> None:
        """What was seen a second ago does not count owners."""
        await hub.reads.owners()
        hub.standin.world.members[
            next(u.id for u in hub.standin.world.users.values() if u.login == "Cory")
        ] = "member"
        assert "Cory" not in (await weighed(hub, ORG_MEMBER, "charlie", MEMBER)).holders

    @pytest.mark.parametrize(
        ("before", "after", "words"),
        [
            (None, MEMBER, "organiser-1 joins the organisation as *member* (now: not in it)"),
            (MEMBER, OWNER, "organiser-1 becomes *owner* of the organisation (now: member)"),
            (OWNER, None, "organiser-1 leaves the organisation and all its teams (now: owner)"),
            (
                OrgMember(pending=True),
                None,
                "The invitation of organiser-1 into the organisation is cancelled (now: invited as member)",
            ),
        ],
    )
    def test_in_words(self, before: OrgMember | None, after: OrgMember | None, words: str) -> None:
        """The card says what happens and what is now."""
        assert ORG_MEMBER.words("organiser-1", before, after) == words


class TestInvitation:
    """An invitation into the organisation."""

    async def test_it_is_sent_and_cancelled(self, github: Wired) -> None:
        """One call each; what is cancelled already needs none."""
        assert await INVITATION.read(github.client, "newcomer") is None
        assert await written(github, INVITATION, "newcomer", Invitation()) is Reach.YES
        assert await written(github, INVITATION, "NEWCOMER", None) is Reach.YES
        before = len(github.writes)
        await INVITATION.write(github.client, "newcomer", None)
        assert len(github.writes) == before

    async def test_who_accepted_meanwhile_is_not_thrown_out(self, hub: Wired) -> None:
        """Cancelling goes by the invitation, never by the person."""
        await hub.client.set_membership("newcomer", "member")
        hub.standin.accept("newcomer")
        await INVITATION.write(hub.client, "newcomer", None)
        assert await ORG_MEMBER.read(hub.client, "newcomer") == MEMBER

    async def test_an_invitation_by_mail_is_found_too(self, wire: Wire) -> None:
        """Who was invited by address has no login yet."""
        github = await wire(invitations=[{"email": "helper@example.org", "role": "admin"}])
        assert await INVITATION.read(github.client, "Helper@example.org") == Invitation(role="owner")
        assert await written(github, INVITATION, "helper@example.org", None) is Reach.YES

    async def test_the_guards_weigh_it(self, hub: Wired) -> None:
        """Inviting an owner is the owner list's business."""
        assert (
            await weighed(hub, INVITATION, "newcomer", Invitation(role="owner"))
        ).protected == "owner list"
        assert await weighed(hub, INVITATION, "newcomer", Invitation()) == Concerns(existing=0)
        await hub.client.set_membership("newcomer", "admin")
        assert await weighed(hub, INVITATION, "newcomer", None) == Concerns(existing=1)

    @pytest.mark.parametrize(
        ("before", "after", "words"),
        [
            (None, Invitation(), "x is invited into the organisation as *member* (now: not invited)"),
            (
                Invitation(),
                None,
                "The invitation of x into the organisation is cancelled (now: invited as member)",
            ),
        ],
    )
    def test_in_words(self, before: Invitation | None, after: Invitation | None, words: str) -> None:
        """The card says what happens and what is now."""
        assert INVITATION.words("x", before, after) == words


class TestRefusals:
    """What GitHub says no to comes back with its reason."""

    @pytest.mark.parametrize(
        ("resource", "target", "after", "why"),
        [
            (TEAM_MEMBER, "core/PyconUK", TeamMember(), "organization"),
            (TEAM_MEMBER, "core/nobody-at-all", TeamMember(), "knows nothing at"),
            (TEAM_REPO, "core/nothing", WRITE, "knows nothing at"),
            (COLLABORATOR, "ironcage/blocker", Collaborator(level=Level.READ), "blocked"),
        ],
    )
    async def test_a_no_is_rejected(
        self, wire: Wire, resource: Resource[Any, Any], target: str, after: Value, why: str
    ) -> None:
        """Organisations, people who blocked us, and what does not exist."""
        github = await wire(blocked=["blocker"])
        with pytest.raises(Rejected, match=why):
            await resource.write(github.client, target, after)

    async def test_a_missing_right_is_denied(self, hub: Wired) -> None:
        """Without admin rights on the repository nothing is granted."""
        hub.standin.world.members[hub.standin.world.bot] = "member"
        with pytest.raises(Denied, match="Must have admin rights"):
            await COLLABORATOR.write(hub.client, f"{SITE}/organiser-1", Collaborator(level=Level.READ))

    async def test_a_lost_answer_is_told_by_reading(self, hub: Wired) -> None:
        """The change happened though the connection broke: unknown first, then seen."""
        path = f"/orgs/PyconUK/teams/core/repos/PyconUK/{SITE}"

        async def lost(request: web.Request) -> web.Response:
            hub.standin.world.set_team_repo("core", SITE, "push")
            assert request.transport is not None
            request.transport.close()
            return web.Response()

        hub.answers[f"PUT {path}"] = lost
        with pytest.raises(OutcomeUnknown):
            await TEAM_REPO.write(hub.client, f"core/{SITE}", WRITE)
        assert TEAM_REPO.reached(await TEAM_REPO.read(hub.client, f"core/{SITE}"), WRITE) is Reach.YES
        assert len(hub.writes) == 1


@pytest.mark.parametrize(
    ("live", "after", "reach"),
    [
        (None, None, Reach.YES),
        (None, TeamMember(), Reach.NO),
        (TeamMember(), None, Reach.NO),
        (TeamMember(pending=True), TeamMember(), Reach.UNDER_WAY),
        (TeamMember(), TeamMember(pending=True), Reach.YES),
        (TeamMember(pending=True), TeamMember(role="maintainer"), Reach.NO),
    ],
)
def test_pending_is_under_way(live: TeamMember | None, after: TeamMember | None, reach: Reach) -> None:
    """Accepting an invitation is no drift from it; waiting for it is not done."""
    assert TEAM_MEMBER.reached(live, after) is reach


@pytest.mark.parametrize(
    ("resource", "target", "place"),
    [
        (TEAM_MEMBER, "core/newcomer", "orgs/PyconUK/invitation"),
        (ORG_MEMBER, "newcomer", "orgs/PyconUK/invitation"),
        (COLLABORATOR, f"{SITE}/newcomer", f"PyconUK/{SITE}/invitations"),
        (TEAM_REPO, f"core/{SITE}", None),
    ],
)
def test_who_must_accept_and_where(resource: Resource[Any, Any], target: str, place: str | None) -> None:
    """An invitation is accepted on GitHub's own page: the organisation's, or that of the one repository."""
    settings = GithubSettings.model_validate({"org": "PyconUK", "token": "ghp_example"})
    client = GITHUB.connect(settings, None)
    awaited = Bound(resource, client).awaited(target, datetime(2026, 6, 15, tzinfo=UTC))
    expected = ("newcomer", f"https://github.com/{place}", datetime(2026, 6, 22, tzinfo=UTC))
    assert (awaited and (awaited.account, awaited.link, awaited.until)) == (place and expected)


async def test_a_change_survives_as_json(hub: Wired) -> None:
    """States come back from what a request holds of them."""
    bound = Bound(COLLABORATOR, hub.client)
    change = await bound.plan(f"{SITE}/organiser-1", Collaborator(level=Level.WRITE))
    again = Change.model_validate_json(change.model_dump_json())
    assert again.after == {"level": "Write", "pending": False}
    await bound.write(again.target, again.after)
    assert bound.reached(await bound.read(again.target), again.after) is Reach.YES
