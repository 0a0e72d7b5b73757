"""How GitHub is called for one organisation: what every kind of call shares."""

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from bot.core.errors import Denied, Rejected
from bot.http import Http, Memo
from bot.http.shape import Shape
from integrations.github.settings import GithubSettings

S = TypeVar("S", bound=Shape)
T = TypeVar("T")

_PART = re.compile(r"(?!\.{1,2}$)[\w.+@-]{1,100}")


def same(one: str | None, other: str | None) -> bool:
    """Return whether two logins or names are the same: GitHub ignores case."""
    return one is not None and other is not None and one.casefold() == other.casefold()


async def allowed(ask: Awaitable[T]) -> T | None:
    """Return what our token may see; None when it may not, or this GitHub does not know the question."""
    try:
        return await ask
    except (Denied, Rejected):
        return None


def path_of(*parts: str) -> str:
    """Return the path of *parts*, each quoted; refuse what cannot be a name, before it is sent."""
    for part in parts:
        if not _PART.fullmatch(part):
            raise Rejected("GitHub", f"{part!r} is no name GitHub could know.", "Check the spelling.")
    return "".join(f"/{quote(part, safe='')}" for part in parts)


@dataclass
class Calls:
    """Calls to one organisation. What was read is remembered until something is written."""

    http: Http
    settings: GithubSettings
    memo: Memo = field(default_factory=Memo)

    @property
    def org(self) -> str:
        """Return the organisation's login."""
        return self.settings.org

    def now(self) -> datetime:
        """Return the time."""
        return self.http.network.clock()

    async def _write(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> None:
        try:
            await self.http.write(method, path, content)
        finally:
            self.memo.clear()

    async def _list(self, path: str, model: type[S], **params: str) -> list[S]:
        return await self.http.get_all(path, model, {"per_page": 100, **params})

    def _repository(self, name: str, *parts: str) -> str:
        return path_of("repos", self.org, name, *parts)
