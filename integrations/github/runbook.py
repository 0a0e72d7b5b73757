"""How an owner does on GitHub, by hand, what the bot does there."""

from bot.core.runbook import ByHand, Call, Runbook
from integrations.github.resources.collaborators import COLLABORATOR
from integrations.github.resources.organisation import INVITATION, ORG_MEMBER
from integrations.github.resources.proposals import BRANCH, FILE, PULL_REQUEST
from integrations.github.resources.runs import WORKFLOW_RUN
from integrations.github.resources.sites import PAGES, REPOSITORY, TEMPLATE
from integrations.github.resources.teams import TEAM_MEMBER, TEAM_REPO
from integrations.github.settings import GithubSettings

HEADERS = ("Authorization: Bearer $GITHUB_TOKEN", "Accept: application/vnd.github+json")


def runbook(settings: GithubSettings) -> Runbook:
    """Return what an owner does; the token needs what docs/security.md lists."""
    return Runbook(headers=HEADERS, pages={**_access(settings), **_sites(settings), **_proposals(settings)})


def _access(settings: GithubSettings) -> dict[str, ByHand]:
    org, api = f"{settings.web}/orgs/{settings.org}", f"{settings.url}/orgs/{settings.org}"
    repository = f"{settings.web}/{settings.org}/REPOSITORY/settings/access"
    member, place = f"{api}/memberships/LOGIN", f"{api}/teams/TEAM/memberships/LOGIN"
    team = f"{api}/teams/TEAM/repos/{settings.org}/REPOSITORY"
    single = f"{settings.url}/repos/{settings.org}/REPOSITORY/collaborators/LOGIN"
    return {
        TEAM_REPO.name: ByHand(
            what="What a team may do with a repository",
            where=f"{repository}: Add teams, or the team's role. `push` is what the page calls Write.",
            calls=(
                Call(what="Give it, or change it", method="PUT", url=team, body={"permission": "push"}),
                Call(what="Take it", method="DELETE", url=team),
            ),
        ),
        TEAM_MEMBER.name: ByHand(
            what="Somebody in a team",
            where=f"{org}/teams/TEAM/members: Add a member. Who is not in the organisation is invited.",
            calls=(
                Call(what="Add", method="PUT", url=place, body={"role": "member"}),
                Call(what="Take out; they stay in the organisation", method="DELETE", url=place),
            ),
        ),
        COLLABORATOR.name: ByHand(
            what="Somebody's own access to one repository",
            where=f"{repository}: Add people, or the person's role. Who is not a member is invited.",
            calls=(
                Call(what="Give it, or change it", method="PUT", url=single, body={"permission": "push"}),
                Call(what="Take it; an invitation that waits stays", method="DELETE", url=single),
            ),
        ),
        ORG_MEMBER.name: ByHand(
            what="A member or an owner of the organisation",
            where=f"{org}/people: Invite member, or the person's role. Never fewer than two owners.",
            calls=(
                Call(
                    what="Invite, or make an owner a member (`admin`: the other way)",
                    method="PUT",
                    url=member,
                    body={"role": "member"},
                ),
                Call(what="Remove, from all teams too", method="DELETE", url=member),
            ),
        ),
        INVITATION.name: ByHand(
            what="An invitation that waits",
            where=f"{org}/people/pending_invitations: Cancel invitation.",
            calls=(Call(what="Cancel it", method="DELETE", url=member),),
        ),
    }


def _sites(settings: GithubSettings) -> dict[str, ByHand]:
    web, api = f"{settings.web}/{settings.org}", f"{settings.url}/repos/{settings.org}"
    pages = f"{api}/REPOSITORY/pages"
    copy = {"owner": settings.org, "name": "REPOSITORY", "private": False}
    return {
        TEMPLATE.name: ByHand(
            what="Whether a repository may be copied as a template",
            where=f"{web}/REPOSITORY/settings: Template repository.",
            calls=(Call(what="Let it", method="PATCH", url=f"{api}/TEMPLATE", body={"is_template": True}),),
        ),
        REPOSITORY.name: ByHand(
            what="A new repository, copied from a template",
            where=f"{web}/TEMPLATE: Use this template, Create a new repository.",
            calls=(Call(what="Copy it", method="POST", url=f"{api}/TEMPLATE/generate", body={**copy}),),
        ),
        PAGES.name: ByHand(
            what="How GitHub Pages publishes a repository",
            where=(
                f"{web}/REPOSITORY/settings/pages: the source, the custom domain, then, once the certificate "
                "is there, Enforce HTTPS. In this order; each alone."
            ),
            calls=(
                Call(what="Publish", method="POST", url=pages, body={"build_type": "workflow"}),
                Call(what="Give it its name", method="PUT", url=pages, body={"cname": "YEAR.DOMAIN"}),
                Call(what="HTTPS alone", method="PUT", url=pages, body={"https_enforced": True}),
                Call(what="Publish no more", method="DELETE", url=pages),
            ),
        ),
        WORKFLOW_RUN.name: ByHand(
            what="A run of a workflow, such as a deploy",
            where=f"{web}/REPOSITORY/actions: the workflow, Run workflow.",
            calls=(
                Call(
                    what="Start it",
                    method="POST",
                    url=f"{api}/REPOSITORY/actions/workflows/FILE/dispatches",
                    body={"ref": "main"},
                ),
            ),
        ),
    }


def _proposals(settings: GithubSettings) -> dict[str, ByHand]:
    web = f"{settings.web}/{settings.org}/REPOSITORY"
    api = f"{settings.url}/repos/{settings.org}/REPOSITORY"
    content = {"message": "MESSAGE", "content": "BASE64", "branch": "BRANCH", "sha": "SHA"}
    proposal = {"title": "TITLE", "head": "BRANCH", "base": "main"}
    return {
        BRANCH.name: ByHand(
            what="A branch",
            where=f"{web}/branches: New branch.",
            calls=(
                Call(
                    what="Make it at a commit",
                    method="POST",
                    url=f"{api}/git/refs",
                    body={"ref": "refs/heads/BRANCH", "sha": "COMMIT"},
                ),
            ),
        ),
        FILE.name: ByHand(
            what="A file on a branch",
            where=f"{web}/edit/BRANCH/FILE: Commit changes. GET says the `SHA` of what is there.",
            calls=(Call(what="Write it", method="PUT", url=f"{api}/contents/FILE", body={**content}),),
        ),
        PULL_REQUEST.name: ByHand(
            what="A pull request",
            where=f"{web}/compare/BRANCH: Create pull request. On its page: Close pull request.",
            calls=(
                Call(what="Open it", method="POST", url=f"{api}/pulls", body={**proposal}),
                Call(what="Close it", method="PATCH", url=f"{api}/pulls/NUMBER", body={"state": "closed"}),
            ),
        ),
    }
