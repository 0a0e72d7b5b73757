"""The base of all domain values, and their one canonical form."""

from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, JsonValue

from bot.verify import canonical, sha256

__all__ = ["Json", "Value", "canonical", "sha256"]

Json: TypeAlias = dict[str, JsonValue]


class Value(BaseModel):
    """A frozen domain value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
