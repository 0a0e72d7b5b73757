"""The figures are documented."""

import re
from pathlib import Path

from bot.app.metrics import Metrics

PAGE = Path(__file__).parents[2] / "docs/operations.md"
ROW = re.compile(r"^\| `(infra_\w+)` \| (\w+) \| ([\w, ]*?) ?\| (.+) \|$", re.MULTILINE)


def test_each_figure_is_documented() -> None:
    """The table has every figure with its kind, its labels and what it is, and none besides."""
    known = {
        each._name: (each._type, ", ".join(each._labelnames), each._documentation)
        for each in vars(Metrics()).values()
        if hasattr(each, "_documentation")
    }
    assert {name: tuple(about) for name, *about in ROW.findall(PAGE.read_text())} == known
