"""ti.to's webhooks: verified by the event's own secret, and read only for the fact that something changed."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from functools import partial

from pydantic import ValidationError

from bot.core.vendor import Dropped, Hint, Reader
from integrations.tito.models import Delivered
from integrations.tito.settings import TitoSettings

TRIGGER = re.compile(r"[a-z]+\.[a-z]+")
MOMENT = re.compile(r"[0-9A-Z .:+-]{1,40}")
KINDS = {"ticket", "registration"}


def webhooks(settings: TitoSettings) -> Reader | None:
    """Return the reader of deliveries; None without a secret."""
    if settings.webhook_secret is None:
        return None
    return partial(read, settings.webhook_secret.get_secret_value().encode(), settings)


def read(
    secret: bytes, settings: TitoSettings, headers: Mapping[str, str], body: bytes
) -> Hint | Dropped | None:
    """Return that something changed; None when the event's secret did not sign the body.

    There is neither a time nor a number in a delivery, so a replay cannot be told
    from a repetition: both have the same key, and neither is believed.
    """
    if not signed(secret, headers.get("Tito-Signature", ""), body):
        return None
    trigger = headers.get("X-Webhook-Name", "")
    if not TRIGGER.fullmatch(trigger) or len(trigger) > 40:
        return Dropped(why="its headers are not ti.to's", broken=True)
    try:
        delivered = Delivered.model_validate_json(body)
    except ValidationError:
        return Dropped(why="it does not read as one of ti.to's", broken=True)
    if delivered.test_mode != (settings.mode == "test"):
        return Dropped(why="it is of the other mode")
    if delivered.kind not in KINDS:
        return Dropped(why=f"nothing follows from it ({trigger})")
    if delivered.event and delivered.event.slug not in {None, settings.event}:
        return Dropped(why="it is about another event")
    when = (
        delivered.updated_at if MOMENT.fullmatch(delivered.updated_at) else hashlib.sha256(body).hexdigest()
    )
    key = f"{trigger}/{delivered.kind}/{delivered.id}/{when}"
    return Hint(vendor="tito", key=key, event=trigger, about=frozenset({settings.event.casefold()}))


def signed(secret: bytes, signature: str, body: bytes) -> bool:
    """Return whether *signature* is that of *body* (HMAC-SHA256 in base64, compared in constant time)."""
    due = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest())
    return bool(secret) and hmac.compare_digest(signature.encode(errors="replace"), due)
