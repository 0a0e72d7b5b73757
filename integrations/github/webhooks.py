"""GitHub's webhooks: deliveries verified by their signature, and read for what they are about."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from functools import partial

from pydantic import ValidationError

from bot.core.vendor import Dropped, Hint, Reader
from integrations.github.calls import same
from integrations.github.models import Happening
from integrations.github.settings import GithubSettings

SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")
DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}")
RUN = "workflow_run"
EVENT = re.compile(r"[a-z_]{1,40}")


def webhooks(settings: GithubSettings) -> Reader | None:
    """Return the reader of deliveries; None without a secret."""
    if settings.webhook_secret is None:
        return None
    return partial(read, settings.webhook_secret.get_secret_value().encode(), settings.org)


def read(secret: bytes, org: str, headers: Mapping[str, str], body: bytes) -> Hint | Dropped | None:
    """Return what a delivery is about; None when GitHub did not sign its body.

    The signature covers the body alone: what the headers say is checked for its
    form, and has no weight beyond which part of the body is read.
    """
    if not signed(secret, headers.get("X-Hub-Signature-256", ""), body):
        return None
    key, event = headers.get("X-GitHub-Delivery", ""), headers.get("X-GitHub-Event", "")
    if not DELIVERY.fullmatch(key) or not EVENT.fullmatch(event):
        return Dropped(why="its headers are not GitHub's", broken=True)
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return Dropped(why="the webhook's content type must be application/json", broken=True)
    try:
        happening = Happening.model_validate_json(body)
    except ValidationError:
        return Dropped(why="it does not read as one of GitHub's", broken=True)
    if happening.organization is None or not same(happening.organization.login, org):
        return Dropped(why="it is about another organisation")
    about = frozenset(name.casefold() for name in ABOUT[event](happening)) if event in ABOUT else frozenset()
    if not about:
        return Dropped(why=f"nothing follows from it ({event})")
    by = happening.sender.login if happening.sender and event != RUN else ""  # a run changes nothing kept
    return Hint(vendor="github", key=key, event=event, about=about, by=by)


def signed(secret: bytes, signature: str, body: bytes) -> bool:
    """Return whether *signature* is that of *body* (HMAC-SHA256, compared in constant time)."""
    due = f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
    return bool(SIGNATURE.fullmatch(signature)) and hmac.compare_digest(signature, due)


def _person(happening: Happening) -> list[str]:
    """Return who joined or left something, or was invited."""
    place = happening.membership
    found = (happening.member, happening.user, place.user if place else None)
    return [account.login for account in found if account]


def _team(happening: Happening) -> list[str]:
    """Return the repository that a team was given or lost, or else the team itself."""
    if happening.repository:
        return [happening.repository.name]
    return [happening.team.slug] if happening.team and happening.team.slug else []


def _repository(happening: Happening) -> list[str]:
    """Return a repository by its present name and the one before."""
    before = happening.changes.repository.name.was if happening.changes else None
    now = happening.repository.name if happening.repository else None
    return [name for name in (now, before) if name]


def _ended(happening: Happening) -> list[str]:
    """Return the repository of a workflow's run that is over."""
    return _repository(happening) if happening.action == "completed" else []


ABOUT: Mapping[str, Callable[[Happening], list[str]]] = {
    "member": _person,
    "membership": _person,
    "organization": _person,
    "repository": _repository,
    "team": _team,
    RUN: _ended,
}
