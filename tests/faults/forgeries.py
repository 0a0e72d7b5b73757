"""Requests that Slack never sent, made from one that it did: each way changes what the signature is about."""

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from string import hexdigits
from typing import Any

STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


@dataclass(frozen=True)
class Sent:
    """One request to the bot's door: its headers in order, some perhaps twice, and its body."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    method: str = "POST"

    def first(self, name: str) -> str | None:
        """Return the first header of this name."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


@dataclass(frozen=True)
class Forger:
    """Somebody with a genuine request in hand, who wants another one taken or knows no secret."""

    secret: str
    chance: Random

    def seal(self, body: bytes, stamp: str, secret: str | None = None, version: str = "v0") -> str:
        """Return a signature, right when *secret* and *version* are."""
        key = (self.secret if secret is None else secret).encode()
        return f"{version}={hmac.new(key, f'{version}:{stamp}:'.encode() + body, hashlib.sha256).hexdigest()}"

    def genuine(self, sent: Sent) -> bool:
        """Return whether Slack could have sent this: for a test of the forger."""
        stamp, signature = sent.first(STAMP) or "", sent.first(SIGNATURE) or ""
        fresh = bool(re.fullmatch(r"[0-9]{1,12}", stamp)) and abs(time.time() - int(stamp)) <= 300  # noqa: TID251 - Slack's dates are real
        return fresh and signature == self.seal(sent.body, stamp)

    def renewed(self, sent: Sent) -> Sent:
        """Return an event as Slack repeats it, dated and signed anew; all else as it was."""
        if not sent.body.startswith(b"{"):
            return sent
        stamp = str(int(time.time()))  # noqa: TID251 - Slack's dates are real
        return changed(sent, stamp=stamp, signature=self.seal(sent.body, stamp))

    def forge(self, real: Sent) -> tuple[str, Sent]:
        """Return a way of forging and what it makes of a genuine request."""
        way = self.chance.choice(WAYS)
        forged = way(self, real)
        return way.__name__.strip("_"), forged


def changed(sent: Sent, body: bytes | None = None, **other: str | None) -> Sent:
    """Return *sent* with another body, stamp or signature; None leaves the header out."""
    names = {"stamp": STAMP, "signature": SIGNATURE}
    wanted = {names[key]: value for key, value in other.items()}
    kept = [(name, wanted.get(name, value)) for name, value in sent.headers]
    headers = tuple((name, value) for name, value in kept if value is not None)
    return Sent(sent.body if body is None else body, headers)


def _flipped_bit(forger: Forger, real: Sent) -> Sent:
    at = forger.chance.randrange(len(real.body))
    flipped = real.body[at] ^ (1 << forger.chance.randrange(8))
    return changed(real, real.body[:at] + bytes([flipped]) + real.body[at + 1 :])


def _shorter_body(forger: Forger, real: Sent) -> Sent:
    return changed(real, real.body[: forger.chance.randrange(len(real.body))])


def _longer_body(forger: Forger, real: Sent) -> Sent:
    return changed(real, real.body + forger.chance.randbytes(forger.chance.randint(1, 40)))


def _another_person(forger: Forger, real: Sent) -> Sent:
    user = f"user_id=U{forger.chance.randrange(10**10):010d}".encode()
    return changed(real, re.sub(rb"user_id=U\w+", user, real.body))


def _another_command(forger: Forger, real: Sent) -> Sent:
    text = f"text=owners+add+stranger-{forger.chance.randrange(10**6)}".encode()
    return changed(real, re.sub(rb"text=[^&]*", text, real.body))


def _one_field_more(forger: Forger, real: Sent) -> Sent:
    return changed(real, real.body + f"&ssl_check=1&text=help{forger.chance.randrange(99)}".encode())


def _flipped_digit(forger: Forger, real: Sent) -> Sent:
    signature = real.first(SIGNATURE) or ""
    at = forger.chance.randrange(3, len(signature))
    other = forger.chance.choice([digit for digit in hexdigits.lower() if digit != signature[at]])
    return changed(real, signature=signature[:at] + other + signature[at + 1 :])


def _random_signature(forger: Forger, real: Sent) -> Sent:
    return changed(real, signature=f"v0={forger.chance.randbytes(32).hex()}")


def _upper_case(_forger: Forger, real: Sent) -> Sent:
    return changed(real, signature=(real.first(SIGNATURE) or "").upper())


