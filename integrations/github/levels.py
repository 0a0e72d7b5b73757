"""The levels of access, as people see them, and GitHub's three vocabularies for them."""

from collections.abc import Mapping
from enum import Enum
from functools import total_ordering

_GRANTS = {"Read": "pull", "Triage": "triage", "Write": "push", "Maintain": "maintain", "Admin": "admin"}


@total_ordering
class Level(Enum):
    """What somebody may do on a repository, from least to most; the value is the word on screen."""

    READ = "Read"
    TRIAGE = "Triage"
    WRITE = "Write"
    MAINTAIN = "Maintain"
    ADMIN = "Admin"

    def __lt__(self, other: "Level") -> bool:
        order = list(Level)
        return order.index(self) < order.index(other)

    @property
    def grant(self) -> str:
        """Return the word REST grants with: pull, triage, push, maintain, admin."""
        return _GRANTS[self.value]

    @property
    def role(self) -> str:
        """Return the word of repository invitations, and in capitals of GraphQL: read … admin."""
        return self.value.lower()

    @classmethod
    def named(cls, word: str | None) -> "Level | None":
        """Return the level that *word* means in any vocabulary; None for "none" and custom roles."""
        lower = (word or "").lower()
        return next((level for level in cls if lower in {level.grant, level.role}), None)

    @classmethod
    def highest(cls, role_name: str | None, permissions: Mapping[str, bool]) -> "Level | None":
        """Return the level of a REST answer: its role, or for a custom role the highest permission in it."""
        held = [level for word, yes in permissions.items() if yes and (level := cls.named(word))]
        return cls.named(role_name) or max(held, default=None)
