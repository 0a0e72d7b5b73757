"""What cannot be a record is refused before anything is filed, in words that say what to write instead."""

import pytest

from bot.core.errors import BotError, Refused, UsageError
from integrations.dnsimple.validation import fitting, name_of, record_of, type_of

ZONE = "pyconuk.org"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("@", ""),
        ("pyconuk.org", ""),
        ("PyConUK.org.", ""),
        ("2027", "2027"),
        ("2027.pyconuk.org", "2027"),
        ("_dmarc", "_dmarc"),
        ("_acme-challenge.2027.pyconuk.org", "_acme-challenge.2027"),
        ("*", "*"),
        ("*.old.pyconuk.org", "*.old"),
        ("münchen", "xn--mnchen-3ya"),
    ],
)
def test_names_in_the_zone(said: str, name: str) -> None:
    """A name is said short or in full, with underscores, a wildcard in front, or in any alphabet."""
    assert name_of(said, ZONE) == name


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("2027.example.org", "is not in pyconuk.org"),
        ("_dmarc.2027", "is not in pyconuk.org"),
        ("notpyconuk.org", "is not in pyconuk.org"),
        ("a..pyconuk.org", "cannot be a name"),
        ("-x", "cannot be a name"),
        ("two words", "cannot be a name"),
        ("old.*.pyconuk.org", "cannot be a name"),
        ("x" * 64, "cannot be a name"),
        ("a/b", "cannot be a name"),
    ],
)
def test_names_that_are_refused(said: str, words: str) -> None:
    """Another domain's name and what the DNS cannot hold are no names of ours."""
    with pytest.raises(UsageError, match=words):
        name_of(said, ZONE)


@pytest.mark.parametrize(
    ("kind", "content", "kept"),
    [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("AAAA", "2001:DB8:0::1", "2001:db8::1"),
        ("CNAME", "PyConUK.github.io.", "pyconuk.github.io"),
        ("CNAME", "bücher.example.org", "xn--bcher-kva.example.org"),
        ("URL", "https://2027.pyconuk.org/a?b=c", "https://2027.pyconuk.org/a?b=c"),
        ("TXT", '"v=spf1 -all"', "v=spf1 -all"),
        ("CAA", '0 issue "letsencrypt.org"', '0 issue "letsencrypt.org"'),
        ("SRV", "5 5060 SIP.example.org.", "5 5060 sip.example.org"),
        ("MX", "mx.example.org", "mx.example.org"),
        ("PTR", "Host.example.org.", "host.example.org"),
        ("DS", f"60485 8 2  {'AB' * 32}", f"60485 8 2 {'ab' * 32}"),
        ("HTTPS", "1 . alpn=h2", '1 . alpn="h2"'),
        (
            "NAPTR",
            '10 20 s SIP+D2U "" _sip._udp.Example.org.',
            '10 20 "s" "SIP+D2U" "" _sip._udp.Example.org',
        ),
        ("SSHFP", f"4 2 {'AB' * 32}", f"4 2 {'ab' * 32}"),
        ("SVCB", "1 svc.example.org. alpn=h2,h3", '1 svc.example.org alpn="h2,h3"'),
        ("TLSA", f"3 1 1 {'AB' * 32}", f"3 1 1 {'ab' * 32}"),
    ],
)
def test_contents(kind: str, content: str, kept: str) -> None:
    """A content is kept in one spelling."""
    priority = 10 if kind in {"MX", "SRV"} else None
    assert record_of(kind, "x.pyconuk.org", content, 3600, priority).content == kept


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("A", "pyconuk.github.io", "for a host name use CNAME"),
        ("A", "2001:db8::1", "for IPv6 use AAAA"),
        ("AAAA", "192.0.2.1", "for IPv4 use A"),
        ("CNAME", "192.0.2.1", "for an address use A"),
        ("CNAME", "https://example.org", "is for the type URL"),
        ("CNAME", "localhost", "full name"),
        ("CNAME", "a..b", "Write a host's name"),
        ("CNAME", "x.pyconuk.org", "point at itself"),
        ("URL", "example.org", "with https://"),
        ("URL", "ftp://example.org", "with https://"),
        ("URL", "https://[oops", "with https://"),
        ("URL", "https://x.pyconuk.org/away", "in a circle"),
        ("TXT", "two\nlines", "without line breaks"),
        ("TXT", "x" * 1000, "at most 1000"),
        ("CAA", "letsencrypt.org", "0 issue"),
        ("SRV", "sip.example.org", "WEIGHT PORT HOST"),
    ],
)
def test_contents_that_are_refused(kind: str, content: str, words: str) -> None:
    """The hint says what such a record holds."""
    with pytest.raises(UsageError) as refused:
        record_of(kind, "x.pyconuk.org", content, 3600, 10 if kind == "SRV" else None)
    assert words in refused.value.hint


@pytest.mark.parametrize(
    ("kind", "ttl", "priority", "words"),
    [
        ("A", 59, None, "out of range"),
        ("A", 259_201, None, "out of range"),
        ("MX", 3600, None, "need a priority"),
        ("MX", 3600, 65_536, "out of range"),
        ("A", 3600, 10, "have no priority"),
    ],
)
def test_figures_that_are_refused(kind: str, ttl: int, priority: int | None, words: str) -> None:
    """A TTL lies between a minute and three days; MX and SRV alone have a priority."""
    with pytest.raises(UsageError, match=words):
        record_of(kind, "x.pyconuk.org", "192.0.2.1", ttl, priority)


@pytest.mark.parametrize(
    ("kind", "full", "others", "words"),
    [
        ("CNAME", ZONE, (), "cannot have a CNAME"),
        ("CNAME", "x.pyconuk.org", ("A", "TXT"), "has A, TXT already"),
        ("TXT", "x.pyconuk.org", ("CNAME",), "is a CNAME"),
        ("A", "x.pyconuk.org", ("URL",), "has URL already"),
        ("URL", "x.pyconuk.org", ("A",), "has A already"),
        ("ALIAS", "x.pyconuk.org", ("URL",), "has URL already"),
    ],
)
def test_what_cannot_stand_together(kind: str, full: str, others: tuple[str, ...], words: str) -> None:
    """A CNAME stands alone and never at the apex; one type alone answers with addresses that are made up."""
    with pytest.raises(Refused, match=words):
        fitting(kind, full, ZONE, others)


def test_what_may_stand_together() -> None:
    """Addresses of both families, texts and mail stand beside each other; a set stands beside itself."""
    for kind, others in (("AAAA", ["A", "TXT"]), ("ALIAS", ["MX", "TXT", "NS"]), ("CNAME", ["CNAME"])):
        fitting(kind, "x.pyconuk.org", ZONE, others)


def test_types() -> None:
    """A type is said in any case; a near miss is named."""
    assert type_of("cname") == "CNAME"
    with pytest.raises(BotError) as refused:
        type_of("CNAM")
    assert refused.value.hint == "Did you mean `CNAME`?"
    with pytest.raises(UsageError, match="records of type `POOL`"):
        type_of("POOL")
