"""Routes by which a GitHub App finds its installation and gets tokens for it, in its own name."""

from .edge import Answer, Call, RefusedError, Route, not_found
from .shapes import stamp


def installation(call: Call) -> Answer:
    """GET /orgs/:org/installation."""
    call.check_org()
    app = call.caller.signed_by()
    return Answer(
        200,
        {
            "id": app.installation,
            "account": call.shapes.org(),
            "repository_selection": app.repository_selection,
            "access_tokens_url": f"{call.shapes.base}/app/installations/{app.installation}/access_tokens",
            "app_id": app.id,
            "app_slug": app.slug,
            "target_type": "Organization",
            "permissions": dict(app.permissions),
            "events": [],
            "single_file_name": None,
            "suspended_at": stamp(call.world.clock()) if app.suspended else None,
        },
    )


def access_token(call: Call) -> Answer:
    """POST /app/installations/:id/access_tokens: good for an hour."""
    app, now = call.caller.signed_by(), call.world.clock()
    if call.params["installation"] != str(app.installation):
        raise not_found()
    if app.suspended:
        raise RefusedError(403, "This installation has been suspended")
    token = app.issue(now)
    body = {
        "token": token,
        "expires_at": stamp(app.tokens[token]),
        "permissions": dict(app.permissions),
        "repository_selection": app.repository_selection,
    }
    return Answer(201, body)


ROUTES = (
    Route("GET", "/orgs/{org}/installation", installation),
    Route("POST", "/app/installations/{installation}/access_tokens", access_token),
)
