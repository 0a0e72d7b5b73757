"""The site: it builds without a warning, each page is in it, and what it teaches works."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import integrations
from bot.core.grammar import understand
from bot.core.vendor import Vendor
from commands import COMMANDS
from tests.architecture.test_layout import ROOT

DOCS = ROOT / "docs"
CODE = re.compile(r'^```python title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def listed(nav: object) -> list[str]:
    """Return the pages of the navigation."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ()
    return [page for part in parts for page in listed(part)]


def test_each_page_is_in_the_navigation_once() -> None:
    """Nobody writes a page that no reader finds."""
    pages = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))
    assert sorted(listed(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"])) == pages


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Each link and each anchor leads somewhere, on this machine as at Read the Docs."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "how-to/index.html").exists()


@pytest.mark.parametrize("page", ["index.md", "tour.md", "how-to.md", "approvals.md", "add-a-vendor.md"])
def test_what_people_are_told_to_type_is_understood(page: str) -> None:
    """Each line that a page shows is one that the bot reads, but for words in capitals."""
    for line in re.findall(r"/infra ([a-z][^`\n]*)", (DOCS / page).read_text()):
        understand(line.replace("DATE", "2026-09-30"), COMMANDS)


async def test_the_example_of_a_vendor_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files on the page are a vendor, whose own test passes; they import what a vendor may."""
    files = dict(CODE.findall((DOCS / "add-a-vendor.md").read_text()))
    names = {Path(name).stem for name in files if name.startswith("integrations/")}
    assert names == {"__init__", "settings", "models", "client", "reads", "standin"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(integrations, "__path__", [*integrations.__path__, str(tmp_path / "integrations")])
    vendor = importlib.import_module("integrations.statuspage").STATUSPAGE
    assert isinstance(vendor, Vendor)
    [test] = [name for name in files if name.startswith("tests/")]
    space: dict[str, object] = {}
    exec(compile(files[test], test, "exec"), space)  # our own page
    await space["test_how_it_does_is_told"]()  # type: ignore[operator] # a test of the page
    imported = set(re.findall(r"^from (\S+)", "\n".join(files[n] for n in files if n != test), re.MULTILINE))
    ours = {
        name for name in imported if name.partition(".")[0] in {"bot", "integrations", "commands", "config"}
    }
    assert all(name.startswith(("bot.core.", "bot.http", "integrations.statuspage")) for name in ours)
    assert "bot" not in files["integrations/statuspage/standin.py"].replace("root path", "")
    for module in [name for name in sys.modules if name.startswith("integrations.statuspage")]:
        monkeypatch.delitem(sys.modules, module)
