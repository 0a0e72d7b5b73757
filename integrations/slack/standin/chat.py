"""Web API methods ``chat.*`` and ``pins.*``, and the content of a message however it is sent."""

from typing import Any

from . import limits, shapes
from .arguments import need
from .state import Json, Message, SlackError, Workspace

POST_CHARACTERS = 40_000
UPDATE_CHARACTERS = 4_000
MARKDOWN_CHARACTERS = 12_000
ATTACHMENTS = 100


def content(args: Json) -> Json:
    """Return the text and blocks of a message that is about to be sent, or refuse it."""
    markdown, blocks = args.get("markdown_text"), args.get("blocks") or []
    if markdown is not None:
        if args.get("text") or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_CHARACTERS:
            raise SlackError("msg_too_long")
    if len(args.get("attachments") or ()) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    text = str(args.get("text") or markdown or "")
    if not text and not blocks:
        raise SlackError("no_text")
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if problems := limits.block_problems(blocks, "message"):
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    return {"text": text[:POST_CHARACTERS], "blocks": shapes.identified(blocks)}


def _metadata(args: Json) -> Json | None:
    metadata: Any = args.get("metadata")
    if not metadata:
        return None
    if not (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_format")
    return metadata


def _own(workspace: Workspace, args: Json, refusal: str) -> Message:
    channel = workspace.bot_channel(need(args, "channel"))
    message = workspace.message(channel.id, need(args, "ts"))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    if message.bot_id != workspace.bot_id:
        raise SlackError(refusal)
    return message


def _thread(workspace: Workspace, channel: str, args: Json) -> str | None:
    thread_ts = args.get("thread_ts")
    if not thread_ts:
        return None
    parent = workspace.message(channel, str(thread_ts))
    if parent is None or parent.ephemeral_to:
        raise SlackError("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def post_message(workspace: Workspace, args: Json) -> Json:
    """Post; a user's id posts to the direct conversation."""
    channel = workspace.writable(need(args, "channel"))
    posted = workspace.post(
        channel.id,
        workspace.bot_user_id,
        **content(args),
        bot_id=workspace.bot_id,
        metadata=_metadata(args),
        thread_ts=_thread(workspace, channel.id, args),
    )
    shape = shapes.message(workspace, posted, with_metadata=True)
    return {"channel": channel.id, "ts": posted.ts, "message": shape}


def update(workspace: Workspace, args: Json) -> Json:
    """Replace text and blocks of an own message; blocks that are not sent again are dropped."""
    message = _own(workspace, args, "cant_update_message")
    if len(str(args.get("text") or "")) > UPDATE_CHARACTERS:
        raise SlackError("msg_too_long")
    replacement, metadata = content(args), _metadata(args)
    message.text, message.blocks = replacement["text"], replacement["blocks"]
    message.metadata = metadata or message.metadata
    message.edited = {"user": workspace.bot_user_id, "ts": workspace.mint_ts()}
    workspace.touch()
    shape = shapes.message(workspace, message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shape}


def delete(workspace: Workspace, args: Json) -> Json:
    """Delete an own message."""
    message = _own(workspace, args, "cant_delete_message")
    workspace.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    """Show a note to one person in a conversation."""
    channel = workspace.writable(need(args, "channel"))
    person = need(args, "user")
    if person not in channel.members:
        raise SlackError("user_not_in_channel")
    note = workspace.post(
        channel.id,
        workspace.bot_user_id,
        **content(args),
        bot_id=workspace.bot_id,
        ephemeral_to=person,
        thread_ts=_thread(workspace, channel.id, args),
    )
    return {"message_ts": note.ts}


def get_permalink(workspace: Workspace, args: Json) -> Json:
    """Return the link to a message."""
    channel = workspace.bot_channel(need(args, "channel"))
    message = workspace.message(channel.id, need(args, "message_ts"))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    link = f"https://{workspace.team_domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def pin(workspace: Workspace, args: Json) -> Json:
    """Pin a message to its channel."""
    channel = workspace.bot_channel(need(args, "channel"))
    message = workspace.message(channel.id, need(args, "timestamp"))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(message.ts)
    workspace.touch()
    return {}
