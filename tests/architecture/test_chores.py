"""The chores: what `make` offers, and what it says to a machine that cannot run them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.app import vendor_settings
from config.loading import VARIABLES, secret_keys
from config.secrets import variable
from config.settings import shape

ROOT = Path(__file__).parents[2]
CHORES = {
    "demo",
    "test",
    "cover",
    "check",
    "format",
    "lint",
    "types",
    "imports",
    "docs",
    "site",
    "faults",
    "soak",
    "bench",
    "lock",
    "clean",
    "help",
}
VERBS = {"release": "migrate", "web": "serve", "worker": "worker"}


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
    assert dict(verbs) == VERBS
    for name in ("infra.service", "Containerfile"):
        text = (ROOT / "docs/operations" / name).read_text().replace('", "', " ")
        assert {"migrate", "serve"} <= set(re.findall(r"python -m bot (\w+)", text)) <= {*VERBS.values()}
    assert (ROOT / ".python-version").read_text().strip() in (ROOT / "pyproject.toml").read_text()


def test_a_deploy_button_knows_each_secret_and_nothing_else() -> None:
    """Heroku asks for the variable of each secret that settings may refer to; the example names the same."""
    app = json.loads((ROOT / "app.json").read_text())
    sizes = {kind: (each["quantity"], each["size"]) for kind, each in app["formation"].items()}
    assert sizes == {"web": (1, "basic"), "worker": (0, "basic")}  # one dyno does it all, as it comes
    asked = app["env"]
    secrets = {variable(".".join(key)) for key in secret_keys(shape(vendor_settings()))}
    assert asked.keys() - {"INFRA_CONFIG_YAML", *VARIABLES} == secrets
    needed = {name for name, about in asked.items() if about.get("required", True)}
    assert needed == {"INFRA_CONFIG_YAML", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}
    named = set(re.findall(r"\benv:([A-Z_]+)", (ROOT / "config/example.yaml").read_text()))
    assert named - {"NAME"} <= secrets
