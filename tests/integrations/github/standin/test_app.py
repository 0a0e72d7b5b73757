"""The stand-in's GitHub App: whom it believes, what its tokens may do and for how long."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from integrations.github.standin import App
from tests import appkey
from tests.integrations.github.standin.running import CORE, ORG, GitHub

INSTALLATION = "/app/installations/5001/access_tokens"
PUT = CORE + "/memberships/organiser-1"


def part(content: Any) -> str:
    """Return a part of a JSON web token."""
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def signed(github: GitHub, alg: str = "RS256", **other: Any) -> str:
    """Return the App's word as GitHub documents it, with *other* claims or algorithm."""
    now = int(github.now.timestamp())
    claims = {"iat": now - 60, "exp": now + 540, "iss": 77} | other
    said = f"{part({'alg': alg, 'typ': 'JWT'})}.{part(claims)}"
    key = load_pem_private_key(appkey.pair()[0].encode(), None)
    assert isinstance(key, RSAPrivateKey)
    signature = key.sign(said.encode(), PKCS1v15(), SHA256())
    return f"Bearer {said}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def install(github: GitHub, **permissions: str) -> None:
    """Let an App be installed, in the token's place."""
    github.standin.world.install(App(id=77, key=appkey.pair()[1], permissions=permissions))


async def token(github: GitHub) -> str:
    """Return an installation's token, as a header."""
    given = await github.call("POST", INSTALLATION, Authorization=signed(github))
    assert given.status == 201
    return f"Bearer {given.body['token']}"


async def test_its_word_gets_a_token_for_an_hour(github: GitHub) -> None:
    """The organisation names the installation; its token says what it may do and when it ends."""
    install(github, members="read")
    found = await github.get(ORG + "/installation", Authorization=signed(github, iss="77"))
    assert (found.body["id"], found.body["permissions"]) == (5001, {"members": "read"})
    given = await github.call("POST", INSTALLATION, Authorization=signed(github))
    assert given.body["expires_at"] == "2026-06-15T09:00:00Z"
    bearer = f"Bearer {given.body['token']}"
    assert (await github.get(CORE, Authorization=bearer)).status == 200
    github.now += timedelta(hours=1)
    assert (await github.get(CORE, Authorization=bearer)).status == 401
    assert (await github.get(CORE)).status == 401


@pytest.mark.parametrize(
    "other",
    [{"alg": "none"}, {"iss": 1}, {"exp": 0}, {"iat": 2e9}, {"exp": 2e9}, {"iss": None}, {"exp": "soon"}],
)
async def test_its_word_must_be_right(github: GitHub, other: dict[str, Any]) -> None:
    """Another algorithm, App or time, a claim too far ahead: 401."""
    install(github)
    assert (await github.call("POST", INSTALLATION, Authorization=signed(github, **other))).status == 401


async def test_its_signature_must_be_right(github: GitHub) -> None:
    """A changed word, no word at all, and a token where a word is asked for: 401."""
    install(github)
    good = signed(github)
    for word in (good[:-8] + "AAAAAAAA", "Bearer a.b.c", "Bearer x", await token(github)):
        assert (await github.call("POST", INSTALLATION, Authorization=word)).status == 401
    other = await github.call("POST", "/app/installations/1/access_tokens", Authorization=good)
    assert other.status == 404


async def test_what_it_may_not_do_is_named(github: GitHub) -> None:
    """403 with the documented message, and in a header what the call wants; it is no person."""
    install(github, members="read")
    bearer = await token(github)
    refused = await github.call("PUT", PUT, {}, Authorization=bearer)
    assert (refused.status, refused.body["message"]) == (403, "Resource not accessible by integration")
    assert refused.headers["X-Accepted-GitHub-Permissions"] == "members=write"
    assert "X-OAuth-Scopes" not in refused.headers
    github.standin.world.set_permissions(members="write")
    assert (await github.call("PUT", PUT, {}, Authorization=bearer)).status == 200
    assert (await github.get("/user", Authorization=bearer)).status == 403
    github.standin.world.set_permissions(members=None)
    assert (await github.get(ORG + "/members", Authorization=bearer)).body == []


async def test_private_repositories_need_metadata(github: GitHub) -> None:
    """Metadata is always there; by it an App sees private repositories."""
    install(github, metadata="read")
    found = await github.get(ORG + "/repos", Authorization=await token(github))
    assert "accounts" in {each["name"] for each in found.body}
