"""Branches beside the default one, and pull requests."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass
class Branch:
    """The files of a branch, and of some of them the *texts*."""

    files: tuple[str, ...]
    texts: dict[str, str]


@dataclass
class Pull:
    """A pull request: *state* is open or closed."""

    number: int
    title: str
    head: str
    base: str
    body: str = ""
    state: str = "open"


def sha(text: str) -> str:
    """Return the name of a content."""
    return sha256(text.encode()).hexdigest()[:40]


def commit(branch: Branch) -> str:
    """Return the name of the commit that a branch is at."""
    return sha(repr((branch.files, sorted(branch.texts.items()))))
