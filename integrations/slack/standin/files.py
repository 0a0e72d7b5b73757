"""Uploading a file: the three steps, and reading it back."""

from aiohttp import web

from . import shapes
from .arguments import need
from .state import File, Json, SlackError, Workspace


def get_upload_url(workspace: Workspace, args: Json) -> Json:
    """Announce a file and return where to send its bytes."""
    length = str(args.get("length") or "")
    if not length.isdigit() or int(length) == 0:
        raise SlackError("invalid_arguments")
    file = File(workspace.mint_id("F"), need(args, "filename"), int(length))
    workspace.files[file.id] = file
    return {"upload_url": workspace.url(f"/upload/v1/{file.id}"), "file_id": file.id}


async def upload(workspace: Workspace, request: web.Request) -> web.Response:
    """Take the bytes, raw or as a multipart field."""
    if request.content_type == "multipart/form-data":
        parts = (await request.post()).values()
        content = b"".join(part.file.read() for part in parts if isinstance(part, web.FileField))
    else:
        content = await request.read()
    file = workspace.files.get(request.match_info["file_id"])
    if file is None or file.content is not None:
        return web.Response(status=404, text="file not found")
    if len(content) != file.length:
        return web.Response(status=400, text=f"expected {file.length} bytes")
    file.content = content
    return web.Response(text=f"OK - {len(content)}")


async def download(workspace: Workspace, request: web.Request) -> web.Response:
    """Return the bytes to the bearer of the bot's token."""
    file = workspace.files.get(request.match_info["file_id"])
    if request.headers.get("Authorization") != f"Bearer {workspace.bot_token}":
        return web.Response(status=403)
    if file is None or file.content is None:
        return web.Response(status=404)
    return web.Response(body=file.content)


def complete(workspace: Workspace, args: Json) -> Json:
    """Finish uploads, and post them where a channel is named."""
    finished: list[File] = []
    for each in args.get("files") or ():
        file = workspace.files.get(each.get("id"))
        if file is None or file.content is None or file.shared:
            raise SlackError("file_not_found")
        finished.append(file)
    if not finished:
        raise SlackError("invalid_arguments")
    channel_id = args.get("channel_id") or args.get("channels")
    channel = workspace.writable(str(channel_id)) if channel_id else None
    for file, each in zip(finished, args["files"], strict=True):
        file.title, file.shared = each.get("title") or file.name, True
    if channel:
        workspace.post(
            channel.id,
            workspace.bot_user_id,
            str(args.get("initial_comment") or ""),
            bot_id=workspace.bot_id,
            thread_ts=args.get("thread_ts"),
            files=finished,
        )
    return {"files": [shapes.file(workspace, file) for file in finished]}
