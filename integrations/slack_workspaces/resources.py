"""What the bot can do in our workspaces: announce something, once."""

from collections.abc import Sequence

from bot.core.change import Sought
from bot.core.errors import Rejected
from bot.core.run import Run, Stage, run_of
from integrations.slack_workspaces.client import SlackWorkspacesClient, Workspace
from integrations.slack_workspaces.models import Message


async def _post(client: SlackWorkspacesClient, target: str, marker: str) -> str:
    workspace, channel, text = _parts(client, target)
    return await workspace.post(channel, escaped(text), marker)


async def _posted(client: SlackWorkspacesClient, target: str, sought: Sought) -> Sequence[Run]:
    """Return what was posted: by its name or the mark it carries, or by our bot in the same words."""
    workspace, channel, text = _parts(client, target)
    messages = await workspace.history(channel, sought.since)
    ours = [each for each in messages if each.ts == sought.run or each.key == sought.marker]
    auth = await workspace.auth()
    if not ours:
        said = [each for each in messages if each.user == auth.user_id and not each.key]
        ours = [each for each in said if each.text == escaped(text)]
    return [_run(each, workspace, f"{auth.url.rstrip('/')}/archives/{channel}") for each in ours]


def _run(found: Message, workspace: Workspace, where: str) -> Run:
    return Run(
        id=found.ts,
        stage=Stage.GOOD,
        name=f"The announcement to {workspace.name}",
        link=f"{where}/p{found.ts.replace('.', '')}",
    )


def _parts(client: SlackWorkspacesClient, target: str) -> tuple[Workspace, str, str]:
    """Return the workspace, the channel's id and the words of a target: ``attendees/Doors open at nine``."""
    name, _, text = target.partition("/")
    workspace = client.workspaces[name]
    if workspace.settings.announcements is None:
        raise Rejected(workspace.title, f"{workspace.title} has no channel for announcements.", "Set one up.")
    return workspace, workspace.settings.announcements, text


def escaped(text: str) -> str:
    """Return what people wrote so that Slack shows it as it is, and pings nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _say(target: str) -> str:
    name, _, text = target.partition("/")
    return f"This is posted to {name}: “{text}”"


ANNOUNCEMENT = run_of("slack_workspaces.announcement", _post, _posted, _say)
