"""The tests that pages name exist; the table of promises says what was proved and what was not."""

import re
from pathlib import Path

import pytest

from tests import proof
from tests.architecture.test_layout import ROOT, functions
from tests.proof import PROMISES, PROMISES_MARKS, Ran, promises, write

NAMED = [one for promise in PROMISES for one in promise.proofs]
THREATS = (ROOT / "docs/security.md").read_text().partition("| who | could try |")[2].partition("\n\n")[0]
CITED = re.findall(r"`(tests/[^`]+)`", THREATS)


def exists(test: str) -> bool:
    """Say whether a file with tests, or one test in it, is there."""
    name, _, function = test.partition("::")
    path = ROOT / name
    return path.is_file() and (not function or function in {each.name for each in functions(path)})


@pytest.mark.parametrize("test", sorted({*NAMED, *CITED}))
def test_what_is_named_exists(test: str) -> None:
    """Each test that a promise or a threat names is there."""
    assert exists(test), test


def test_each_promise_has_its_proofs_and_each_threat_its_tests() -> None:
    """Nothing is promised, and nothing defended against, in words alone."""
    assert len(PROMISES) == 14
    assert all(promise.proofs for promise in PROMISES)
    bare = [row for row in THREATS.splitlines()[2:] if "::" not in row.rpartition("| `")[2]]
    assert bare == []


def test_the_table_says_what_was_proved_and_what_not() -> None:
    """A promise is met when all its proofs ran and passed; a failure, a gap and a skip are told as such."""
    whole, failed, part, skipped, *rest = PROMISES
    ran = [Ran(f"{one}::test_a[1|2]", "passed", ("3 kills | 0 lost",)) for one in whole.proofs]
    ran += [Ran(f"{failed.proofs[0]}::test_b", "failed")]
    ran += [Ran(part.proofs[0], "passed")]
    ran += [Ran(f"{one}[x]", "skipped") for one in skipped.proofs]
    rows = promises(ran).splitlines()[2:]
    assert "| yes |" in rows[0]
    assert "3 kills \\| 0 lost" in rows[0]
    assert f"| **NO** | Why: not known yet.<br>failed: `{failed.proofs[0]}::test_b`" in rows[1]
    assert "| in part |" in rows[2]
    assert f"not yet run: `{part.proofs[1]}`" in rows[2]
    assert "| in part |" in rows[3]
    assert all(f"| {proof.NOT_YET} |" in row for row in rows[4:]), rest


def test_only_what_is_between_the_marks_is_written(tmp_path: Path) -> None:
    """The page's own words stay; a page that lost its marks is left alone."""
    page, (begin, end) = tmp_path / "proof.md", PROMISES_MARKS
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    write(page, PROMISES_MARKS, "| table |")
    text = page.read_text()
    assert text.startswith(f"before\n{begin}\n\n")
    assert text.endswith(f"| table |\n\n{end}\nafter\n")
    assert "old" not in text
    assert re.search(
        r"\d cores, Python 3\.\d+\.\d+; the disk's fdatasync of 4 KiB takes \d+\.\d\d ms\.", text
    )
    page.write_text("nothing")
    with pytest.raises(ValueError, match="lost its marks"):
        write(page, PROMISES_MARKS, "| table |")
    assert page.read_text() == "nothing"


def test_the_page_has_its_marks_and_each_promise() -> None:
    """The committed page tells of every promise as the code does."""
    text = proof.PAGE.read_text()
    for mark in (*PROMISES_MARKS, *proof.FIGURES_MARKS):
        assert text.count(mark) == 1
    for number, promise in enumerate(PROMISES, 1):
        assert f"| {number} | {promise.words} |" in text
