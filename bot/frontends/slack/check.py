"""What ``infra check`` looks at in Slack: the token, its rights, the channel of approvals."""

from collections.abc import Mapping

from bot.core.vendor import Finding
from bot.frontends.slack.manifest import SCOPES
from bot.frontends.slack.outgoing import Outgoing, SlackAway, SlackRefused

SHOWN = {"approvals": "cards", "digests": "digests"}


async def look(
    outgoing: Outgoing, team_id: str, channels: Mapping[str, str], app_token: str | None = None
) -> list[Finding]:
    """Return what is right and wrong with our way to Slack, and with *app_token* its way to us.

    *channels* are those that we speak in, by the name that the settings have for them.
    """
    try:
        who, scopes = await outgoing.whoami()
    except SlackAway as away:
        return [Finding.bad(f"Slack {away}.", "Look at `slack.api_url` and the network.")]
    except SlackRefused as refused:
        hint = "Take the bot's token anew from the app's page OAuth & Permissions: `slack.bot_token`."
        return [Finding.bad(f"Slack refuses the token: {refused.code}.", hint)]
    found = [_team(str(who.get("team_id", "")), team_id)]
    missing = [scope for scope in SCOPES if scope not in scopes]
    if scopes and missing:  # a Slack that names no scopes is believed
        hint = "Add these scopes, or the whole of `infra manifest`, and install the app again."
        found.append(Finding.bad(f"Slack: the app lacks {', '.join(missing)}.", hint))
    if app_token is not None:
        found.append(await _link(outgoing, app_token))
    return [*found, *[await _channel(outgoing, name, channel) for name, channel in channels.items()]]


def _team(team: str, expected: str) -> Finding:
    if team == expected:
        return Finding.good(f"Slack: the bot is in workspace {team}.")
    return Finding.bad(
        f"Slack: the token is of workspace {team}, not {expected}.", "Correct `slack.team_id`."
    )


async def _link(outgoing: Outgoing, app_token: str) -> Finding:
    try:
        await outgoing.link_address(app_token)
    except (SlackAway, SlackRefused) as error:
        hint = "Make one with `connections:write` on the app's page Basic Information: `slack.app_token`."
        return Finding.bad(f"Slack opens no socket with the app-level token: {error}.", hint)
    return Finding(level="good", text="Slack: Socket Mode can be opened.")


async def _channel(outgoing: Outgoing, use: str, id_: str) -> Finding:
    key = f"slack.channels.{use}"
    try:
        channel = await outgoing.channel(id_)
    except (SlackAway, SlackRefused) as error:
        hint = f"Correct `{key}`; invite the bot when the channel is private."
        return Finding.bad(f"Slack: the channel of {use} {id_} cannot be seen: {error}.", hint)
    name = channel.get("name", id_)
    if channel.get("is_archived"):
        return Finding.bad(f"Slack: #{name} is archived.", f"Unarchive #{name}, or correct `{key}`.")
    if channel.get("is_member") is False:
        return Finding.bad(f"Slack: the bot is not in #{name}.", f"Say `/invite @infra` in #{name}.")
    if channel.get("is_ext_shared"):
        hint = f"Choose a channel of this workspace alone: `{key}`."
        return Finding(level="warning", text=f"Slack: #{name} is shared with another workspace.", hint=hint)
    return Finding(level="good", text=f"Slack: {SHOWN[use]} go to #{name}.")
