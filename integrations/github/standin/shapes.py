"""The JSON objects of REST answers."""

from base64 import b64encode
from datetime import datetime
from typing import Any

from .permissions import ROLES, flags
from .run import FOLDER, Run
from .site import Site
from .world import INVITATION_LIFE, OrgInvitation, Repo, RepoInvitation, Team, User, World

PAGE = "https://github.com"
USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
ORG_LINKS = {
    "repos_url": "/repos",
    "events_url": "/events",
    "hooks_url": "/hooks",
    "issues_url": "/issues",
    "members_url": "/members{/member}",
    "public_members_url": "/public_members{/member}",
}
REPO_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


class Shapes:
    """Draws the state as JSON, with addresses under *base*."""

    def __init__(self, world: World, base: str) -> None:
        self.world = world
        self.base = base

    def user(self, user: User) -> dict[str, Any]:
        """Draw an account as it stands in lists."""
        url = f"{self.base}/users/{user.login}"
        return {
            "login": user.login,
            "id": user.id,
            "node_id": node_id("User", user.id),
            "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}?v=4",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{PAGE}/{user.login}",
            **{name: url + path for name, path in USER_LINKS.items()},
            "type": user.type,
            "user_view_type": "public",
            "site_admin": False,
        }

    def profile(self, user: User) -> dict[str, Any]:
        """Draw an account on its own."""
        absent = dict.fromkeys(
            ("company", "blog", "location", "email", "hireable", "bio", "twitter_username")
        )
        counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        times = {"created_at": stamp(user.created_at), "updated_at": stamp(user.created_at)}
        return self.user(user) | {"name": user.name} | absent | counts | times

    def org(self) -> dict[str, Any]:
        """Draw the organisation as it stands inside other answers."""
        org = self.world.org
        url = f"{self.base}/orgs/{org.login}"
        return {
            "login": org.login,
            "id": org.id,
            "node_id": node_id("Organization", org.id),
            "url": url,
            **{name: url + path for name, path in ORG_LINKS.items()},
            "avatar_url": f"https://avatars.githubusercontent.com/u/{org.id}?v=4",
            "description": None,
        }

    def public_org(self) -> dict[str, Any]:
        """Draw what everybody may see of the organisation."""
        org, repos = self.world.org, self.world.repos.values()
        return self.org() | {
            "name": org.name,
            "company": None,
            "blog": None,
            "location": None,
            "email": None,
            "twitter_username": None,
            "is_verified": False,
            "has_organization_projects": True,
            "has_repository_projects": True,
            "public_repos": sum(not repo.private for repo in repos),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "html_url": f"{PAGE}/{org.login}",
            "created_at": stamp(org.created_at),
            "updated_at": stamp(org.created_at),
            "archived_at": None,
            "type": "Organization",
        }

    def private_org(self) -> dict[str, Any]:
        """Draw what owners see of the organisation."""
        world = self.world
        private = sum(repo.private for repo in world.repos.values())
        allowed = (
            "repositories",
            "public_repositories",
            "private_repositories",
            "pages",
            "public_pages",
            "teams",
        )
        return self.public_org() | {
            "total_private_repos": private,
            "owned_private_repos": private,
            "private_gists": 0,
            "disk_usage": 10000,
            "collaborators": len(world.outsiders()),
            "billing_email": None,
            "plan": {"filled_seats": len(world.members)} | world.org.plan,
            "default_repository_permission": ROLES[world.org.base] if world.org.base else "none",
            "default_repository_branch": "main",
            "two_factor_requirement_enabled": world.org.two_factor_required,
            "members_allowed_repository_creation_type": "all",
            **{f"members_can_create_{what}": True for what in allowed},
            "members_can_create_private_pages": False,
            "members_can_fork_private_repositories": False,
            "members_can_invite_outside_collaborators": True,
            "web_commit_signoff_required": False,
        }

    def membership(self, user: User) -> dict[str, Any] | None:
        """Draw somebody's place in the organisation, None when they have none and none waits."""
        org, waiting = self.world.org, self.world.waiting(user.id)
        role = self.world.role(user.id) or (
            waiting and {"direct_member": "member"}.get(waiting.role, waiting.role)
        )
        if role is None:
            return None
        return {
            "url": f"{self.base}/orgs/{org.login}/memberships/{user.login}",
            "state": "active" if self.world.role(user.id) else "pending",
            "role": role,
            "organization_url": f"{self.base}/orgs/{org.login}",
            "direct_membership": True,
            "enterprise_teams_providing_indirect_membership": [],
            "organization": self.org(),
            "user": self.user(user),
        }

    def invitation(self, invitation: OrgInvitation) -> dict[str, Any]:
        """Draw an invitation into the organisation."""
        users = self.world.users
        url = f"{self.base}/organizations/{self.world.org.id}/invitations/{invitation.id}"
        body = {
            "id": invitation.id,
            "node_id": node_id("OrganizationInvitation", invitation.id),
            "login": users[invitation.user].login if invitation.user else None,
            "email": invitation.email,
            "role": invitation.role,
            "created_at": stamp(invitation.created_at),
            "inviter": self.user(users[invitation.inviter]),
            "team_count": len(invitation.teams),
            "invitation_teams_url": f"{url}/teams",
            "invitation_source": "member",
        }
        failed_at = stamp(invitation.failed_at) if invitation.failed_at else None
        return body | {"failed_at": failed_at, "failed_reason": invitation.failed_reason}

    def team(self, team: Team) -> dict[str, Any]:
        """Draw a team as it stands in lists."""
        url = f"{self.base}/organizations/{self.world.org.id}/team/{team.id}"
        return {
            "id": team.id,
            "node_id": node_id("Team", team.id),
            "url": url,
            "html_url": f"{PAGE}/orgs/{self.world.org.login}/teams/{team.slug}",
            "name": team.name,
            "slug": team.slug,
            "description": team.description,
            "privacy": team.privacy,
            "notification_setting": "notifications_enabled",
            "permission": team.permission,
            "members_url": url + "/members{/member}",
            "repositories_url": url + "/repos",
            "type": "organization",
            "organization_id": self.world.org.id,
            "parent": None if team.parent is None else self.team(self.world.teams[team.parent]),
        }

    def full_team(self, team: Team) -> dict[str, Any]:
        """Draw a team on its own."""
        return self.team(team) | {
            "members_count": len(self.world.people(team)),
            "repos_count": len(self.world.team_repos(team)),
            "created_at": stamp(team.created_at),
            "updated_at": stamp(team.created_at),
            "organization": self.public_org(),
        }

    def run(self, repo: Repo, run: Run) -> dict[str, Any]:
        """Draw a run of a workflow."""
        status, conclusion = run.state(self.world.clock())
        name = f"{self.world.org.login}/{repo.name}"
        return {
            "id": run.id,
            "name": run.file.partition(".")[0],
            "path": f"{FOLDER}{run.file}@{run.branch}",
            "run_number": run.number,
            "event": run.event,
            "display_title": run.title,
            "status": status,
            "conclusion": conclusion,
            "head_branch": run.branch,
            "created_at": f"{run.created_at:%Y-%m-%dT%H:%M:%SZ}",
            "actor": self.user(self.world.users[run.actor]),
            "url": f"https://api.github.com/repos/{name}/actions/runs/{run.id}",
            "html_url": f"{PAGE}/{name}/actions/runs/{run.id}",
        }

    def team_of(self, repo: Repo, team: Team) -> dict[str, Any]:
        """Draw a team with what it may do on a repository."""
        held = self.world.team_repos(team)[repo.id]
        return self.team(team) | {"permission": held, "permissions": flags(held), "access_source": "direct"}

    def repo(self, repo: Repo, held: str | None) -> dict[str, Any]:
        """Draw a repository as it stands in lists; *held* is the permission of whom the list is about."""
        owner = self.world.users[self.world.org.id]
        full_name = f"{owner.login}/{repo.name}"
        url = f"{self.base}/repos/{full_name}"
        return {
            "id": repo.id,
            "node_id": node_id("Repository", repo.id),
            "name": repo.name,
            "full_name": full_name,
            "owner": self.user(owner),
            "private": repo.private,
            "html_url": f"{PAGE}/{full_name}",
            "description": repo.description,
            "fork": False,
            "url": url,
            **{name: url + path for name, path in REPO_LINKS.items()},
            "git_url": f"git://github.com/{full_name}.git",
            "ssh_url": f"git@github.com:{full_name}.git",
            "clone_url": f"{PAGE}/{full_name}.git",
            "svn_url": f"{PAGE}/{full_name}",
            "mirror_url": None,
            "homepage": repo.homepage,
            "language": None,
            **dict.fromkeys(("forks_count", "stargazers_count", "watchers_count", "forks", "watchers"), 0),
            "size": 108,
            "default_branch": repo.default_branch,
            "open_issues_count": repo.open_issues,
            "open_issues": repo.open_issues,
            "is_template": repo.is_template,
            "topics": [],
            **dict.fromkeys(("has_issues", "has_projects", "has_wiki"), True),
            "has_pages": repo.pages is not None,
            "has_discussions": False,
            "archived": repo.archived,
            "disabled": False,
            "license": None,
            "allow_forking": True,
            "web_commit_signoff_required": False,
            "visibility": "private" if repo.private else "public",
            "pushed_at": stamp(repo.pushed_at),
            "created_at": stamp(repo.created_at),
            "updated_at": stamp(repo.pushed_at),
            "permissions": flags(held),
        }

    def granted(self, repo: Repo, held: str) -> dict[str, Any]:
        """Draw a repository of a team with the team's permission."""
        return self.repo(repo, held) | {"role_name": ROLES[held]}

    def collaborator(self, repo: Repo, user: User) -> dict[str, Any]:
        """Draw somebody with the highest permission they have on a repository."""
        held = self.world.permission(repo, user.id) or "pull"
        return self.user(user) | {"permissions": flags(held), "role_name": ROLES[held]}

    def repo_invitation(self, invitation: RepoInvitation) -> dict[str, Any]:
        """Draw an invitation to one repository."""
        world = self.world
        repo = self.repo(world.repos[invitation.repo], None)
        del repo["permissions"]
        return {
            "id": invitation.id,
            "node_id": node_id("RepositoryInvitation", invitation.id),
            "repository": repo,
            "invitee": self.user(world.users[invitation.user]),
            "inviter": self.user(world.users[invitation.inviter]),
            "permissions": ROLES[invitation.permission],
            "created_at": stamp(invitation.created_at),
            "expired": world.clock() >= invitation.created_at + INVITATION_LIFE,
            "url": f"{self.base}/user/repository_invitations/{invitation.id}",
            "html_url": f"{repo['html_url']}/invitations",
        }

    def pages(self, repo: Repo, site: Site) -> dict[str, Any]:
        """Draw the web site of a repository."""
        org, cname = self.world.org.login, site.cname
        state = site.certificate(self.world.clock())
        certificate = state and {
            "state": state,
            "description": "The certificate has been approved." if state == "approved" else "Not yet.",
            "domains": [cname],
            **({"expires_at": "2026-09-10"} if state == "approved" else {}),
        }
        return {
            "url": f"{self.base}/repos/{org}/{repo.name}/pages",
            "status": "built" if site.build_type == "legacy" else None,
            "cname": cname,
            "custom_404": False,
            "html_url": f"https://{cname}/" if cname else f"https://{org.lower()}.github.io/{repo.name}/",
            "build_type": site.build_type,
            "source": {"branch": site.branch, "path": site.path},
            "public": True,
            "pending_domain_unverified_at": None,
            "protected_domain_state": site.protected,
            "https_enforced": site.https_enforced,
            **({"https_certificate": certificate} if certificate else {}),
        }


def node_id(kind: str, number: int) -> str:
    """Return the id of an object in GraphQL."""
    return b64encode(f"{len(kind):03}:{kind}{number}".encode()).decode()


def stamp(moment: datetime) -> str:
    """Return a time as GitHub writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
