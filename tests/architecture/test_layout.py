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
    "onepassword": {"reads"},  # the client's one call says names and numbers alone
    "keys": VENDOR_FILES - {"__init__", "resources"},  # our own record: the same
    "costs": VENDOR_FILES - {"__init__", "reads", "resources"},  # our own record too
    "error_tracking": {"resources"},  # read only: errors are resolved there
    "registrar": {"resources"},  # no API exists: people do it by hand
    "sales": VENDOR_FILES - {"__init__", "reads", "resources"},  # our own record: the same
    "slack_workspaces": {"standin"},  # Slack's own stand-in serves it too
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


def tree(error: type[Exception]) -> Tree:
    """Return the names of the errors below *error*, nested."""
    return {
        below.__name__: tree(below) for below in error.__subclasses__() if below.__module__ == errors.__name__
    }


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the tests of a file."""
    for part in ast.parse(path.read_text()).body:
        for node in part.body if isinstance(part, ast.ClassDef) else [part]:
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


def test_each_test_says_what_is_true() -> None:
    """Each test begins with a sentence."""
    mute = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in TESTS
        for function in functions(path)
        if not (ast.get_docstring(function) or "").strip().endswith(".")
    ]
    assert not mute


def test_each_excuse_has_its_reason() -> None:
    """Whoever silences a tool says why on the same line."""
    excuses = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if EXCUSE.search(line)
    ]
    assert excuses
    assert [line for line in excuses if not EXPLAINED.search(line)] == []
