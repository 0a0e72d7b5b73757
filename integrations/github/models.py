"""GitHub's answers, in its own words; unknown fields are ignored."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.http.shape import Shape
from integrations.github.levels import Level

N = TypeVar("N")


class User(Shape):
    """An account, as REST lists and shows it."""

    login: str
    type: str = "User"
    name: str | None = None
    created_at: datetime | None = None


class Plan(Shape):
    """What the organisation pays for."""

    name: str = ""
    filled_seats: int | None = None


class Used(Shape):
    """What was used on a day of a product such as Actions, and what of it is to be paid, in US dollars."""

    product: str = ""
    unit: str = Field("", alias="unitType")
    quantity: Decimal = Decimal(0)
    net: Decimal = Field(Decimal(0), alias="netAmount")


class Usage(Shape):
    """What the organisation used in a month; nothing when nobody pays for it."""

    items: tuple[Used, ...] = Field((), alias="usageItems")


class Organization(Shape):
    """The organisation; the optional part is for owners' tokens."""

    login: str
    created_at: datetime | None = None
    default_repository_permission: str | None = None
    two_factor_requirement_enabled: bool | None = None
    plan: Plan | None = None

    @property
    def base(self) -> Level | None:
        """Return the level every member has on every repository, if any and if we may know."""
        return Level.named(self.default_repository_permission)


class Membership(Shape):
    """Somebody's place in the organisation or in a team; *state* is active or pending."""

    role: str
    state: str = "active"


class Parent(Shape):
    """The team above a team."""

    slug: str


class Team(Shape):
    """A team; the counts come only with a team on its own."""

    slug: str
    name: str
    description: str | None = None
    parent: Parent | None = None
    members_count: int | None = None
    repos_count: int | None = None


class Granted(Shape):
    """Something that carries a level: a repository of a team, or a collaborator."""

    role_name: str | None = None
    permissions: Mapping[str, bool] = {}

    @property
    def level(self) -> Level | None:
        """Return the level in our words."""
        return Level.highest(self.role_name, self.permissions)


class Repository(Granted):
    """A repository."""

    name: str
    private: bool = False
    archived: bool = False
    description: str | None = None
    default_branch: str | None = None
    open_issues_count: int = 0
    pushed_at: datetime | None = None
    has_pages: bool = True
    is_template: bool = False
    html_url: str = ""


class SiteSource(Shape):
    """Where a site is built from; *path* is ``/`` or ``/docs``."""

    branch: str
    path: str = "/"


class Certificate(Shape):
    """A site's certificate: new, authorization_pending, … approved, or errored, bad_authz."""

    state: str


class PagesSite(Shape):
    """How GitHub Pages publishes a repository; under the name *cname*, if it has one of its own.

    *build_type* is legacy (from a branch) or workflow; *protected_domain_state* whether our domain
    is verified: verified, pending, unverified, or None when nobody asked for it.
    """

    cname: str | None = None
    build_type: str | None = None
    source: SiteSource | None = None
    https_certificate: Certificate | None = None
    https_enforced: bool = False
    protected_domain_state: str | None = None


class Entry(Shape):
    """A file or folder in a repository."""

    name: str
    type: str


class Collaborator(Granted):
    """Somebody with access to a repository; the level is the highest from any source."""

    login: str


class RepositoryInvitation(Shape):
    """Somebody who was invited to a repository."""

    id: int
    invitee: User | None = None
    permissions: str
    created_at: datetime
    expired: bool = False
    html_url: str | None = None


class OrganizationInvitation(Shape):
    """Somebody who was invited into the organisation, by login or by e-mail."""

    id: int
    login: str | None = None
    email: str | None = None
    role: str
    created_at: datetime
    inviter: User | None = None
    team_count: int = 0
    failed_at: datetime | None = None
    failed_reason: str | None = None


class Node(Shape):
    """Part of a GraphQL answer."""

    model_config = ConfigDict(alias_generator=to_camel)


class PageInfo(Node):
    """Whether a connection goes on."""

    has_next_page: bool = False
    end_cursor: str | None = None


class Page(Node, Generic[N]):
    """A page of a connection; the one list of *edges* and *nodes* that was asked for is filled."""

    page_info: PageInfo = PageInfo()
    edges: tuple[N, ...] = ()
    nodes: tuple[N, ...] = ()


class Login(Node):
    """An account by its login."""

    login: str


class MemberEdge(Node):
    """Somebody in the organisation or in a team, in capitals: ADMIN, MEMBER, MAINTAINER."""

    role: str
    node: Login


class TeamRepository(Node):
    """A repository by its name."""

    name: str


class TeamRepositoryEdge(Node):
    """What a team may do on a repository."""

    permission: str
    node: TeamRepository


class InvitationNode(Node):
    """Somebody invited into a team."""

    invitee: Login | None = None
    email: str | None = None


class ParentTeam(Node):
    """The team above a team."""

    slug: str


class TeamNode(Node):
    """A team with its people and repositories."""

    slug: str
    name: str
    description: str | None = None
    parent_team: ParentTeam | None = None
    members: Page[MemberEdge]
    invitations: Page[InvitationNode] = Page()
    repositories: Page[TeamRepositoryEdge]


class Source(Node):
    """Where a permission comes from: Organization, Team or Repository (a direct grant)."""

    typename: str = Field(alias="__typename")


class PermissionSource(Node):
    """One reason for access; *permission* knows READ, WRITE and ADMIN only, *role_name* all levels."""

    permission: str
    role_name: str | None = None
    source: Source

    @property
    def level(self) -> Level | None:
        """Return the level in our words."""
        return Level.named(self.role_name) or Level.named(self.permission)


class CollaboratorEdge(Node):
    """Somebody with a direct grant, and all reasons for their access."""

    node: Login
    permission_sources: tuple[PermissionSource, ...] | None = None

    @property
    def direct(self) -> Level | None:
        """Return the level of the direct grant alone."""
        own = [s.level for s in self.permission_sources or () if s.source.typename == "Repository"]
        return max((level for level in own if level), default=None)


class RepositoryNode(Node):
    """A repository with those who have a direct grant; None where our token may not see them."""

    name: str
    collaborators: Page[CollaboratorEdge] | None = None


class OrganizationNode(Node):
    """The organisation with the first page of everything."""

    members_with_role: Page[MemberEdge]
    pending_members: Page[Login] | None = None
    teams: Page[TeamNode]
    repositories: Page[RepositoryNode]


class Account(Shape):
    """Who, in a webhook."""

    login: str


class NamedTeam(Shape):
    """Which team, in a webhook; a deleted one has no slug."""

    slug: str | None = None


class NamedRepository(Shape):
    """Which repository, in a webhook."""

    name: str


class Place(Shape):
    """Whose place in the organisation, in a webhook."""

    user: Account | None = None


class Former(Shape):
    """What a field was before."""

    was: str | None = Field(None, alias="from")


class FormerRepository(Shape):
    """What a repository was before."""

    name: Former = Former()


class Changes(Shape):
    """What was before, in a webhook, as far as it is a name."""

    repository: FormerRepository = FormerRepository()


class Happening(Shape):
    """What a webhook says has happened: the parts that name whom or what it concerns."""

    action: str = ""
    organization: Account | None = None
    member: Account | None = None
    user: Account | None = None
    membership: Place | None = None
    team: NamedTeam | None = None
    repository: NamedRepository | None = None
    changes: Changes | None = None
    sender: Account | None = None
