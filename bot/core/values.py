"""The base of all domain values, and their one canonical form."""

from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, JsonValue

from bot.verify import canonical, sha256

__all__ = ["Json", "Value", "canonical", "sha256"]

Json: TypeAlias = dict[str, JsonValue]


class Value(BaseModel):
    """A frozen value that refuses unknown fields.

    Its validator is built when it is first needed: there are hundreds, and a process uses some.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
