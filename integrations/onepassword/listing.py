"""The listing that ``op vault user list VAULT --format json`` prints: names are taken from it, nothing else.

Which fields it has is not documented in full, so only a name is needed; who is not active does not count.
"""

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from bot.core.errors import UsageError

MOST = 1024 * 1024  # bytes
SECRET = frozenset({"fields", "value", "password", "sections", "urls", "files", "reference", "category"})
HOW = "Make it with `op vault user list VAULT --format json`."


class Opener(BaseModel):
    """Somebody who can open a vault, as `op` lists them; e-mail addresses and permissions are not kept."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    state: str = "ACTIVE"


_LISTING = TypeAdapter(tuple[Opener, ...])


def openers(raw: bytes) -> tuple[str, ...]:
    """Return the names of who can open a vault; UsageError when that is no listing, or holds secrets."""
    try:
        found = json.loads(raw) if len(raw) <= MOST else None
        secret = _secret(found)
    except (ValueError, RecursionError):
        found, secret = None, False
    if secret:
        raise UsageError(
            "That is an item of the vault, perhaps with secrets, and no list of people. Nothing was kept.",
            f"Delete that file. {HOW}",
        )
    try:
        people = _LISTING.validate_python(found)
    except ValidationError:
        raise UsageError("That is no listing of who can open a vault. Nothing was kept.", HOW) from None
    names = {each.name for each in people if each.state.upper() == "ACTIVE"}
    if not names:
        raise UsageError("Nobody who can open the vault is in it. Nothing was kept.", HOW)
    return tuple(sorted(names, key=str.casefold))


def _secret(found: Any) -> bool:
    """Return whether something holds what only an item has, however deep."""
    if isinstance(found, dict):
        return not SECRET.isdisjoint(found) or any(map(_secret, found.values()))
    return isinstance(found, list) and any(map(_secret, found))
