"""What `infra init` asks about our Slack workspaces, and how to do the bot's work there by hand."""

from bot.core.vendor import Ask
from integrations.slack_workspaces.settings import SlackWorkspacesSettings

HOW = "In that workspace: api.slack.com/apps, the app, OAuth & Permissions, Install. It begins with xoxb."

ASKS = (
    Ask(
        "organisers.token",
        "The bot token for the organisers' workspace",
        "The one of this bot will do: with it who administers the workspace is seen. It is not shown.",
        HOW,
        begins=("xoxb-",),
    ),
    Ask(
        "attendees.token",
        "The bot token for the attendees' workspace",
        "An app of yours is installed there too: it looks, and posts what owners approved. It is not shown.",
        f"{HOW} Scopes: users:read, channels:read, channels:history, chat:write.",
        begins=("xoxb-",),
    ),
    Ask(
        "attendees.announcements",
        "The channel for announcements in the attendees' workspace",
        "`announce` posts there; invite the bot to it.",
        "The channel's details, at the bottom: an id that begins with C.",
    ),
)


def by_hand(_settings: SlackWorkspacesSettings) -> tuple[str, ...]:
    """Return how to look after the workspaces, as one of their admins."""
    return ("Invite somebody to Slack, or make them an admin: the workspace's name, Manage members",)
