"""Web API methods ``views.*``, and opening, changing and stacking views."""

import secrets

from . import forms, limits, shapes
from .arguments import need
from .state import Json, SlackError, View, Workspace

STACK = 3


def checked(view: object, kind: str) -> Json:
    """Return the body of a *view* that may be shown, or refuse it."""
    problems = limits.view_problems(view)
    if isinstance(view, dict) and not problems:
        if limits.size(view) > limits.VIEW_BYTES:
            raise SlackError("view_too_large")
        if view["type"] == kind:
            return {**view, "blocks": shapes.identified(view["blocks"])}
        problems = [f"[ERROR] must be one of: {kind} [json-pointer:/view/type]"]
    raise SlackError("invalid_arguments", response_metadata={"messages": problems})


def new_hash(workspace: Workspace) -> str:
    """Return the hash of a view's new version."""
    return f"{workspace.now}.{secrets.token_urlsafe(6)}"


def show(workspace: Workspace, user: str, body: Json, *, above: bool) -> View:
    """Put a view above those a person has open, or in their place."""
    stack = workspace.modals.get(user, []) if above else []
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    view = _made(workspace, user, body)
    if stack:
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
    workspace.modals[user] = [*stack, view]
    workspace.touch()
    return view


def change(workspace: Workspace, view: View, body: Json) -> None:
    """Replace what a view shows; fields that stay keep what was typed."""
    if body.get("external_id") != view.body.get("external_id"):
        _refuse_known(workspace, body)
    view.body, view.inputs = body, forms.initial(body["blocks"], view.inputs)
    view.hash, view.errors, view.trouble = new_hash(workspace), {}, None
    workspace.touch()


def _made(workspace: Workspace, user: str, body: Json) -> View:
    _refuse_known(workspace, body)
    id_ = workspace.mint_id("V")
    return View(id_, user, body, new_hash(workspace), id_, inputs=forms.initial(body["blocks"]))


def _refuse_known(workspace: Workspace, body: Json) -> None:
    if body.get("external_id") and _by_external_id(workspace, body["external_id"]):
        raise SlackError("duplicate_external_id")


def _by_external_id(workspace: Workspace, external_id: str) -> View | None:
    views = [view for stack in workspace.modals.values() for view in stack]
    matching = (v for v in [*views, *workspace.homes.values()] if v.body.get("external_id") == external_id)
    return next(matching, None)


def _refuse_stale(view: View, args: Json) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict")


def views_open(workspace: Workspace, args: Json) -> Json:
    """Open a modal for whoever the trigger belongs to."""
    body = checked(args.get("view"), "modal")
    user = workspace.spend_trigger(need(args, "trigger_id"))
    return {"view": shapes.view(workspace, show(workspace, user, body, above=False))}


def push(workspace: Workspace, args: Json) -> Json:
    """Put a modal on top of the one in which the trigger was made."""
    body = checked(args.get("view"), "modal")
    user = workspace.spend_trigger(need(args, "trigger_id"))
    if not workspace.modals.get(user):
        raise SlackError("not_found")
    return {"view": shapes.view(workspace, show(workspace, user, body, above=True))}


def update(workspace: Workspace, args: Json) -> Json:
    """Change an open view, named by its id or external id."""
    if args.get("external_id"):
        view = _by_external_id(workspace, str(args["external_id"]))
        if view is None:
            raise SlackError("not_found")
    else:
        view = workspace.view(need(args, "view_id"))
    body = checked(args.get("view"), view.body["type"])
    _refuse_stale(view, args)
    change(workspace, view, body)
    return {"view": shapes.view(workspace, view)}


def publish(workspace: Workspace, args: Json) -> Json:
    """Set somebody's App Home."""
    user = workspace.user(need(args, "user_id"))
    body = checked(args.get("view"), "home")
    if view := workspace.homes.get(user.id):
        _refuse_stale(view, args)
        change(workspace, view, body)
    else:
        view = workspace.homes[user.id] = _made(workspace, user.id, body)
        workspace.touch()
    return {"view": shapes.view(workspace, view)}
