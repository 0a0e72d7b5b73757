"""GitHub: people, teams, and who can push where."""

from bot.core.vendor import Vendor
from integrations.github.check import check, standing
from integrations.github.client import GithubClient, connect
from integrations.github.costs import told
from integrations.github.documents import PREFIX, Document
from integrations.github.effects import gained, gaining, levels, lost, people, why
from integrations.github.levels import Level
from integrations.github.live import live
from integrations.github.lookup import User, find_account, find_repository, find_team, find_user, site_year
from integrations.github.names import NAMES
from integrations.github.reads import Access, Account, GithubReads, Invite, Member, Path, Repository, Team
from integrations.github.resources import (
    APPROVED,
    BRANCH,
    COLLABORATOR,
    FILE,
    INVITATION,
    ORG_MEMBER,
    PAGES,
    PULL_REQUEST,
    REPOSITORY,
    RESOURCES,
    TEAM_MEMBER,
    TEAM_REPO,
    TEMPLATE,
    WORKFLOW_RUN,
    Branch,
    Collaborator,
    File,
    Invitation,
    NewRepository,
    OrgMember,
    Pages,
    PullRequest,
    TeamMember,
    TeamRepo,
    Template,
)
from integrations.github.rights import RIGHTS
from integrations.github.runbook import runbook
from integrations.github.settings import GithubSettings
from integrations.github.setup import ASKS, by_hand
from integrations.github.webhooks import webhooks

__all__ = [
    "APPROVED",
    "BRANCH",
    "COLLABORATOR",
    "FILE",
    "GITHUB",
    "INVITATION",
    "ORG_MEMBER",
    "PAGES",
    "PREFIX",
    "PULL_REQUEST",
    "REPOSITORY",
    "TEAM_MEMBER",
    "TEAM_REPO",
    "TEMPLATE",
    "WORKFLOW_RUN",
    "Access",
    "Account",
    "Branch",
    "Collaborator",
    "Document",
    "File",
    "GithubReads",
    "GithubSettings",
    "Invitation",
    "Invite",
    "Level",
    "Member",
    "NewRepository",
    "OrgMember",
    "Pages",
    "Path",
    "PullRequest",
    "Repository",
    "Team",
    "TeamMember",
    "TeamRepo",
    "Template",
    "User",
    "find_account",
    "find_repository",
    "find_team",
    "find_user",
    "gained",
    "gaining",
    "levels",
    "lost",
    "people",
    "site_year",
    "why",
]

GITHUB: Vendor[GithubSettings, GithubClient, GithubReads] = Vendor(
    name="github",
    title="GitHub",
    settings=GithubSettings,
    connect=connect,
    reads=GithubReads,
    resources=RESOURCES,
    check=check,
    standing=standing,
    webhooks=webhooks,
    names=NAMES,
    live=live,
    costs=told,
    claims=GithubReads.domains,
    deployer=lambda reads: reads.actions,
    account=GithubClient.account,
    health=GithubReads.health,
    rights=RIGHTS,
    asks=ASKS,
    by_hand=by_hand,
    runbook=runbook,
)
