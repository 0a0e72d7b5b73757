"""The project's shape: what each vendor folder holds, the errors' tree, and habits that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.core import errors

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for root in ("bot", "commands", "config", "integrations", "tests")
    for path in (ROOT / root).rglob("*.py")
]
TESTS = [path for path in SOURCES if path.is_relative_to(ROOT / "tests") and path.name.startswith("test_")]

VENDOR_FILES = {"__init__", "settings", "client", "models", "reads", "resources", "standin"}
WITHOUT = {
    "slack": VENDOR_FILES - {"__init__", "standin"},  # only the stand-in Slack: the client is the frontend
    "baseline": VENDOR_FILES - {"__init__", "resources"},  # the same; commands read it as drift
    "people": VENDOR_FILES - {"__init__", "reads", "resources"},  # our own list: the store is its client
    "exchange_rates": {"resources"},  # published for everybody: nothing there can change
    "board": VENDOR_FILES - {"__init__", "resources"},  # our own record too; commands read it as the board
    "costs": VENDOR_FILES - {"__init__", "reads", "resources"},  # our own record too
    "sales": VENDOR_FILES - {"__init__", "reads", "resources"},  # our own record: the same
    "tito": {"resources"},  # read only by construction: no token exists that can only read
    "twilio": {"resources"},  # read only: nothing is sent from here
}
VENDORS = sorted(path.name for path in (ROOT / "integrations").iterdir() if (path / "__init__.py").exists())

Tree: TypeAlias = dict[str, "Tree"]
ERRORS: Tree = {
    "BotError": {
        "UsageError": {},
        "NotAllowed": {},
        "Refused": {"Drifted": {}, "AlreadyDecided": {}, "Expired": {}},
        "VendorError": {
            "Unavailable": {},
            "Denied": {},
            "Rejected": {},
            "Malformed": {},
            "OutcomeUnknown": {},
        },
        "ConfigurationError": {},
    }
}
EXCUSE = re.compile(r"# (noqa|type: ignore|pragma: no (cover|branch))\b")
EXPLAINED = re.compile(
    r"# (noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\]|pragma: no (cover|branch))\s*(#|-|:|–|—)\s*\w+"
)


def shown(path: Path) -> str:
    """Return the path as people write it."""
    return str(path.relative_to(ROOT))


def tree(error: type[Exception]) -> Tree:
    """Return the names of the errors below *error*, nested."""
    return {
        below.__name__: tree(below) for below in error.__subclasses__() if below.__module__ == errors.__name__
    }


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the tests of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


@pytest.mark.parametrize("vendor", VENDORS)
def test_vendor_folders_hold_the_same_files(vendor: str) -> None:
    """Who knows one vendor's folder knows the others."""
    folder = ROOT / "integrations" / vendor
    present = {path.stem for path in folder.iterdir()}
    assert VENDOR_FILES - WITHOUT.get(vendor, set()) <= present


def test_the_errors_tree_is_as_drawn() -> None:
    """The errors are those of the design, each below the one it is a kind of."""
    assert {"BotError": tree(errors.BotError)} == ERRORS


@pytest.mark.parametrize("path", TESTS, ids=shown)
def test_each_test_says_what_is_true(path: Path) -> None:
    """Each test begins with a sentence."""
    mute = [
        function.name
        for function in functions(path)
        if not (ast.get_docstring(function) or "").strip().endswith(".")
    ]
    assert not mute


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_each_excuse_has_its_reason(path: Path) -> None:
    """Whoever silences a tool says why on the same line."""
    lines = [line.strip() for line in path.read_text().splitlines() if EXCUSE.search(line)]
    assert [line for line in lines if not EXPLAINED.search(line)] == []
