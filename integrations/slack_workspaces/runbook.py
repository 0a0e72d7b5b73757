"""How somebody does in our workspaces, by hand, what the bot does."""

from bot.core.runbook import ByHand, Call, Runbook
from integrations.slack_workspaces.resources import ANNOUNCEMENT
from integrations.slack_workspaces.settings import SlackWorkspacesSettings


def runbook(settings: SlackWorkspacesSettings) -> Runbook:
    """Return how something is announced."""
    channel = settings.attendees.announcements or "CHANNEL"
    posted = Call(
        what="Post it",
        method="POST",
        url=f"{settings.url}/chat.postMessage",
        body={"channel": channel, "text": "TEXT"},
    )
    page = ByHand(
        what="An announcement to the attendees",
        where="In the attendees' workspace write it into the channel of announcements.",
        calls=(posted,),
    )
    return Runbook(headers=("Authorization: Bearer $SLACK_TOKEN",), pages={ANNOUNCEMENT.name: page})
