"""The registry of the domain: asked seldom, read with care, each trouble with what people do about it."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from bot.core.errors import Malformed, Rejected, Unavailable, VendorError
from bot.core.vendor import Finding
from integrations.registrar import REGISTRAR, RegistrarReads, RegistrarSettings
from integrations.registrar.check import check
from integrations.registrar.client import RegistrarClient
from integrations.registrar.costs import told
from integrations.registrar.health import health
from integrations.registrar.models import Bootstrap
from integrations.registrar.setup import by_hand
from integrations.registrar.standin import StandIn
from tests.integrations.wired import NOW, Wired, wired

Registry: TypeAlias = Wired[StandIn, RegistrarClient, RegistrarReads]

SEED = {
    "domain": "pyconuk.org",
    "registrar": "123-Reg Limited",
    "ends": "2027-03-14",
    "statuses": ["client transfer prohibited"],
    "nameservers": ["ns1.dnsimple.com", "ns2.dnsimple-edge.net"],
}
LIST, DOMAIN = "/rdap/dns.json", "/registry/domain/pyconuk.org"
ASKED = [f"GET {LIST}", f"GET {DOMAIN}"]


@pytest.fixture
async def registry() -> AsyncIterator[Registry]:
    """Give our client wired to the stand-in, where IANA's list is below /rdap."""
    async with wired(REGISTRAR, StandIn, SEED, {"domain": "pyconuk.org"}) as found:
        section = {"url": f"{found.client.settings.url}/rdap", "domain": "pyconuk.org"}
        found.client.settings = RegistrarSettings.model_validate(section)
        yield found


async def wrong(registry: Registry) -> list[Finding]:
    """Return what is not as it should be."""
    found = [each for each in await health(registry.reads) if each.level != "good"]
    assert all(each.hint for each in found)
    return found


async def test_all_is_well(registry: Registry) -> None:
    """Registrar, end and delegation are said, whatever case and dots the registry writes."""
    assert [(each.level, each.text) for each in await health(registry.reads)] == [
        ("good", "pyconuk.org is registered with 123-Reg Limited until 14 Mar 2027."),
        ("good", "pyconuk.org is delegated to ns1.dnsimple.com and ns2.dnsimple-edge.net."),
    ]
    assert await check(registry.client) == await health(registry.reads)
    assert registry.calls == ASKED
    assert "Renew pyconuk.org" in by_hand(registry.client.settings)[0]


TROUBLES: dict[str, tuple[Callable[[StandIn], Any], str, str]] = {
    "not locked": (lambda it: it.statuses.clear(), "warning", "is not locked"),
    "lapsed": (lambda it: it.statuses.append("redemption period"), "bad", "for about 30 days only"),
    "doomed": (lambda it: it.statuses.append("Pending Delete"), "bad", "anybody can take it then"),
    "held": (lambda it: it.statuses.append("client hold"), "bad", "took it out of the DNS"),
    "moving": (lambda it: it.statuses.append("pending transfer"), "bad", "moving it to another registrar"),
    "parked": (
        lambda it: setattr(it, "nameservers", ["ns1.parking.example"]),
        "bad",
        "delegated to ns1.parking.example, not to *.dnsimple.com and *.dnsimple-edge.*",
    ),
    "not delegated": (lambda it: it.nameservers.clear(), "bad", "delegated to no name server"),
    "elsewhere": (lambda it: setattr(it, "registrar", "Cheap Names"), "bad", "with Cheap Names, not with"),
    "signed": (lambda it: setattr(it, "signed", True), "bad", "has DNSSEC keys"),
    "endless": (lambda it: setattr(it, "ends", None), "warning", "does not say when"),
    "free": (lambda it: setattr(it, "registered", False), "bad", "anybody can take it"),
}


@pytest.mark.parametrize(("trouble", "level", "words"), TROUBLES.values(), ids=TROUBLES)
async def test_each_trouble_is_named(
    registry: Registry, trouble: Callable[[StandIn], Any], level: str, words: str
) -> None:
    """What the registry says otherwise is one finding, with what to do at the registrar's."""
    trouble(registry.standin)
    [found] = await wrong(registry)
    assert (found.level, words in found.text) == (level, True)


async def test_what_is_not_said_is_no_trouble(registry: Registry) -> None:
    """Without a word of DNSSEC nothing is said of it; wanted and absent it is; a .uk name has no lock."""
    registry.standin.signed = None
    assert await wrong(registry) == []
    settings = registry.client.settings
    registry.client.settings = settings.model_copy(update={"dnssec": True, "every": timedelta(0)})
    assert await wrong(registry) == []
    registry.standin.signed = False
    assert "is not signed" in (await wrong(registry))[0].text
    registry.standin.domain, registry.standin.statuses = "pyconuk.org.uk", []
    registry.client.settings = settings.model_copy(update={"domain": "pyconuk.org.uk", "every": timedelta(0)})
    assert await wrong(registry) == []


