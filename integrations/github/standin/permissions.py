"""The words GitHub uses for levels of access, and the order they stand in."""

from collections.abc import Iterable

LEVELS = ("pull", "triage", "push", "maintain", "admin")
ROLES = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
SCREEN = {"pull": "Read", "triage": "Triage", "push": "Write", "maintain": "Maintain", "admin": "Admin"}
COARSE = {"pull": "read", "triage": "read", "push": "write", "maintain": "write", "admin": "admin"}
_GRANTS = {role: level for level, role in ROLES.items()}


def level(word: str) -> str:
    """Return the REST word for *word*, which may also be a role name (``write`` is ``push``)."""
    if word in LEVELS:
        return word
    if word in _GRANTS:
        return _GRANTS[word]
    raise ValueError(f"{word!r} is no permission; there are {', '.join(LEVELS)}")


def highest(levels: Iterable[str]) -> str | None:
    """Return the highest of *levels*, None when there are none."""
    return max(levels, key=LEVELS.index, default=None)


def covers(held: str | None, wanted: str) -> bool:
    """Tell whether *held* includes *wanted*."""
    return held is not None and LEVELS.index(held) >= LEVELS.index(wanted)


def flags(held: str | None) -> dict[str, bool]:
    """Return the ``permissions`` object of REST answers."""
    return {each: covers(held, each) for each in reversed(LEVELS)}
