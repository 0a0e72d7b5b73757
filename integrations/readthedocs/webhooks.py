"""Outgoing webhooks of Read the Docs: that a build began or ended, signed with the hook's secret.

The header bears GitHub's old name, but holds HMAC-SHA256 in hex without a prefix (their source,
readthedocs/builds/tasks.py). A delivery is tried once, for two seconds.
"""

import hmac
import re
from collections.abc import Mapping
from functools import partial
from hashlib import sha256

from pydantic import ValidationError

from bot.core.vendor import Dropped, Hint, Reader
from integrations.readthedocs.models import Delivery
from integrations.readthedocs.settings import ReadTheDocsSettings

HEADER = "X-Hub-Signature"
WORD = re.compile(r"[A-Za-z0-9._:-]{1,100}")


def webhooks(settings: ReadTheDocsSettings) -> Reader | None:
    """Return the reader of deliveries; None without a secret."""
    if settings.webhook_secret is None:
        return None
    return partial(read, settings.webhook_secret.get_secret_value().encode(), settings.project)


def read(secret: bytes, project: str, headers: Mapping[str, str], body: bytes) -> Hint | Dropped | None:
    """Return that a build of our project got on; None when the hook's secret did not sign it."""
    if not signed(secret, headers.get(HEADER, ""), body):
        return None
    try:
        said = Delivery.model_validate_json(body)
    except ValidationError:
        return Dropped(why="it does not read as one of Read the Docs'", broken=True)
    if said.slug != project:
        return Dropped(why="it is about another project")
    if not WORD.fullmatch(said.event) or not WORD.fullmatch(said.build):
        return Dropped(why="it does not read as one of Read the Docs'", broken=True)
    key = f"{said.build}/{said.event}"
    return Hint(vendor="readthedocs", key=key, event=said.event, about=frozenset({project.casefold()}))


def signed(secret: bytes, signature: str, body: bytes) -> bool:
    """Return whether *signature* is that of *body*, compared in constant time."""
    due = hmac.new(secret, body, sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(due.encode(), signature.encode(errors="replace"))