@pytest.mark.parametrize(
    ("days", "level", "alarms"),
    [(61, "", 0), (60, "warning", 1), (30, "warning", 2), (14, "bad", 3), (1, "bad", 6), (0, "bad", 6)],
)
async def test_the_end_is_warned_of_before(registry: Registry, days: int, level: str, alarms: int) -> None:
    """From sixty days on the board warns; each of the six days is told once, the last of them alone."""
    registry.now = datetime(2027, 3, 14, 12, tzinfo=UTC) - timedelta(days=days)
    assert [each.level for each in await wrong(registry)] == ([level] if level else [])
    found = await told(registry.reads)
    assert found.renews == date(2027, 3, 14)
    assert len(found.alarms) == alarms
    assert len({each.about for each in found.alarms}) == min(alarms, 1)


async def test_a_renewal_on_paper_is_an_alarm(registry: Registry) -> None:
    """The day after the end the registry has a later one: that is asked about, not believed."""
    registry.now = datetime(2027, 3, 15, 12, tzinfo=UTC)
    [found] = await wrong(registry)
    assert "auto renew period" in found.text
    assert "paid or not" in found.text
    [asked] = (await told(registry.reads)).alarms
    assert asked.text.startswith("pyconuk.org is registered until 14 Mar 2028. Is the invoice for that paid?")


async def test_the_registry_is_asked_seldom(registry: Registry) -> None:
    """An answer stands for half a day, IANA's list for one; a silence for ten minutes."""
    for _ in range(2):
        await registry.reads.domain()
    assert registry.calls == ASKED
    registry.now += timedelta(hours=13)
    registry.instead(DOMAIN, 503)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await registry.reads.domain()
    assert registry.calls[2:] == ASKED[1:] * 3  # one question, tried three times
    registry.answers.clear()
    registry.instead(LIST, 410)
    registry.now += timedelta(minutes=11)
    await registry.reads.domain()
    registry.now += timedelta(days=2)
    facts = await registry.reads.domain()  # by the list as it was
    assert facts
    assert facts.asked_at == registry.now


async def test_who_blocks_us_is_asked_tomorrow(registry: Registry) -> None:
    """A registry that refuses the address of a cloud is left alone for a day."""
    registry.instead(DOMAIN, 403)
    for hours in (0, 23):
        registry.now = NOW + timedelta(hours=hours)
        with pytest.raises(Unavailable, match="refuses to answer this machine"):
            await registry.reads.domain()
    assert registry.calls == ASKED
    [found] = await check(registry.client)
    assert (found.level, "asked again tomorrow" in found.text) == ("warning", True)


BODY = {"objectClassName": "domain", "ldhName": "pyconuk.org"}


@pytest.mark.parametrize(
    ("path", "status", "body", "error"),
    [
        (LIST, 200, "<html>", Malformed),
        (LIST, 200, "{}", Malformed),
        (LIST, 200, '{"services": [[["com"], ["https://rdap.example.com/"]]]}', Rejected),
        (LIST, 410, "", Rejected),
        (DOMAIN, 200, "<html>", Malformed),
        (DOMAIN, 200, '{"errorCode": 200}', Malformed),
        (DOMAIN, 200, json.dumps({**BODY, "events": [{"eventDate": "soon"}]}), Malformed),
        (DOMAIN, 410, "<html>", Rejected),
        (DOMAIN, 429, "", Unavailable),
        (DOMAIN, 500, "", Unavailable),
    ],
)
async def test_bad_answers(
    registry: Registry, path: str, status: int, body: str, error: type[VendorError]
) -> None:
    """HTML, other shapes, no dates, gone, too often, down: an error with a next step, never a guess."""
    registry.instead(path, status, body, **{"Retry-After": "60"})
    with pytest.raises(error) as caught:
        await registry.reads.domain()
    assert caught.value.message
    assert caught.value.hint


async def test_what_is_missing_is_missed(registry: Registry) -> None:
    """A registry that says nothing but the name is believed in that: no registrar, end, lock, delegation."""
    registry.instead(
        DOMAIN, 200, json.dumps(BODY | {"entities": [{"roles": ["registrar"], "vcardArray": []}]})
    )
    texts = " ".join(each.text for each in await wrong(registry))
    assert "does not say when" in texts
    assert "with a registrar that is not named, not with 123-reg" in texts
    assert "no name server" in texts
    assert "is not locked" in texts
    assert (await told(registry.reads)).renews is None


def test_the_longest_ending_counts() -> None:
    """Of endings that fit the longest names the server, by https where it has both."""
    services = (
        (("uk",), ("https://uk.example/",)),
        (("CO.uk", "org.uk"), ("http://co.example/", "https://co.example/")),
    )
    listed = Bootstrap(services=services)
    assert listed.server("pycon.co.uk") == "https://co.example/"
    assert listed.server("pycon.uk") == "https://uk.example/"
    assert listed.server("pycon.example") is None