def _other_length(forger: Forger, real: Sent) -> Sent:
    signature = real.first(SIGNATURE) or ""
    return changed(
        real, signature=forger.chance.choice([signature[:-1], signature + "0", signature[:3], "v0=", ""])
    )


def _no_signature(_forger: Forger, real: Sent) -> Sent:
    return changed(real, signature=None)


def _no_stamp(_forger: Forger, real: Sent) -> Sent:
    return changed(real, stamp=None)


def _another_secret(forger: Forger, real: Sent) -> Sent:
    secret = forger.chance.choice(
        ["", " ", forger.secret[:-1], forger.secret + " ", forger.chance.randbytes(16).hex()]
    )
    return changed(real, signature=forger.seal(real.body, real.first(STAMP) or "", secret))


def _another_version(forger: Forger, real: Sent) -> Sent:
    version = forger.chance.choice(["v1", "v2", "V0", "v", "v00"])
    return changed(real, signature=forger.seal(real.body, real.first(STAMP) or "", version=version))


def _another_hash(forger: Forger, real: Sent) -> Sent:
    content = f"v0:{real.first(STAMP)}:".encode() + real.body
    kind = forger.chance.choice(["sha1", "md5", "sha512", "sha3_256"])
    return changed(real, signature=f"v0={hmac.new(forger.secret.encode(), content, kind).hexdigest()}")


def _in_base64(forger: Forger, real: Sent) -> Sent:
    raw = bytes.fromhex((real.first(SIGNATURE) or "")[3:])
    return changed(real, signature=f"v0={base64.b64encode(raw).decode()}")


def _decorated(forger: Forger, real: Sent) -> Sent:
    signature = real.first(SIGNATURE) or ""
    other = f"v0={forger.chance.randbytes(32).hex()}"
    ways = [
        f"{other},{signature}",
        f"{signature},{other}",
        f'"{signature}"',
        f"{signature};",
        f"0x{signature}",
    ]
    return changed(real, signature=forger.chance.choice(ways))


def _another_stamp(forger: Forger, real: Sent) -> Sent:
    moved = int(real.first(STAMP) or "0") + forger.chance.choice([-1, 1, -60, 60, -299, 299])
    return changed(real, stamp=str(moved))


def _stale_or_future(forger: Forger, real: Sent) -> Sent:
    """Sign rightly what is too old or too new: a request that was kept, or made for later."""
    away = forger.chance.choice([-1, 1]) * forger.chance.randint(310, 10**6)
    stamp = str(int(real.first(STAMP) or "0") + away)
    return changed(real, stamp=stamp, signature=forger.seal(real.body, stamp))


def _odd_stamp(forger: Forger, real: Sent) -> Sent:
    """Sign rightly what is dated in another way than Slack's."""
    stamp = real.first(STAMP) or ""
    ways = [
        f"-{stamp}",
        f"+{stamp}",
        f"{stamp}.0",
        "nan",
        "inf",
        "1e9",
        "",
        f"0x{int(stamp):x}",
        stamp * 20,
        f"{stamp} ",
    ]
    odd = forger.chance.choice(ways)
    return changed(real, stamp=odd, signature=forger.seal(real.body, odd))


def _false_one_first(forger: Forger, real: Sent) -> Sent:
    false = (SIGNATURE, f"v0={forger.chance.randbytes(32).hex()}")
    return Sent(real.body, (false, *real.headers))


def _true_one_last(forger: Forger, real: Sent) -> Sent:
    """Alter the body, and send a false signature before and the genuine one after it."""
    altered = _another_command(forger, real)
    false = (SIGNATURE, forger.seal(altered.body, real.first(STAMP) or "", "guessed"))
    return Sent(altered.body, (false, *altered.headers))


WAYS: tuple[Callable[[Forger, Sent], Sent], ...] = (
    _flipped_bit,
    _shorter_body,
    _longer_body,
    _another_person,
    _another_command,
    _one_field_more,
    _flipped_digit,
    _random_signature,
    _upper_case,
    _other_length,
    _no_signature,
    _no_stamp,
    _another_secret,
    _another_version,
    _another_hash,
    _in_base64,
    _decorated,
    _another_stamp,
    _stale_or_future,
    _odd_stamp,
    _false_one_first,
    _true_one_last,
)


def sent(delivery: Any) -> Sent:
    """Return what the stand-in Slack sent (its protocol, made for the sandbox page, knows no bytes)."""
    return Sent(delivery.body, tuple(delivery.headers.items()))
