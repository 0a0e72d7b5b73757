"""The journal's hash chain."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.event import GENESIS, Event, Kind, flaw
from bot.core.people import Actor
from bot.core.values import Json
from tests.core.samples import NOW, OWNERS, names, words

payloads: st.SearchStrategy[Json] = st.dictionaries(names, words | st.integers() | st.booleans(), max_size=3)


@st.composite
def chains(draw: st.DrawFn, least: int = 1) -> list[Event]:
    """Draw a correct chain over a few subjects."""
    head, chain, seqs = (0, GENESIS), [], dict[str, int]()
    for index in range(draw(st.integers(least, 4))):
        subject = draw(st.sampled_from(["request:a", "request:b", "refusals"]))
        seqs[subject] = seqs.get(subject, 0) + 1
        event = Event.following(
            head,
            subject=subject,
            seq=seqs[subject],
            kind=draw(st.sampled_from(Kind)),
            at=NOW + timedelta(minutes=index),
            actor=Actor.of(draw(st.sampled_from(OWNERS)), "slack"),
            payload=draw(payloads),
        )
        chain.append(event)
        head = (event.n, event.hash)
    return chain


@settings(max_examples=40)
@given(chains())
def test_a_chain_as_written_has_no_flaw(chain: list[Event]) -> None:
    """A journal that nobody touched verifies, also against its own head."""
    assert flaw(chain) is None
    assert flaw(chain, chain[-1].hash) is None
    assert flaw(chain, GENESIS) is None


@settings(max_examples=40)
@given(chains(), st.data())
def test_an_altered_line_is_found(chain: list[Event], data: st.DataObject) -> None:
    """Any changed field of any line is found."""
    index = data.draw(st.integers(0, len(chain) - 1))
    altered = data.draw(
        st.sampled_from(
            [
                {"kind": data.draw(st.sampled_from(Kind))},
                {"at": NOW - timedelta(days=1)},
                {"payload": data.draw(payloads)},
                {"actor": Actor(name="somebody else")},
                {"subject": "request:c"},
                {"seq": 99},
                {"n": 99},
                {"previous": "f" * 64},
                {"hash": "f" * 64},
            ]
        )
    )
    changed = chain[index].model_copy(update=altered)
    found = flaw([*chain[:index], changed, *chain[index + 1 :]])
    assert (found is None) == (changed == chain[index])


@settings(max_examples=40)
@given(chains(least=2), st.data())
def test_a_dropped_line_is_found(chain: list[Event], data: st.DataObject) -> None:
    """Leaving a line out is found, the last one with the help of a published head."""
    index = data.draw(st.integers(0, len(chain) - 1))
    head = chain[-1].hash
    assert flaw([*chain[:index], *chain[index + 1 :]], head)


@settings(max_examples=40)
@given(chains(least=2), st.data())
def test_reordered_lines_are_found(chain: list[Event], data: st.DataObject) -> None:
    """Any other order is found."""
    other = data.draw(st.permutations(chain))
    assert (flaw(other) is None) == (other == chain)


@settings(max_examples=40)
@given(chains(), st.data())
def test_a_line_rewritten_with_a_fitting_hash_is_found(chain: list[Event], data: st.DataObject) -> None:
    """Recomputing a line's own hash does not help: the next line, or the published head, shows it."""
    index = data.draw(st.integers(0, len(chain) - 1))
    forged = chain[index].model_copy(update={"payload": {"forged": True}, "hash": ""})
    forged = forged.model_copy(update={"hash": forged.fingerprint()})
    head = chain[-1].hash
    assert flaw([*chain[:index], forged, *chain[index + 1 :]], head)


def test_a_subject_counts_its_own_lines() -> None:
    """A line that skips a number within its subject is found although its hash fits."""
    line = Event.following(
        (0, GENESIS), subject="request:a", seq=2, kind=Kind.FILED, at=NOW, actor=Actor(name="x"), payload={}
    )
    assert flaw([line]) == "line 1 is out of order within request:a"
