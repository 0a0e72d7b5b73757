"""Records in our words: the way from one set to another, contents, targets."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Rejected
from integrations.dnsimple.records import Record, RecordSet, links, parts, pieces, plain, sent, unlike

RECORDS = st.builds(
    Record,
    content=st.sampled_from(["one", "two", "three", "four"]),
    ttl=st.sampled_from([60, 3600]),
    priority=st.sampled_from([None, 10]),
)
SETS = st.lists(RECORDS, max_size=4, unique_by=lambda each: (each.content, each.priority)).map(RecordSet.of)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=300)


@given(before=SETS, after=SETS)
def test_each_link_is_one_call_and_the_last_is_what_is_asked(
    before: RecordSet | None, after: RecordSet | None
) -> None:
    """On the way one record changes, comes or goes at a time, and the set is never empty meanwhile."""
    way = [before, *links(before, after)]
    assert way[-1] == after
    for one, other in pairwise(way):
        gone, new = unlike(one.records if one else (), other.records if other else ())
        assert max(len(gone), len(new)) == 1
    if before and after:
        assert None not in way


def test_what_can_be_changed_in_place_is() -> None:
    """A new content takes the place of an old one, a new TTL stays at its content."""
    one, two = Record(content="one"), Record(content="two", ttl=60)
    assert links(RecordSet.of([one]), RecordSet.of([two])) == [RecordSet.of([two])]
    both, slower = RecordSet.of([one, two]), two.model_copy(update={"ttl": 600})
    assert links(both, RecordSet.of([one, slower])) == [RecordSet.of([one, slower])]


@given(text=TEXTS)
def test_a_text_comes_back_as_it_was_sent(text: str) -> None:
    """Quoting and cutting into pieces lose nothing, and no piece is longer than 255 octets."""
    assert plain("TXT", sent("TXT", text)) == text
    assert all(len(piece.encode()) <= 255 for piece in pieces(text))


@pytest.mark.parametrize(
    ("text", "sizes"), [("x" * 255, [255]), ("x" * 256, [255, 1]), ("é" * 128, [254, 2])]
)
def test_255_octets_are_one_piece(text: str, sizes: list[int]) -> None:
    """A text of 255 octets is sent whole; beyond that a new piece begins, octets counted, not letters."""
    assert [len(piece.encode()) for piece in pieces(text)] == sizes


def test_hosts_are_compared_without_case_and_last_dot() -> None:
    """DNSimple keeps a host's case, and other tools send its last dot."""
    assert plain("CNAME", "PyConUK.github.io.") == "pyconuk.github.io"
    assert plain("URL", "https://Example.org/A.") == "https://Example.org/A."
    assert plain("AAAA", "2001:DB8:0::1") == "2001:db8::1"
    assert plain("AAAA", "nonsense") == "nonsense"


def test_a_target_names_a_full_name_and_a_type() -> None:
    """The apex has an empty name within the zone; what is not in the zone is no target."""
    assert parts("pyconuk.org/URL", "pyconuk.org") == ("pyconuk.org", "", "URL")
    assert parts("a.b.pyconuk.org/TXT", "pyconuk.org") == ("a.b.pyconuk.org", "a.b", "TXT")
    for wrong in ("pyconuk.org", "notpyconuk.org/A", "2026.example.org/A", "/A", "pyconuk.org/"):
        with pytest.raises(Rejected, match=r"is no record of pyconuk\.org"):
            parts(wrong, "pyconuk.org")


def test_a_set_in_words_says_how_long_it_is_remembered() -> None:
    """TTLs are read as durations where they are whole minutes."""
    found = RecordSet.of([Record(content="b", ttl=90, priority=20), Record(content="a`", priority=10)])
    assert found is not None
    assert found.words == "`10 a'`, TTL 1 hour and `20 b`, TTL 90 s"
    assert found.ttl.total_seconds() == 3600
