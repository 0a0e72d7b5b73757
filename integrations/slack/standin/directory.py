"""Web API methods ``users.*`` and ``conversations.*``."""

from collections.abc import Sequence
from typing import Any

from . import shapes
from .arguments import flag, need, paging, words
from .state import Channel, Json, Message, SlackError, Workspace

_KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
_INVITE_SCOPES = {
    "channels": ("channels:manage", "channels:write.invites"),
    "groups": ("groups:write", "groups:write.invites"),
}


def _page(name: str, items: Sequence[Any], args: Json, usual: int = 100, most: int = 1000) -> Json:
    start, limit = paging(args, usual, most)
    held, cursor = shapes.page(items, start, limit)
    return {name: held, "response_metadata": {"next_cursor": cursor}}


def users_info(workspace: Workspace, args: Json) -> Json:
    """Return one user."""
    return {"user": shapes.user(workspace, workspace.user(need(args, "user")))}


def users_list(workspace: Workspace, args: Json) -> Json:
    """Return a page of users."""
    members = [shapes.user(workspace, each) for each in workspace.users.values()]
    return {**_page("members", members, args), "cache_ts": workspace.now}


def users_lookup_by_email(workspace: Workspace, args: Json) -> Json:
    """Return the user with an e-mail address."""
    email = need(args, "email").casefold()
    for each in workspace.users.values():
        if each.email.casefold() == email and not each.deleted:
            return {"user": shapes.user(workspace, each)}
    raise SlackError("users_not_found")


def info(workspace: Workspace, args: Json) -> Json:
    """Return one conversation."""
    return {"channel": shapes.conversation(workspace, workspace.bot_channel(need(args, "channel")))}


def conversations_list(workspace: Workspace, args: Json) -> Json:
    """Return a page of conversations of the kinds asked for; private ones only where the bot is inside."""
    kinds = []
    for kind in words(args, "types", "public_channel"):
        if kind not in _KINDS:
            raise SlackError("invalid_types")
        workspace.require(f"{_KINDS[kind]}:read")
        kinds.append(_KINDS[kind])
    found = [
        shapes.conversation(workspace, channel)
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (not channel.private or workspace.bot_user_id in channel.members)
        and not (channel.archived and flag(args, "exclude_archived"))
    ]
    return _page("channels", found, args)


def members(workspace: Workspace, args: Json) -> Json:
    """Return a page of a conversation's members."""
    channel = workspace.bot_channel(need(args, "channel"))
    return _page("members", channel.members, args)


def conversations_open(workspace: Workspace, args: Json) -> Json:
    """Open the direct conversation with one person."""
    people = words(args, "users")
    if len(people) != 1:
        raise SlackError("users_list_not_supplied" if not people else "not_supported_by_standin")
    channel = workspace.direct_channel(people[0])
    if flag(args, "return_im"):
        return {"channel": shapes.conversation(workspace, channel)}
    return {"channel": {"id": channel.id}}


def history(workspace: Workspace, args: Json) -> Json:
    """Return a page of a conversation's messages, newest first, without replies and private notes."""
    channel = _readable(workspace, args)
    top = [m for m in channel.messages if m.thread_ts in (None, m.ts)]
    answer = _messages(workspace, list(reversed(top)), args)
    return {**answer, "pin_count": len(channel.pins)}


def replies(workspace: Workspace, args: Json) -> Json:
    """Return a page of a thread, its parent first."""
    channel = _readable(workspace, args)
    ts = need(args, "ts")
    thread = [m for m in channel.messages if ts in (m.ts, m.thread_ts) and not m.ephemeral_to]
    if not thread:
        raise SlackError("thread_not_found")
    return _messages(workspace, thread, args)


def join(workspace: Workspace, args: Json) -> Json:
    """Let the bot join a public channel."""
    channel = workspace.bot_channel(need(args, "channel"))
    if channel.private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if workspace.bot_user_id not in channel.members:
        channel.members.append(workspace.bot_user_id)
        workspace.touch()
    return {"channel": shapes.conversation(workspace, channel)}


def invite(workspace: Workspace, args: Json) -> Json:
    """Bring people into a channel the bot is in."""
    channel = workspace.bot_channel(need(args, "channel"))
    if channel.person:
        raise SlackError("method_not_supported_for_channel_type")
    workspace.require(*_INVITE_SCOPES[channel.kind])
    if workspace.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    people = [workspace.user(each) for each in words(args, "users")]
    if any(each.id == workspace.bot_user_id for each in people):
        raise SlackError("cant_invite_self")
    if any(each.id in channel.members for each in people):
        raise SlackError("already_in_channel")
    if any(each.deleted for each in people):
        raise SlackError("cant_invite")
    if any(each.is_ultra_restricted for each in people):
        raise SlackError("user_is_restricted")
    channel.members += [each.id for each in people]
    workspace.touch()
    return {"channel": shapes.conversation(workspace, channel)}


def _readable(workspace: Workspace, args: Json) -> Channel:
    channel = workspace.bot_channel(need(args, "channel"))
    if workspace.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _messages(workspace: Workspace, found: Sequence[Message], args: Json) -> Json:
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9999999999.999999")
    inclusive, with_metadata = flag(args, "inclusive"), flag(args, "include_all_metadata")
    shown = [
        shapes.message(workspace, m, with_metadata=with_metadata)
        for m in found
        if not m.ephemeral_to
        and (float(oldest) < float(m.ts) < float(latest) or (inclusive and m.ts in (oldest, latest)))
    ]
    answer = _page("messages", shown, args, most=999)
    return {**answer, "has_more": bool(answer["response_metadata"]["next_cursor"])}
