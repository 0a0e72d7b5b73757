"""Twilio's webhooks: forms, signed with the account's Auth Token over the address that Twilio called."""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha1, sha256
from urllib.parse import parse_qs, urlsplit

from bot.core.vendor import Dropped, Hint, Reader
from integrations.twilio.settings import TwilioSettings

MOST = 1000  # fields
PORTS = {"http": 80, "https": 443}
WORD = re.compile(r"[A-Za-z0-9_]{1,64}")


def webhooks(settings: TwilioSettings) -> Reader | None:
    """Return the reader of deliveries; None while no Auth Token is set."""
    if settings.auth_token is None or settings.webhook_url is None:
        return None
    return partial(read, settings.auth_token.get_secret_value(), settings.webhook_url)


def read(token: str, url: str, headers: Mapping[str, str], body: bytes) -> Hint | Dropped | None:
    """Return that a message got on; None when the account's token did not sign it for *url*.

    Behind a proxy a request does not show the address that was called, so it is configured. There is no
    time in a delivery: one that is repeated has the same key, and none is believed.
    """
    form = _form(headers, body)
    if form is None or not signed(token, url, form, body, headers.get("X-Twilio-Signature", "")):
        return None
    sid, status = (form.get(name, [""])[0] for name in ("MessageSid", "MessageStatus"))
    if not WORD.fullmatch(sid) or not WORD.fullmatch(status):
        return Dropped(why="nothing follows from it")
    return Hint(vendor="twilio", key=f"{sid}/{status}", event=f"message {status}", about=frozenset())


def _form(headers: Mapping[str, str], body: bytes) -> dict[str, list[str]] | None:
    """Return the fields of a form, none of a body that is none; None when it cannot be read."""
    if "json" in headers.get("Content-Type", ""):
        return {}
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST)
    except ValueError:
        return None


def signed(token: str, url: str, form: Mapping[str, list[str]], body: bytes, signature: str) -> bool:
    """Return whether *signature* is that of a delivery (HMAC-SHA1 in base64, compared in constant time).

    It covers the address and each value by the name of its field, new ones too; of a body that is no form
    it covers the address with the body's SHA-256. Twilio calls an address with or without its usual port.
    """
    said = "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    rest, given = (
        said if form else f"?bodySHA256={sha256(body).hexdigest()}",
        signature.encode(errors="replace"),
    )
    return bool(token) and any(
        hmac.compare_digest(given, _seal(token, each + rest)) for each in _written(url)
    )


def _seal(token: str, said: str) -> bytes:
    return b64encode(hmac.new(token.encode(), said.encode(), sha1).digest())


def _written(url: str) -> Iterator[str]:
    """Yield an address without and with its port."""
    parts = urlsplit(url)
    host, _, port = parts.netloc.partition(":")
    yield parts._replace(netloc=host).geturl()
    yield parts._replace(netloc=f"{host}:{port or PORTS[parts.scheme]}").geturl()
