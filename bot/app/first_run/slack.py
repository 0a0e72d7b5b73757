"""The Slack step: the app from its manifest, its tokens, the channel of approvals."""

import json
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bot.app.first_run.interview import Interview
from bot.core.errors import Denied
from bot.core.people import listed
from bot.frontends.slack import setup
from bot.frontends.slack.manifest import manifest
from bot.frontends.slack.setup import Room, Workspace
from bot.frontends.terminal.dialogue import Question
from commands import COMMANDS
from config import draft
from config.settings import Slack


async def enter(talk: Interview, stack: AsyncExitStack) -> Workspace:
    """Settle the app's tokens; return the way into the workspace, open as long as *stack*."""
    if talk.secret("slack.bot_token") is None:
        _explain_the_app(talk)
    api_url = str(talk.draft.get("slack.api_url") or Slack.model_fields["api_url"].default)
    while True:
        token = talk.answer("slack", setup.BOT_TOKEN)
        async with AsyncExitStack() as inside:
            workspace = await inside.enter_async_context(setup.workspace(api_url, token))
            if await _is_ours(talk, workspace):
                stack.push_async_exit(inside.pop_all())
                break
        talk.anew("slack.bot_token")
    if talk.transport == "http":
        talk.answer("slack", setup.SIGNING_SECRET)
    else:
        await _app_token(talk, workspace)
    return workspace


def _manifest_file(talk: Interview) -> Path:
    return talk.draft.file.with_name("slack-app.json")


def _explain_the_app(talk: Interview) -> None:
    url = talk.draft.get("server.public_url") if talk.transport == "http" else None
    made = manifest(COMMANDS, str(talk.value("organisation.name")), str(url) if url else None)
    draft.replace(_manifest_file(talk), json.dumps(made, indent=2, ensure_ascii=False) + "\n", 0o644)
    talk.dialogue.say(
        f"\nThe Slack app, once: its manifest is in {_manifest_file(talk)}.\n"
        f"  1. Open {setup.NEW_APP}, choose From a manifest and the organisers' workspace.\n"
        "  2. As JSON, paste the whole file; Create.\n"
        "  3. Install to Workspace. An admin of the workspace may have to agree."
    )


async def _is_ours(talk: Interview, workspace: Workspace) -> bool:
    """Look whose the bot token is; False when Slack does not accept it."""
    while True:
        try:
            who = await talk.tried("Slack is asked whose the token is", workspace.identity)
        except Denied as denied:
            talk.dialogue.wrong(denied.message, denied.hint)
            return False
        if not who.lacking:
            break
        hint = f"Paste {_manifest_file(talk)} on its page App Manifest, or add them on OAuth & Permissions."
        talk.dialogue.wrong(f"Slack: the app lacks {listed(who.lacking, 'and')}.", hint)
        talk.wait("Install the app again (page Install App), then press Enter.")
    talk.dialogue.good(f"Slack: the bot is in {who.team}.")
    if talk.draft.get("slack.team_id") != who.team_id:
        talk.keep("slack.team_id", who.team_id)
        if who.app_id and talk.fault("slack.app_id", who.app_id) is None:
            talk.keep("slack.app_id", who.app_id)
    return True


async def _app_token(talk: Interview, workspace: Workspace) -> None:
    while True:
        token = talk.answer("slack", setup.APP_TOKEN)
        try:
            await talk.tried("Slack is asked for a socket", partial(workspace.try_socket, token))
        except Denied as denied:
            talk.dialogue.wrong(denied.message, "It needs the scope connections:write. Make another one.")
            talk.anew("slack.app_token")
        else:
            talk.dialogue.good("Slack: Socket Mode can be opened.")
            return


async def approvals(talk: Interview, workspace: Workspace) -> None:
    """Settle the channel of approvals; the bot must be inside."""
    key = "slack.channels.approvals"
    if talk.known(key):
        return
    room = None
    while room is None or not room.inside:
        room = _room(talk, await talk.tried("Slack is asked for its channels", workspace.rooms))
        if room and not room.inside:
            hint = f"In Slack, say /invite @infra in #{room.name}."
            talk.dialogue.wrong(f"The bot is not in #{room.name}.", hint)
            talk.wait("Press Enter when it is there.")
    talk.keep(key, room.id)
    talk.done(key)
    talk.dialogue.good(f"Slack: cards go to #{room.name}.")


def _room(talk: Interview, rooms: tuple[Room, ...]) -> Room | None:
    """Return the channel that was chosen; None to look again."""
    ask, inside = setup.APPROVALS, [room for room in rooms if room.inside]
    if not inside:
        hint = "In Slack, make one, say /invite @infra there, and press Enter."
        talk.dialogue.wrong("The bot is in no channel that could be it.", hint)
    offered = inside or rooms
    names = tuple(f"#{room.name}" for room in offered)

    def chosen(said: str) -> Room | None:
        if said.isdecimal():
            return offered[int(said) - 1] if 0 < int(said) <= len(offered) else None
        return next((room for room in rooms if room.name == said.casefold().removeprefix("#")), None)

    def complaint(said: str) -> str | None:
        return (
            None if chosen(said) else f"The bot sees no channel `{said}`. If it is private, invite the bot."
        )

    default = names[0] if inside else ""
    question = Question(ask.title, ask.why, ask.how, default, optional=not inside, options=names)
    return chosen(talk.dialogue.ask(question, complaint))
