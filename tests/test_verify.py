"""The file that proves a pack by itself: what it writes is YAML, and what it says of wrong packs."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import verify
from bot.core.event import Event, Kind
from bot.core.people import Actor
from bot.core.values import Json
from tests.core.samples import NOW, OWNERS, request

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=20), below, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(values)
@example({"on": "no", "null": [[], {}], "a": [[1, [2]], {"b": None}], "x:": "\x85\u2028\ufeff\x7f🐍 \n"})
@example([1e-07, -3e22, 0.5, "1e3", "2026-01-01", "~", ""])
def test_what_is_written_is_read_as_the_same(value: Any) -> None:
    """Whatever JSON can hold, a YAML reader takes it for the same."""
    assert yaml.load(verify.written(value), yaml.CSafeLoader) == value


def pack(folder: Path, rows: str = "{0}", drop: int = 0, *, filed: bool = True) -> tuple[int, str]:
    """Write a pack of one request, its last lines left out; return what is known of its journal."""
    head, lines = (0, verify.GENESIS), []
    told: list[tuple[Kind, Json]] = [
        (Kind.FILED, {"request": request().model_dump(mode="json")}),
        (Kind.DENIED, {"reason": "no"}),
    ]
    for seq, (kind, said) in enumerate(told if filed else told[1:], 1):
        cory = Actor.of(OWNERS[1], "slack")
        event = Event.following(
            head, subject="request:r42", seq=seq, kind=kind, at=NOW, actor=cory, payload=said
        )
        lines.append(verify.canonical(event.line).decode())
        head = (event.n, event.hash)
    (folder / "state").mkdir(parents=True)
    (folder / verify.PACK).write_text(verify.written({"lines": head[0], "head": head[1]}))
    (folder / verify.JOURNAL).write_text("".join(f"{line}\n" for line in lines[: len(lines) - drop]))
    reading, _ = verify.read(lines)
    listed = verify.written(verify.listed(reading.requests.values())) if filed else "[]\n"
    (folder / verify.REQUESTS).write_text(rows.format(listed))
    return head


def test_a_whole_pack_is_told_with_its_head(tmp_path: Path) -> None:
    """It says how many lines, and the last one's hash; a head that was published is looked for."""
    lines, head = pack(tmp_path)
    said = verify.verdict(str(tmp_path), head)
    assert said == (f"The journal is whole: {lines} lines, head {head}.", True)
    assert verify.verdict(str(tmp_path), "f" * 64) == (verify.CUT, False)


@pytest.mark.parametrize(
    ("rows", "drop", "problem"),
    [
        ("{0}", 1, "journal.jsonl does not end where pack.yaml says: lines were cut or added"),
        ("[]\n", 0, "state/requests.yaml says of #42 what its lines do not say"),
        ('{0}- number: 43\n  state: "pending"\n', 0, "state/requests.yaml lists what was never filed"),
    ],
)
def test_a_wrong_pack_is_found(tmp_path: Path, rows: str, drop: int, problem: str) -> None:
    """A journal that was cut, and a list of requests that says anything else, are found."""
    pack(tmp_path, rows, drop)
    assert verify.verdict(str(tmp_path)) == (problem, False)


def test_lines_without_a_filing_are_found(tmp_path: Path) -> None:
    """Nobody decides about what nobody asked for."""
    pack(tmp_path, filed=False)
    assert verify.verdict(str(tmp_path)) == ("the request r42 has lines, and was never filed", False)


def test_a_list_of_nothing_is_compared_too(tmp_path: Path) -> None:
    """Where nothing was filed, nothing is listed."""
    (tmp_path / "state").mkdir()
    (tmp_path / verify.PACK).write_text(verify.written({"lines": 0, "head": verify.GENESIS}))
    (tmp_path / verify.JOURNAL).touch()
    for text, whole in (("[]\n", True), ("- number: 1\n", False)):
        (tmp_path / verify.REQUESTS).write_text(text)
        assert verify.verdict(str(tmp_path))[1] is whole


def test_a_key_said_twice_is_found(tmp_path: Path) -> None:
    """A line that some reader could take for another one is none that we wrote."""
    pack(tmp_path)
    journal = tmp_path / verify.JOURNAL
    journal.write_text(journal.read_text().replace('"n":1', '"n":1,"n":1'))
    assert "cannot be read" in verify.verdict(str(tmp_path))[0]
