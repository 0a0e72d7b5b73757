"""The Web API: who may call which method how often, and what is answered."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from . import arguments, chat, directory, files, views
from .rates import Rates
from .state import Json, SlackError, Workspace

_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100


@dataclass(frozen=True)
class Method:
    """One method; in *scope* an asterisk stands for the kind of the conversation it is called on."""

    run: Callable[[Workspace, Json], Json]
    scope: str | None = None
    per_minute: int | None = None
    app_token: bool = False


def _auth_test(workspace: Workspace, _: Json) -> Json:
    return {
        "url": f"https://{workspace.team_domain}.slack.com/",
        "team": workspace.team_domain,
        "user": workspace.users[workspace.bot_user_id].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def _connections_open(workspace: Workspace, _: Json) -> Json:
    ticket = workspace.mint_id("ticket-")
    workspace.tickets.add(ticket)
    address = workspace.url(f"/link/?ticket={ticket}&app_id={workspace.app_id}")
    return {"url": address.replace("http", "ws", 1)}


METHODS = {
    "auth.test": Method(_auth_test),
    "apps.connections.open": Method(_connections_open, app_token=True),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write", _TIER_3),
    "chat.delete": Method(chat.delete, "chat:write", _TIER_3),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write", _TIER_4),
    "chat.getPermalink": Method(chat.get_permalink),
    "conversations.info": Method(directory.info, "*:read", _TIER_3),
    "conversations.list": Method(directory.conversations_list, None, _TIER_2),
    "conversations.members": Method(directory.members, "*:read", _TIER_4),
    "conversations.open": Method(directory.conversations_open, "im:write", _TIER_3),
    "conversations.history": Method(directory.history, "*:history", _TIER_3),
    "conversations.replies": Method(directory.replies, "*:history", _TIER_3),
    "conversations.join": Method(directory.join, "channels:join", _TIER_3),
    "conversations.invite": Method(directory.invite, None, _TIER_3),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write", _TIER_4),
    "files.completeUploadExternal": Method(files.complete, "files:write", _TIER_4),
    "pins.add": Method(chat.pin, "pins:write", _TIER_2),
    "users.info": Method(directory.users_info, "users:read", _TIER_4),
    "users.list": Method(directory.users_list, "users:read", _TIER_2),
    "users.lookupByEmail": Method(directory.users_lookup_by_email, "users:read.email", _TIER_3),
    "views.open": Method(views.views_open, None, _TIER_4),
    "views.push": Method(views.push, None, _TIER_4),
    "views.update": Method(views.update, None, _TIER_4),
    "views.publish": Method(views.publish, None, _TIER_4),
}


class WebApi:
    """Answer Web API calls on one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.reset()

    def reset(self) -> None:
        """Forget the calls counted so far."""
        self._rates = Rates(self._workspace.monotonic)

    async def call(self, request: web.Request) -> web.Response:
        """Answer one call: status 200 with ``ok`` false when refused, 429 when too many."""
        self._workspace.base_url = self._workspace.base_url or str(request.url.origin())
        headers = {"X-OAuth-Scopes": ",".join(self._workspace.scopes)}
        try:
            args = await arguments.read(request)
            return self._answer(request, args, headers)
        except SlackError as error:
            return web.json_response({"ok": False, "error": error.code, **error.detail}, headers=headers)

    def _answer(self, request: web.Request, args: Json, headers: dict[str, str]) -> web.Response:
        name = request.match_info["method"]
        if name == "api.test":
            if args.get("error"):
                raise SlackError(str(args["error"]), args=args)
            return web.json_response({"ok": True, "args": args})
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        method = METHODS[name]
        self._check_token(method, request, args)
        self._check_scope(method, args)
        if self._workspace.rate_limits and (wait := self._wait(name, method, args)):
            answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(answer, status=429, headers={**headers, "Retry-After": str(wait)})
        return web.json_response({"ok": True, **method.run(self._workspace, args)}, headers=headers)

    def _check_token(self, method: Method, request: web.Request, args: Json) -> None:
        workspace = self._workspace
        given = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.get("token")
        right = workspace.app_token if method.app_token else workspace.bot_token
        if not given:
            raise SlackError("not_authed")
        if given != right:
            known = given in (workspace.app_token, workspace.bot_token)
            raise SlackError("not_allowed_token_type" if known else "invalid_auth")
        if workspace.revoked and given == workspace.bot_token:
            raise SlackError("token_revoked")

    def _check_scope(self, method: Method, args: Json) -> None:
        if method.scope is None:
            return
        channel = self._workspace.channels.get(str(args.get("channel")))
        self._workspace.require(method.scope.replace("*", channel.kind if channel else "channels"))

    def _wait(self, name: str, method: Method, args: Json) -> int:
        if name == "chat.postMessage":
            return self._rates.wait_for_message(str(args.get("channel")))
        return self._rates.wait_for_call(name, method.per_minute) if method.per_minute else 0
