"""A GitHub App that is installed in the organisation: believed by its signature, and by tokens of an hour."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

HOUR = timedelta(hours=1)
LONGEST = timedelta(minutes=10)
LEVELS = ("read", "write", "admin")
UNREADABLE = "A JSON web token could not be decoded"


@dataclass
class App:
    """An App with one installation; *key* is the public half of its key, as PEM.

    *permissions* are those of the installation, by name; *tokens* end at their moment.
    """

    id: int
    key: str
    permissions: Mapping[str, str]
    slug: str = "pyconuk-infra"
    installation: int = 5001
    repository_selection: str = "all"
    suspended: bool = False
    tokens: dict[str, datetime] = field(default_factory=dict)

    def signed(self, token: str, now: datetime) -> str | None:
        """Return why *token* is not this App's word, None when it is."""
        from cryptography.exceptions import InvalidSignature  # slow, and only Apps need it
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        said, _, signature = token.rpartition(".")
        key = load_pem_public_key(self.key.encode())
        try:
            header, claims = (json.loads(_decoded(part)) for part in said.split("."))
            if header["alg"] != "RS256" or not isinstance(key, RSAPublicKey):
                return UNREADABLE
            key.verify(_decoded(signature), said.encode(), PKCS1v15(), SHA256())
            return self._unbelievable(claims, now)
        except (ValueError, KeyError, TypeError, binascii.Error, InvalidSignature):
            return UNREADABLE

    def _unbelievable(self, claims: Mapping[str, Any], now: datetime) -> str | None:
        issued, ends = claims["iat"], claims["exp"]
        if claims["iss"] not in (self.id, str(self.id)):
            return "Integration not found"
        if issued > now.timestamp():
            return "'Issued at' claim ('iat') must be an Integer representing the time of the assertion"
        if ends <= now.timestamp():
            return "'Expiration time' claim ('exp') must be a numeric value representing the future time"
        if ends > (now + LONGEST).timestamp():
            return "'Expiration time' claim ('exp') is too far in the future"
        return None

    def issue(self, now: datetime) -> str:
        """Return a new token of the installation, in the long form: a number and a JSON web token."""
        claims = {"installation": self.installation, "serial": len(self.tokens)}
        body = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        token = f"ghs_{self.installation}_eyJhbGciOiJIUzI1NiJ9.{body}.c2lnbmF0dXJl"
        self.tokens[token] = now + HOUR
        return token

    def lives(self, token: str, now: datetime) -> bool:
        """Tell whether *token* is one of the installation's, and not yet at its end."""
        return token in self.tokens and now < self.tokens[token] and not self.suspended

    def may(self, wanted: str) -> bool:
        """Tell whether it has all of *wanted*, such as ``members=read,administration=write``."""
        return all(self._has(*each.split("=")) for each in wanted.split(",") if each)

    def _has(self, name: str, level: str) -> bool:
        held = self.permissions.get(name)
        return held is not None and LEVELS.index(held) >= LEVELS.index(level)


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
