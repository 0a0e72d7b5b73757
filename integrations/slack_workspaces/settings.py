"""The section ``integrations.slack_workspaces`` of the configuration."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from bot.core.values import Value
from bot.http import Address

ChannelId = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{2,20}$")]


class WorkspaceSettings(Value):
    """One workspace, and the app of ours that is installed in it."""

    url: Address | None = Field(None, description="Where it is, when not at the `url` of all.")
    token: SecretStr = Field(description="The bot token of the app installed there, begins with xoxb.")
    announcements: ChannelId | None = Field(
        None, description="The channel in which `announce` posts; the bot must be in it."
    )
    invite: Address | None = Field(
        None, description="The link with which somebody joins: an admin makes it, since a bot cannot invite."
    )


class SlackWorkspacesSettings(Value):
    """The workspaces that the bot looks at: the organisers' own, where it lives, and the attendees'."""

    url: Address = Field("https://slack.com/api", description="The Web API.")
    organisers: WorkspaceSettings = Field(description="The organisers' workspace.")
    attendees: WorkspaceSettings = Field(description="The attendees' workspace.")
