"""What a test needs of the machine: found, or the test is skipped; in CI, found or the test fails."""

import os
import shutil
from pathlib import Path
from typing import Literal

import pytest

Need = Literal["chromium", "postgresql"]


def find_chromium() -> Path | None:
    """Return the browser's executable."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's server programs (Debian: one a version, off the path)."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


FINDERS = {"chromium": find_chromium, "postgresql": find_postgresql}


def require(name: Need) -> Path:
    """Return where *name* is; without it, skip the test, or fail it where ``INFRA_TEST_REQUIRE=all``."""
    return demand(name, FINDERS[name](), strict=os.environ.get("INFRA_TEST_REQUIRE") == "all")  # noqa: TID251 # CI's switch


def demand(name: Need, found: Path | None, *, strict: bool) -> Path:
    """Return *found*; without it, skip the test, or fail it when *strict*."""
    if found is not None:
        return found
    if strict:
        pytest.fail(f"{name} is not on this machine, and INFRA_TEST_REQUIRE=all asks for it", pytrace=False)
    pytest.skip(f"{name} is not on this machine")
