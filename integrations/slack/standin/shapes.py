"""The shapes in which Slack writes users, conversations, messages, views and payloads."""

import json
import mimetypes
import secrets
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from . import limits
from .state import Channel, File, Json, Message, User, View, Workspace

DEPRECATED = "verification-token"
_FORM_KEYS = ("title", "submit", "close")


def identified(blocks: Iterable[Json]) -> list[Json]:
    """Return a copy of *blocks* in which each block and element has an id, given by Slack where missing."""
    copy: list[Json] = json.loads(json.dumps(list(blocks)))
    for block in copy:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in limits.elements(block):
            if element["type"] != "image":
                element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return copy


def user(workspace: Workspace, somebody: User) -> Json:
    """Return the user object; the e-mail only with its scope."""
    offset = workspace.clock().astimezone(ZoneInfo(somebody.tz)).utcoffset() or timedelta()
    profile = {
        "real_name": somebody.real_name,
        "real_name_normalized": somebody.real_name,
        "display_name": somebody.name,
        "display_name_normalized": somebody.name,
        "status_text": "",
        "status_emoji": "",
        "team": somebody.team_id,
    }
    if somebody.is_bot:
        profile |= {"bot_id": workspace.bot_id, "api_app_id": workspace.app_id}
    elif "users:read.email" in workspace.scopes:
        profile["email"] = somebody.email
    fields = asdict(somebody)
    del fields["email"]
    if somebody.has_2fa is None:
        del fields["has_2fa"]
    return {
        **fields,
        "tz_label": somebody.tz,
        "tz_offset": int(offset.total_seconds()),
        "profile": profile,
        "is_primary_owner": False,
        "is_app_user": False,
        "is_email_confirmed": True,
    }


def conversation(workspace: Workspace, channel: Channel) -> Json:
    """Return the conversation object."""
    shape: Json = {
        "id": channel.id,
        "created": 1_400_000_000,
        "is_archived": channel.archived,
        "is_im": bool(channel.person),
        "is_org_shared": False,
        "context_team_id": workspace.team_id,
        "updated": 1_400_000_000_000,
    }
    if channel.person:
        return {**shape, "user": channel.person, "is_user_deleted": workspace.users[channel.person].deleted}
    return {
        **shape,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_general": channel.name == "general",
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_member": workspace.bot_user_id in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def message(workspace: Workspace, posted: Message, *, with_metadata: bool = False) -> Json:
    """Return the message object; metadata only where it was asked for."""
    shape: Json = {
        "type": "message",
        "user": posted.user,
        "ts": posted.ts,
        "text": posted.text,
        "team": workspace.team_id,
    }
    if posted.bot_id:
        shape |= {"bot_id": posted.bot_id, "app_id": workspace.app_id}
    if posted.files:
        shape["files"] = [file(workspace, each) for each in posted.files]
    optional = {"blocks": posted.blocks, "thread_ts": posted.thread_ts, "edited": posted.edited}
    shape |= {key: value for key, value in optional.items() if value}
    if with_metadata and posted.metadata:
        shape["metadata"] = posted.metadata
    return shape


def file(workspace: Workspace, held: File) -> Json:
    """Return the file object."""
    kind = mimetypes.guess_type(held.name)[0] or "application/octet-stream"
    address = workspace.url(f"/files-pri/{workspace.team_id}-{held.id}/{held.name}")
    return {
        "id": held.id,
        "created": workspace.now,
        "timestamp": workspace.now,
        "name": held.name,
        "title": held.title or held.name,
        "mimetype": kind,
        "filetype": held.name.rpartition(".")[2],
        "user": workspace.bot_user_id,
        "size": held.length,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": address,
        "url_private_download": address,
    }


def view(workspace: Workspace, shown: View) -> Json:
    """Return the view object with what was typed so far."""
    body = shown.body
    shape: Json = {
        "id": shown.id,
        "team_id": workspace.team_id,
        "type": body["type"],
        "blocks": shown.blocks,
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": deepcopy(shown.inputs)},
        "hash": shown.hash,
        **{key: body.get(key) for key in _FORM_KEYS},
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "previous_view_id": shown.previous_id,
        "root_view_id": shown.root_id,
        "app_id": workspace.app_id,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
    return shape


def team(workspace: Workspace, somebody: User) -> Json:
    """Return the team of a payload: the person's own, which in shared channels may be another one."""
    ours = somebody.team_id == workspace.team_id
    return {"id": somebody.team_id, "domain": workspace.team_domain if ours else "another-workspace"}


def interaction(workspace: Workspace, kind: str, somebody: User) -> Json:
    """Return what all interactivity payloads share."""
    return {
        "type": kind,
        "team": team(workspace, somebody),
        "user": {
            "id": somebody.id,
            "username": somebody.name,
            "name": somebody.name,
            "team_id": somebody.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": DEPRECATED,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _told_name(channel: Channel) -> str:
    """Return the name of a conversation in payloads; private ones are not named."""
    return {"im": "directmessage", "groups": "privategroup"}.get(channel.kind, channel.name)


def command(workspace: Workspace, somebody: User, channel: Channel, word: str, text: str) -> Json:
    """Return the fields of a slash command."""
    return {
        "token": DEPRECATED,
        "team_id": somebody.team_id,
        "team_domain": team(workspace, somebody)["domain"],
        "channel_id": channel.id,
        "channel_name": _told_name(channel),
        "user_id": somebody.id,
        "user_name": somebody.name,
        "command": word,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.mint_response_url("commands", somebody.id, channel.id),
        "trigger_id": workspace.mint_trigger(somebody.id),
    }


def in_message(workspace: Workspace, posted: Message) -> Json:
    """Return where an interaction happened, for one in a message; a note's text is not sent along."""
    channel = workspace.channels[posted.channel]
    container: Json = {
        "type": "message",
        "message_ts": posted.ts,
        "channel_id": channel.id,
        "is_ephemeral": posted.ephemeral_to is not None,
    }
    if posted.thread_ts:
        container["thread_ts"] = posted.thread_ts
    place: Json = {"container": container, "channel": {"id": channel.id, "name": _told_name(channel)}}
    if posted.ephemeral_to is None:
        place["message"] = message(workspace, posted)
    return place


def in_view(workspace: Workspace, shown: View) -> Json:
    """Return where an interaction happened, for one in a modal or home."""
    return {"container": {"type": "view", "view_id": shown.id}, "view": view(workspace, shown)}


def event(workspace: Workspace, happened: Json, *, shared: bool = False) -> Json:
    """Return the envelope of an event."""
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": DEPRECATED,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": happened,
        "type": "event_callback",
        "event_id": workspace.mint_id("Ev"),
        "event_time": workspace.now,
        "authorizations": [authorization],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }


def page(items: Sequence[Any], start: int, limit: int) -> tuple[Sequence[Any], str]:
    """Return a page of *items* and the cursor of the next, empty at the end."""
    end = start + limit
    return items[start:end], f"offset:{end}" if end < len(items) else ""
