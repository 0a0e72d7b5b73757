"""The stand-in's name servers answer from the zone as it is, over UDP and TCP."""

import asyncio
import shutil
from collections.abc import AsyncIterator

import aiohttp
import dns.asyncquery
import dns.flags
import dns.message
import dns.rcode
import pytest

from integrations.dnsimple.standin import StandIn
from tests.integrations.dnsimple.wired import Wired, wired


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    """Give a stand-in that listens."""
    async with wired() as found:
        yield found.standin


async def ask(standin: StandIn, name: str, kind: str, *, tcp: bool = False) -> dns.message.Message:
    """Return what the first name server answers."""
    host, _, port = next(iter(standin.servers.values())).address.partition(":")
    transport = dns.asyncquery.tcp if tcp else dns.asyncquery.udp
    return await transport(dns.message.make_query(name, kind), host, timeout=5, port=int(port))


async def texts(standin: StandIn, name: str, kind: str) -> list[str]:
    """Return the answers to a question."""
    answer = await ask(standin, name, kind)
    return [text for found in answer.answer for text in found.to_text().splitlines()]


async def test_each_type_is_answered(standin: StandIn) -> None:
    """What is declared is served; DNSimple's own types as addresses."""
    assert await texts(standin, "2026.pyconuk.org", "CNAME") == [
        "2026.pyconuk.org. 3600 IN CNAME pyconuk.github.io."
    ]
    assert await texts(standin, "2014.pyconuk.org", "A") == ["2014.pyconuk.org. 3600 IN A 192.0.2.7"]
    assert await texts(standin, "pyconuk.org", "A") == ["pyconuk.org. 3600 IN A 127.0.0.1"]
    assert await texts(standin, "alias.pyconuk.org", "A") == ["alias.pyconuk.org. 3600 IN A 192.0.2.10"]
    assert len(await texts(standin, "pyconuk.org", "NS")) == 4
    assert sorted(await texts(standin, "mail.pyconuk.org", "MX")) == [
        "mail.pyconuk.org. 3600 IN MX 10 mx1.example.org.",
        "mail.pyconuk.org. 3600 IN MX 20 mx2.example.org.",
    ]
    assert await texts(standin, "text.pyconuk.org", "TXT") == [
        r'text.pyconuk.org. 3600 IN TXT "v=spf1 \"quoted\" -all"'
    ]


async def test_a_cname_answers_every_question(standin: StandIn) -> None:
    """Whoever asks for an address is told the canonical name, and what that has as far as we know it."""
    assert await texts(standin, "2026.pyconuk.org", "A") == [
        "2026.pyconuk.org. 3600 IN CNAME pyconuk.github.io.",
        "pyconuk.github.io. 60 IN A 192.0.2.10",
    ]
    standin.world.zone.add({"name": "old", "type": "CNAME", "content": "2014.pyconuk.org"})
    assert len(await texts(standin, "OLD.pyconuk.org", "A")) == 2


async def test_what_is_not_there(standin: StandIn) -> None:
    """No such name, no such type and others' names are told apart; a wildcard covers what is missing."""
    answer = await ask(standin, "nothing.pyconuk.org", "A")
    assert (answer.rcode(), len(answer.authority)) == (dns.rcode.NXDOMAIN, 1)
    answer = await ask(standin, "2014.pyconuk.org", "TXT")
    assert (answer.rcode(), answer.answer) == (dns.rcode.NOERROR, [])
    assert (await ask(standin, "elsewhere.example.org", "A")).rcode() == dns.rcode.NXDOMAIN
    assert await texts(standin, "mail.example.org", "A") == ["mail.example.org. 60 IN A 192.0.2.20"]
    standin.world.zone.add({"name": "*", "type": "A", "content": "192.0.2.5"})
    assert await texts(standin, "nothing.pyconuk.org", "A") == ["nothing.pyconuk.org. 3600 IN A 192.0.2.5"]


async def test_long_answers_go_over_tcp(standin: StandIn) -> None:
    """What does not fit into a datagram is cut off there, and whole over TCP."""
    for number in range(60):
        standin.world.zone.add({"name": "many", "type": "A", "content": f"192.0.2.{number}"})
    cut = await ask(standin, "many.pyconuk.org", "A")
    assert cut.flags & dns.flags.TC
    whole = await ask(standin, "many.pyconuk.org", "A", tcp=True)
    assert len(whole.answer[0]) == 60
    assert whole.flags & dns.flags.AA


@pytest.mark.skipif(shutil.which("dig") is None, reason="there is no dig on this machine")
@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
async def test_dig_reads_it(standin: StandIn, transport: str) -> None:
    """The tool that people ask with understands what is answered."""
    host, _, port = next(iter(standin.servers.values())).address.partition(":")
    asked = ("dig", f"@{host}", "-p", port, "2026.pyconuk.org", "A", "+short", transport)
    process = await asyncio.create_subprocess_exec(*asked, stdout=asyncio.subprocess.PIPE)
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    assert said.decode().split() == ["pyconuk.github.io.", "192.0.2.10"]


async def test_the_web_is_as_the_zone_makes_it(dnsimple: Wired) -> None:
    """A URL record redirects with path and query; a site that is up shows its page."""
    site = dnsimple.standin.site.address
    async with aiohttp.ClientSession() as session:

        async def get(host: str, path: str) -> tuple[int, str]:
            async with session.get(site + path, headers={"Host": host}, allow_redirects=False) as answer:
                return answer.status, answer.headers.get("Location", "")

        assert await get("pyconuk.org", "/talks?day=1") == (301, "https://2026.pyconuk.org/talks?day=1")
        assert await get("2026.pyconuk.org", "/") == (200, "")
        assert await get("2025.pyconuk.org", "/") == (404, "")
