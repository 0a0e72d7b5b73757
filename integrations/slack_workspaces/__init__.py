"""Our Slack workspaces: who administers them, and announcements to the attendees'."""

from bot.core.vendor import Vendor
from integrations.slack_workspaces.check import check
from integrations.slack_workspaces.client import SlackWorkspacesClient, connect
from integrations.slack_workspaces.health import health
from integrations.slack_workspaces.reads import ORGANISERS, Place, SlackWorkspacesReads, Workspace
from integrations.slack_workspaces.resources import ANNOUNCEMENT
from integrations.slack_workspaces.runbook import runbook
from integrations.slack_workspaces.settings import SlackWorkspacesSettings
from integrations.slack_workspaces.setup import ASKS, by_hand

__all__ = [
    "ANNOUNCEMENT",
    "ORGANISERS",
    "SLACK_WORKSPACES",
    "Place",
    "SlackWorkspacesReads",
    "SlackWorkspacesSettings",
    "Workspace",
]

SLACK_WORKSPACES: Vendor[SlackWorkspacesSettings, SlackWorkspacesClient, SlackWorkspacesReads] = Vendor(
    name="slack_workspaces",
    title="Slack",
    settings=SlackWorkspacesSettings,
    connect=connect,
    reads=SlackWorkspacesReads,
    resources=(ANNOUNCEMENT,),
    check=check,
    account=SlackWorkspacesClient.account,
    health=health,
    asks=ASKS,
    by_hand=by_hand,
    runbook=runbook,
)
