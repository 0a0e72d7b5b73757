"""How the zone looks from outside: real questions to each name server, and pages fetched."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.core.vendor import Look
from integrations.dnsimple.outside import Outside
from integrations.dnsimple.records import Record
from tests.integrations.dnsimple.wired import NOW, PAGES, Wired, wired

SITE = "2026.pyconuk.org/CNAME"


async def look(dnsimple: Wired, target: str, *records: Record) -> Look:
    """Make a change and return how it looks from outside."""
    change = await dnsimple.change(target, *records)
    await dnsimple.make(change)
    found = await dnsimple.bound.outside(change)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("target", "record"),
    [
        ("2014.pyconuk.org/A", Record(content="192.0.2.99")),
        ("six.pyconuk.org/AAAA", Record(content="2001:db8::1")),
        ("2026.pyconuk.org/CNAME", Record(content=PAGES, ttl=60)),
        ("pyconuk.org/URL", Record(content="https://2025.pyconuk.org")),
        ("new.pyconuk.org/MX", Record(content="mx.example.org", priority=10)),
        ("words.pyconuk.org/TXT", Record(content='grüße an "alle" \\o/')),
        ("long.pyconuk.org/TXT", Record(content='x "y" ' * 80)),
        ("ca.pyconuk.org/CAA", Record(content='0 issue "letsencrypt.org"')),
        ("_sip._tcp.pyconuk.org/SRV", Record(content="5 5060 sip.example.org", priority=1)),
        ("sub.pyconuk.org/NS", Record(content="ns.example.org")),
        ("other.pyconuk.org/ALIAS", Record(content="mail.example.org")),
        ("*.pyconuk.org/CNAME", Record(content="host.example.org")),
    ],
)
async def test_each_type_works_once_it_is_made(dnsimple: Wired, target: str, record: Record) -> None:
    """What was written is what the name servers answer."""
    assert (await look(dnsimple, target, record)).good


async def test_contents_that_have_parts(dnsimple: Wired) -> None:
    """However DNSimple spells case, quotes, spaces and last dots, what its servers answer is the same."""
    digest = "AB" * 32
    given = {
        "CAA": "0 issue  letsencrypt.org",
        "DNSKEY": "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzyE=",
        "DS": f"60485 8 2 {digest}",
        "HINFO": "Intel Linux",
        "HTTPS": "1 . alpn=h2",
        "NAPTR": '10 20 s SIP+D2U "" _sip._udp.example.org',
        "SSHFP": f"4 2 {digest}",
        "SVCB": "1 svc.example.org alpn=h2",
        "TLSA": f"3 1 1 {digest}",
    }
    for kind, content in given.items():
        dnsimple.standin.world.zone.add({"name": "parts", "type": kind, "content": content})
    entries = await dnsimple.reads.at("parts.pyconuk.org")
    assert {each.type: await dnsimple.reads.amiss(each) for each in entries} == {kind: [] for kind in given}


async def test_what_lingers_is_what_was_there_before(dnsimple: Wired) -> None:
    """Others may remember the old set for its TTL; nothing was remembered of a new one."""
    assert (await look(dnsimple, "2025.pyconuk.org/CNAME")).lingers == timedelta(minutes=10)
    assert (await look(dnsimple, "2025.pyconuk.org/A", Record(content="192.0.2.1"))).lingers == timedelta(0)


async def test_servers_that_are_behind_or_silent_are_named(dnsimple: Wired) -> None:
    """Each server is asked: which has it not, and which does not answer."""
    second = dnsimple.standin.servers["ns2.dnsimple.com"]
    second.fall_behind(dnsimple.standin.world.zone)
    found = await look(dnsimple, "2014.pyconuk.org/A", Record(content="192.0.2.99"))
    assert found.text == "ns2.dnsimple.com does not have it"
    second.fall_behind(None)
    assert (await look(dnsimple, "2014.pyconuk.org/A", Record(content="192.0.2.98"))).good


async def test_silent_servers_are_waited_for_only_a_moment(dnsimple: Wired) -> None:
    """A server that does not answer is named, and a look-up without an answer says neither yes nor no."""
    dnsimple.client.outside.seconds = 0.05
    for server in dnsimple.standin.servers.values():
        server.silent = True
    found = await look(dnsimple, "2014.pyconuk.org/A", Record(content="192.0.2.99"))
    assert found.text == "ns1.dnsimple.com and ns2.dnsimple.com do not answer"
    assert await dnsimple.reads.exists(PAGES) is None


async def test_a_site_must_show_its_page(dnsimple: Wired) -> None:
    """A year's name, or one at a host of sites, must show its page; a redirect must lead where it says."""
    found = await look(dnsimple, "2027.pyconuk.org/CNAME", Record(content=PAGES))
    assert found.text == "https://2027.pyconuk.org shows no page: status 404"
    dnsimple.standin.site.up.append("2027.pyconuk.org")
    assert (await look(dnsimple, "2027.pyconuk.org/CNAME", Record(content=PAGES))).good
    found = await look(dnsimple, "2013.pyconuk.org/A", Record(content="192.0.2.7"))
    assert found.text == "http://2013.pyconuk.org shows no page: status 404"
    change = await dnsimple.change("pyconuk.org/URL", Record(content="https://2025.pyconuk.org"))
    early = await dnsimple.bound.outside(change)
    assert early == Look(
        good=False,
        text="http://pyconuk.org does not lead to https://2025.pyconuk.org",
        lingers=timedelta(hours=1),
    )


async def test_a_site_that_does_not_answer(dnsimple: Wired) -> None:
    """A page that cannot be fetched says why."""
    await dnsimple.standin.site.stop()
    found = await look(dnsimple, SITE, Record(content=PAGES, ttl=60))
    assert found.text == "https://2026.pyconuk.org shows no page: it does not answer"


async def test_a_certificate_must_fit(dnsimple: Wired, tmp_path: Path) -> None:
    """A site whose certificate is nobody's word says so, as a browser would."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "another.example.org")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=3650))
    plain = serialization.NoEncryption()
    held = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = tmp_path / "site.pem"
    file.write_bytes(held + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    site = TestServer(web.Application())
    await site.start_server(ssl=context)
    settings = dnsimple.client.settings.model_copy(update={"web": f"https://127.0.0.1:{site.port}"})
    page = await Outside(settings, dnsimple.client.outside.session).fetch("https://2026.pyconuk.org/")
    await site.close()
    assert page.trouble == "its certificate does not fit its name yet"


async def test_hosts_are_looked_up(dnsimple: Wired) -> None:
    """A host is there or is not; one without an address is there, and a chain of names is followed."""
    assert await dnsimple.reads.exists("mail.example.org")
    assert await dnsimple.reads.exists("text.pyconuk.org")
    assert await dnsimple.reads.exists("2026.pyconuk.org")
    assert await dnsimple.reads.exists("nothing.example.org") is False


async def test_name_servers_are_found_in_the_dns() -> None:
    """Without configured ones the zone's own NS records say whom to ask."""
    async with wired(
        {"elsewhere": {f"ns{n}.dnsimple.com": "127.0.0.1" for n in (1, 3)}}, nameservers={}
    ) as it:
        assert sorted(server.name for server in await it.reads.servers()) == [
            "ns1.dnsimple.com",
            "ns3.dnsimple.com",
        ]


async def test_without_a_resolver_nothing_is_found() -> None:
    """When nobody can say who serves the zone, the look says so."""
    async with wired(nameservers={}) as it:
        it.client.outside.seconds = 0.05
        it.standin.servers["ns1.dnsimple.com"].silent = True
        assert (await look(it, SITE)).text == "no name server could be found"
