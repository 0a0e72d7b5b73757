"""The certificates of our sites: seen as a browser sees them, warned of before they end."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.dnsimple.certificates import Certificate, _findings, certificate, certificates
from tests.integrations.dnsimple.wired import Wired

SITE = "2026.pyconuk.org"
BEGAN = datetime(2026, 5, 1, tzinfo=UTC)
ENDS = BEGAN + timedelta(days=90)
ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def made(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for the site that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SITE)])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ALWAYS[0])
        .not_valid_after(ALWAYS[1])
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SITE)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    written, private = folder / "site.pem", folder / "site.key"
    written.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return written, private


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
    """Give the address of a site, and what trusts its certificate."""
    written, private = made(tmp_path)
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(written, private)

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=serves) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"https://127.0.0.1:{port}", ssl.create_default_context(cafile=written)


async def test_a_certificate_is_seen_as_a_browser_sees_it(site: tuple[str, ssl.SSLContext]) -> None:
    """Who is trusted says from when until when; another name, another signer and no site are trouble."""
    at, trust = site
    found = await certificate(SITE, at, trust)
    assert (found.since, found.until) == ALWAYS
    assert "Hostname mismatch" in (await certificate("2025.pyconuk.org", at, trust)).trouble
    assert "self-signed" in (await certificate(SITE, at, ssl.create_default_context())).trouble
    assert (await certificate(SITE, "https://127.0.0.1:1", trust)).trouble == "it does not answer"


@pytest.mark.parametrize(
    ("days", "level"), [(60, "good"), (19, "good"), (17, "warning"), (6, "bad"), (-1, "bad")]
)
def test_an_end_is_warned_of_before(days: int, level: str) -> None:
    """While a fifth of the lifetime is left it is renewed as it should; from a week on it is bad."""
    [found] = _findings((Certificate(name=SITE, since=BEGAN, until=ENDS),), ENDS - timedelta(days=days))
    assert found.level == level


async def test_all_sites_at_a_service_are_looked_at(
    dnsimple: Wired, site: tuple[str, ssl.SSLContext]
) -> None:
    """Each name that points at a service is looked at, and named when its certificate does not fit."""
    settings = dnsimple.client.settings
    [sandbox] = await certificates(dnsimple.client)
    assert sandbox.text.startswith("No certificate is looked at")
    dnsimple.client.settings = settings.model_copy(update={"web": site[0]})
    found = await certificates(dnsimple.client)
    assert f"https://{SITE} cannot be trusted: self-signed certificate." in {each.text for each in found}
    assert len(found) == len({each.text for each in found}) > 1
    dnsimple.client.settings = settings.model_copy(update={"web": "https://127.0.0.1:1"})
    assert await certificates(dnsimple.client) == found  # for some hours
