"""The import contracts: each one can be broken, and together they cover every package that runs."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

# For each contract, an import that breaks it: (who, what is imported).
BREAKS = {
    "Imports go down only": [
        ("bot.core.change", "bot.http"),
        ("bot.store.journal", "bot.workflow"),
        ("bot.workflow.service", "config"),
        ("bot.frontends.schedule", "commands"),
        ("bot.app", "bot.sandbox"),
        ("integrations.tito.reads", "commands"),
    ],
    "Each part of the bot has its layer": [("bot.charts", "bot.http")],
    "Vendors do not know each other": [("integrations.github.reads", "integrations.tito")],
    "Command words do not know each other": [("commands.dns", "commands.grant_push")],
    "Frontends do not know each other": [("bot.frontends.terminal", "bot.frontends.slack")],
    "Frontends are handed commands, integrations and settings": [
        ("bot.frontends.webhooks", "integrations.github")
    ],
    "Commands cannot write: no workflow, store or settings": [("commands.undo", "bot.workflow.executor")],
    "Integrations keep nothing: no store": [("integrations.people.reads", "bot.store")],
    "The core does no input or output": [("bot.core.money", "asyncio"), ("bot.core.policy", "logging")],
    "Only the Slack frontend imports Slack's libraries": [("bot.app", "slack_sdk")],
    "Only the store imports SQL": [("bot.workflow.timers", "sqlalchemy"), ("commands.audit", "sqlite3")],
    "Only figures import Prometheus, nobody Sentry": [
        ("bot.workflow.service", "prometheus_client"),
        ("bot.app", "sentry_sdk"),
    ],
    "Nobody imports a stand-in": [("bot.sandbox.world", "integrations.github.standin")],
    "A stand-in imports nothing of ours": [
        ("integrations.github.standin", "bot.core"),
        ("integrations.github.standin", "integrations.github.models"),
        ("integrations.tito.standin", "integrations.github"),
    ],
    "Nothing that runs imports tests": [("bot.sandbox.page", "tests")],
}
ALLOWED = [
    ("bot.__main__", "bot.app"),
    ("bot.app", "commands"),
    ("bot.app", "integrations"),
    ("bot.app.metrics", "prometheus_client"),
    ("bot.sandbox.child", "bot.app"),
    ("bot.frontends.slack.listeners", "slack_bolt"),
    ("bot.store.tables", "sqlalchemy"),
    ("bot.workflow.service", "bot.store.tables"),
    ("commands.grant_push", "integrations.github.resources"),
    ("integrations.github.client", "bot.http"),
    ("config.settings", "bot.core"),
]
PARTS = {"bot.sandbox", "bot.frontends", "bot.workflow", "bot.store", "bot.core"}  # those the contracts name


def lint(folder: Path, imports: list[tuple[str, str]]) -> str:
    """Write a project of these *imports* into *folder* and return what the linter says of it."""
    ours = {module for pair in imports for module in pair if module.split(".")[0] in LINTER["root_packages"]}
    for module in ours | set(LINTER["root_packages"]) | PARTS:
        package = folder.joinpath(*module.split("."))
        package.mkdir(parents=True, exist_ok=True)
        lines = [f"import {imported}\n" for importer, imported in imports if importer == module]
        (package / "__init__.py").write_text("".join(lines))
        for parent in package.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()
    linter = str(Path(sys.executable).parent / "lint-imports")
    command = [linter, "--no-cache", "--no-logo", "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give what the linter says of a project that breaks everything, under the name of each contract."""
    said = lint(tmp_path_factory.mktemp("broken"), [wrong for wrongs in BREAKS.values() for wrong in wrongs])
    details = said.partition("Broken contracts")[2]
    found = sorted((details.index(f"\n{name}\n-"), name) for name in BREAKS if f"\n{name}\n-" in details)
    ends = [start for start, _ in found[1:]] + [len(details)]
    return {name: details[start:end] for (start, name), end in zip(found, ends, strict=True)}


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [(contract, *wrong) for contract, wrongs in BREAKS.items() for wrong in wrongs],
)
def test_a_forbidden_import_breaks_its_contract(
    complaints: dict[str, str], contract: str, importer: str, imported: str
) -> None:
    """The linter names the import under the contract that forbids it."""
    assert f"{importer} -> {imported} " in complaints[contract]


def test_allowed_imports_break_nothing(tmp_path: Path) -> None:
    """The directions the design draws are kept by every contract."""
    assert f"Contracts: {len(LINTER['contracts'])} kept, 0 broken." in lint(tmp_path, ALLOWED)


def test_a_part_without_a_layer_is_found(tmp_path: Path) -> None:
    """A new package of the bot needs its place in the layers."""
    assert "bot.helpers" in lint(tmp_path, [*ALLOWED, ("bot.helpers", "bot.core")])


def test_each_contract_is_broken_by_a_test() -> None:
    """No contract goes untested."""
    assert [contract["name"] for contract in LINTER["contracts"]] == list(BREAKS)


def test_the_contracts_cover_every_package_that_runs() -> None:
    """The linter's root packages are the project's top-level packages."""
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert set(LINTER["root_packages"]) == packages
