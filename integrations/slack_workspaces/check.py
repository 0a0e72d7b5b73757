"""What ``infra check`` finds out about our Slack workspaces."""

from bot.core.errors import BotError, Refused, VendorError
from bot.core.vendor import Finding
from integrations.slack_workspaces.client import SlackWorkspacesClient
from integrations.slack_workspaces.health import about
from integrations.slack_workspaces.reads import SlackWorkspacesReads


async def check(client: SlackWorkspacesClient) -> tuple[Finding, ...]:
    """Return how each workspace is, what our app there lacks, and where announcements go."""
    reads, found = SlackWorkspacesReads(client), list[Finding]()
    for name in reads.names:
        try:
            found += about(await reads.workspace(name))
        except VendorError as error:
            found.append(Finding(level="bad", text=error.message, hint=error.hint))
    return (*found, await _announcing(reads))


async def _announcing(reads: SlackWorkspacesReads) -> Finding:
    try:
        place = await reads.place()
    except BotError as error:
        level = "warning" if isinstance(error, Refused) else "bad"
        return Finding.model_validate({"level": level, "text": error.message, "hint": error.hint})
    return Finding(level="good", text=f"Announcements go to #{place.channel} in {place.team}.")
