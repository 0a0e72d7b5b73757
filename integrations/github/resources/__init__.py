"""What the bot can change on GitHub. Each write is one call that changes something."""

from integrations.github.resources.collaborators import COLLABORATOR, Collaborator
from integrations.github.resources.organisation import INVITATION, ORG_MEMBER, Invitation
from integrations.github.resources.proposals import (
    BRANCH,
    FILE,
    PULL_REQUEST,
    Branch,
    File,
    PullRequest,
)
from integrations.github.resources.runs import WORKFLOW_RUN
from integrations.github.resources.shared import OrgMember
from integrations.github.resources.sites import (
    APPROVED,
    PAGES,
    REPOSITORY,
    TEMPLATE,
    NewRepository,
    Pages,
    Template,
)
from integrations.github.resources.teams import TEAM_MEMBER, TEAM_REPO, TeamMember, TeamRepo

__all__ = [
    "APPROVED",
    "BRANCH",
    "COLLABORATOR",
    "FILE",
    "INVITATION",
    "ORG_MEMBER",
    "PAGES",
    "PULL_REQUEST",
    "REPOSITORY",
    "RESOURCES",
    "TEAM_MEMBER",
    "TEAM_REPO",
    "TEMPLATE",
    "WORKFLOW_RUN",
    "Branch",
    "Collaborator",
    "File",
    "Invitation",
    "NewRepository",
    "OrgMember",
    "Pages",
    "PullRequest",
    "TeamMember",
    "TeamRepo",
    "Template",
]

RESOURCES = (
    TEAM_REPO,
    TEAM_MEMBER,
    COLLABORATOR,
    ORG_MEMBER,
    INVITATION,
    TEMPLATE,
    REPOSITORY,
    PAGES,
    WORKFLOW_RUN,
    BRANCH,
    FILE,
    PULL_REQUEST,
)
