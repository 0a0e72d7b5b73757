"""The chores: what `make` offers, and what it says to a machine that cannot run them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHORES = {
    "demo",
    "test",
    "check",
    "format",
    "lint",
    "types",
    "imports",
    "docs",
    "faults",
    "bench",
    "lock",
    "clean",
    "help",
}


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make in *folder*."""
    return subprocess.run(
        ["make", *words], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a folder with what make reads and no virtual environment."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_make_alone_lists_the_chores() -> None:
    """Who types make learns what there is."""
    assert set(re.findall(r"^make (\w+) +\S", make(ROOT).stdout, flags=re.MULTILINE)) == CHORES


@pytest.mark.parametrize("chore", sorted(CHORES - {"clean", "help"}))
def test_each_chore_makes_its_environment_first(checkout: Path, chore: str) -> None:
    """On a new machine any chore may be the first."""
    planned = make(checkout, "--dry-run", chore).stdout
    assert planned.index("-m venv") < planned.index("--require-hashes") < planned.index("--no-deps")
    assert ("requirements-dev.txt" in planned) == (chore != "demo")


def test_an_old_python_is_named_with_the_way_out(checkout: Path) -> None:
    """A machine whose Python is too old is told which one make needs and how to name it."""
    said = make(checkout, "demo", "PYTHON=false")
    assert said.returncode != 0
    assert "Python 3.11 or newer is needed; false is not" in said.stderr
    assert "make PYTHON=" in said.stderr
    assert not (checkout / ".venv").exists()


def test_the_deploy_files_call_commands_of_the_bot() -> None:
    """Each process that Heroku starts is a verb of the bot."""
    verbs = re.findall(r"^(\w+): python -m bot (\w+)", (ROOT / "Procfile").read_text(), flags=re.MULTILINE)
    assert dict(verbs) == {"release": "migrate", "web": "serve", "worker": "worker"}
