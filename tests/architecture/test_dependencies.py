"""The lock and the page about dependencies agree with pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]

RUNTIME = [*PROJECT["project"]["dependencies"], *EXTRAS["postgresql"], *EXTRAS["sentry"], *GROUPS["install"]]
ASKED = {
    "requirements.txt": RUNTIME,
    "requirements-dev.txt": [*RUNTIME, *(line for line in GROUPS["dev"] if isinstance(line, str))],
}
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; [^\\]+)? \\$")


def blocks(name: str) -> list[list[str]]:
    """Return the lines of each pinned package in the lock *name*."""
    found: list[list[str]] = []
    for line in (ROOT / name).read_text().splitlines():
        if line.startswith("#"):
            continue
        if line.startswith(" "):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def pins(name: str) -> dict[str, str]:
    """Return the version of each package in the lock *name*."""
    matches = [PIN.match(first) for first, *_ in blocks(name)]
    return {canonicalize_name(match["name"]): match["version"] for match in matches if match}


@pytest.mark.parametrize("name", ASKED)
def test_each_line_of_the_lock_is_a_pin_with_hashes(name: str) -> None:
    """A lock holds pinned packages with their SHA-256 and nothing else: no index, no address, no option."""
    for first, *hashes in blocks(name):
        assert PIN.match(first), first
        assert hashes
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes), first


@pytest.mark.parametrize("name", ASKED)
def test_the_lock_names_no_host(name: str) -> None:
    """Nothing in a lock says where it came from, its comments included."""
    assert not re.search(r"://|\w\.(org|com|net|io)\b|index", (ROOT / name).read_text())


@pytest.mark.parametrize("name", ASKED)
def test_the_lock_holds_what_the_project_asks_for(name: str) -> None:
    """After a change of pyproject.toml the lock was renewed."""
    pinned = pins(name)
    for requirement in map(Requirement, ASKED[name]):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in {name}: make lock"
        assert requirement.specifier.contains(version), f"{requirement}: {name} has {version}: make lock"


def test_development_runs_on_what_production_runs_on() -> None:
    """Each runtime package has the same version in both locks."""
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_the_driver_comes_as_a_wheel_everywhere() -> None:
    """psycopg's binary wheels for the platforms and Pythons of two years are among the hashes."""
    (binary,) = [block for block in blocks("requirements.txt") if block[0].startswith("psycopg-binary==")]
    assert len(binary) > 40  # a wheel for each of five Pythons on Linux (x86-64, arm64), macOS and Windows


def test_each_dependency_is_justified() -> None:
    """The page has one line for each direct dependency and none besides."""
    page = re.findall(r"^\| `([\w.-]+)` \|", (ROOT / "docs/dependencies.md").read_text(), flags=re.MULTILINE)
    asked = {canonicalize_name(Requirement(line).name) for line in ASKED["requirements-dev.txt"]}
    assert sorted(map(canonicalize_name, page)) == sorted(asked)
