"""The base of all domain values, and their one canonical form."""

import hashlib
import json
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, JsonValue

Json: TypeAlias = dict[str, JsonValue]


class Value(BaseModel):
    """A frozen domain value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def canonical(content: Json) -> bytes:
    """Return the canonical JSON of *content*: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(content: Json) -> str:
    """Return the hex SHA-256 of the canonical form of *content*."""
    return hashlib.sha256(canonical(content)).hexdigest()
