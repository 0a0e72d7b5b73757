"""A GitHub App: it signs who it is, and is given a token for its installation that lives an hour."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import Field

from bot.core.errors import Denied, Rejected
from bot.http import Http, Memo, Network
from bot.http.shape import Shape
from integrations.github.settings import AppSettings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SKEW = timedelta(seconds=60)  # our clock may be ahead of GitHub's by so much
SIGNED_FOR = timedelta(minutes=9)  # with the skew no more than the ten minutes GitHub accepts
USED_FOR = 11 / 12  # of its life: of an hour, 55 minutes
KEYS = "GitHub, the App's page General, Private keys"
INSTALL = "An owner installs it, on all repositories: on GitHub, the App's page Install App."
BELONG = (
    f"Do its id and its private key belong together, and is the key still there ({KEYS})? "
    "Is the installation suspended? Is this machine's clock right?"
)


class Number(Shape):
    """An installation, as the organisation shows it."""

    id: int


class Grant(Shape):
    """A token of an installation, and what it may do; *repository_selection* is all or selected."""

    token: str = Field(repr=False)
    expires_at: datetime
    permissions: Mapping[str, str] = {}
    repository_selection: str = "all"


@dataclass
class Signature:
    """The App's own word for who it is: a JSON web token, signed anew for each call."""

    app: AppSettings
    network: Network
    _key: "RSAPrivateKey | None" = field(default=None, repr=False)

    async def current(self) -> str:
        """Return a token that says who we are."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # slow, and only Apps need it
        from cryptography.hazmat.primitives.hashes import SHA256

        key, now = self.key(), self.network.clock()
        claims = {
            "iat": int((now - SKEW).timestamp()),
            "exp": int((now + SIGNED_FOR).timestamp()),
            "iss": str(self.app.id),
        }
        said = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
        return f"{said}.{_text(key.sign(said.encode(), PKCS1v15(), SHA256()))}"

    def refused(self, token: str) -> None:
        """Do nothing: the next one is new anyhow."""

    def key(self) -> "RSAPrivateKey":
        """Return the App's key; Denied when it cannot be read."""
        self._key = self._key or private_key(self.app)
        return self._key


def private_key(app: AppSettings) -> "RSAPrivateKey":
    """Return the App's key; Denied when it is none."""
    from cryptography.exceptions import UnsupportedAlgorithm  # as above
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = app.private_key.get_secret_value().replace("\\n", "\n")
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # no key; one with a password; an unusual one
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise Denied(
            "GitHub",
            "The private key of the GitHub App cannot be read: it is no whole PEM file of an RSA key.",
            f"Make one at {KEYS}, and put all of the file where `integrations.github.app.private_key` says.",
        )
    return key


def _part(content: Any) -> str:
    return _text(json.dumps(content).encode())


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Installation:
    """The App in one organisation: its tokens, each renewed before it ends, one renewal at a time."""

    signature: Signature
    org: str
    http: Http
    _grant: Grant | None = field(default=None, repr=False)
    _until: datetime | None = None
    _one: Memo = field(default_factory=lambda: Memo(seconds=0), repr=False)

    @property
    def permissions(self) -> Mapping[str, str]:
        """Return what the present token may do."""
        return self._grant.permissions if self._grant else {}

    async def current(self) -> str:
        """Return a token that is good now."""
        return (await self.grant()).token

    def refused(self, token: str) -> None:
        """Note that GitHub refused *token*; another one may have taken its place already."""
        if self._grant is not None and self._grant.token == token:
            self._until = None

    async def grant(self) -> Grant:
        """Return the present token with its rights; Denied when the App gets none."""
        if self._grant is None or self._until is None or self.http.network.clock() >= self._until:
            return await self.renewed()
        return self._grant

    async def renewed(self) -> Grant:
        """Return a new token, with its rights as they are now."""
        return await self._one("grant", self._renewed)

    async def _renewed(self) -> Grant:
        app, _ = self.signature.app, self.signature.key()
        try:
            number = app.installation or await self._number()
            url = f"{self.http.base}/app/installations/{number}/access_tokens"
            answer = await self.http.post_read(url, {})
        except Rejected:
            raise Denied(
                "GitHub", f"The GitHub App {app.id} is not installed in {self.org}.", INSTALL
            ) from None
        except Denied as error:
            raise Denied(
                "GitHub", f"{error.message} It is the word of the GitHub App {app.id}.", BELONG
            ) from None
        self._grant = self.http.fit(Grant, answer.content)
        now = self.http.network.clock()
        left = self._grant.expires_at - (answer.date or now)  # by GitHub's own clock: ours may be wrong
        self._until = now + left * USED_FOR
        return self._grant

    async def _number(self) -> int:
        answer = await self.http.get(f"/orgs/{quote(self.org, safe='')}/installation")
        return self.http.fit(Number, answer.content).id
