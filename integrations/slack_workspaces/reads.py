"""What the bot asks our workspaces, in our words: who administers them is named, everybody else counted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.core.errors import Refused
from bot.core.people import listed
from bot.core.values import Value
from integrations.slack_workspaces.client import SlackWorkspacesClient
from integrations.slack_workspaces.client import Workspace as Client
from integrations.slack_workspaces.models import Auth, User

LOOKING = {"users:read"}
ORGANISERS, ANNOUNCED_IN = "organisers", "attendees"


class Workspace(Value):
    """A workspace: who administers it, how many are in it, what our app there may do.

    *plain* are those admins who log in without a second factor, None when Slack does not show it.
    """

    name: str
    team: str
    url: str
    members: int
    guests: int
    admins: tuple[str, ...]
    plain: tuple[str, ...] | None
    scopes: tuple[str, ...]
    lacks: tuple[str, ...]
    invite: str | None

    @property
    def able(self) -> str:
        """Return who can do there what a bot cannot."""
        return listed(self.admins) if self.admins else "an admin"

    @property
    def inviting(self) -> str:
        """Return how somebody is invited: a bot cannot do that."""
        if self.invite:
            return f"give them this link: {self.invite}"
        return f"ask {self.able}: the workspace's name, *Invite people*. A bot cannot."


class Place(Value):
    """Where announcements are posted."""

    workspace: str
    team: str
    channel: str


@dataclass(frozen=True)
class SlackWorkspacesReads:
    """Our workspaces, looked at."""

    _client: SlackWorkspacesClient

    @property
    def names(self) -> tuple[str, ...]:
        """Return what we call our workspaces."""
        return tuple(self._client.workspaces)

    async def workspace(self, name: str) -> Workspace:
        """Return one workspace as it is now; who is in it may be an hour old."""
        client = self._client.workspaces[name]
        auth, users = await client.auth(), [each for each in await client.users() if _somebody(each)]
        admins = [each for each in users if each.is_admin or each.is_owner]
        guests = sum(each.is_restricted or each.is_ultra_restricted for each in users)
        return Workspace(
            name=name,
            team=auth.team,
            url=auth.url,
            members=len(users) - guests,
            guests=guests,
            admins=tuple(sorted(each.name for each in admins)),
            plain=_plain(admins),
            scopes=tuple(sorted(auth.scopes)),
            lacks=_lacking(auth, needed(client)),
            invite=client.settings.invite,
        )

    async def place(self) -> Place:
        """Return where announcements are posted; Refused when they cannot be, or could not be found again."""
        client = self._client.workspaces[ANNOUNCED_IN]
        if client.settings.announcements is None:
            raise Refused(
                f"No channel for announcements to {ANNOUNCED_IN} is set up.",
                f"The maintainer sets `integrations.slack_workspaces.{ANNOUNCED_IN}.announcements`.",
            )
        auth, channel = await client.auth(), await client.channel(client.settings.announcements)
        history = "groups:history" if channel.is_private else "channels:history"
        if lacks := _lacking(auth, {"chat:write", history}):
            raise Refused(
                f"Our app in {auth.team} lacks the scope `{lacks[0]}`, so nothing can be announced there.",
                "An admin there adds it to the app, and installs it again.",
            )
        if not channel.is_member or channel.is_archived:
            why = "is archived" if channel.is_archived else "does not have our bot in it"
            raise Refused(f"#{channel.name} in {auth.team} {why}.", "Somebody in it says `/invite`.")
        return Place(workspace=client.name, team=auth.team, channel=channel.name)


def needed(client: Client) -> frozenset[str]:
    """Return the scopes that our app needs in a workspace; those of announcements where it posts them."""
    posts = {"channels:history", "channels:read", "chat:write"} if client.settings.announcements else set()
    return frozenset(LOOKING | posts)


def _lacking(auth: Auth, wanted: Collection[str]) -> tuple[str, ...]:
    """Return which scopes are missing; none when Slack does not say which there are."""
    return tuple(sorted(set(wanted) - auth.scopes)) if auth.scopes else ()


def _somebody(user: User) -> bool:
    """Return whether this is a person of the workspace; Slackbot does not say that it is a bot."""
    return not (user.deleted or user.is_bot or user.is_stranger or user.id == "USLACKBOT")


def _plain(admins: Iterable[User]) -> tuple[str, ...] | None:
    shown = [each for each in admins if each.has_2fa is not None]
    return tuple(sorted(each.name for each in shown if not each.has_2fa)) if shown else None
