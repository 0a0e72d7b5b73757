"""A stand-in for a Connect server of 1Password, written from its specification: it lists vaults."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from aiohttp import web


class StandIn:
    """One server, with the vaults that it was given."""

    def __init__(self, seed: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._seed = deepcopy(dict(seed))
        self._clock = clock
        self.app = web.Application()
        self.app.router.add_get("/v1/vaults", self._vaults)
        self.reset()

    def reset(self) -> None:
        """Go back to the seed."""
        self.token: str = self._seed["token"]
        self.vaults: list[str] = list(self._seed["vaults"])

    def pane(self) -> dict[str, Any]:
        """Return the vaults, for people."""
        rows = [[each] for each in self.vaults]
        return {
            "title": "1Password Connect",
            "sections": [{"title": "Vaults", "columns": ["Vault"], "rows": rows}],
        }

    async def _vaults(self, request: web.Request) -> web.Response:
        """GET /v1/vaults: 401 without the token; a vault has far more to it than a name."""
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"status": 401, "message": "Invalid token signature"}, status=401)
        at = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        return web.json_response(
            [
                {
                    "id": f"{n:026x}",
                    "name": name,
                    "attributeVersion": 1,
                    "contentVersion": 7,
                    "items": 7,
                    "type": "USER_CREATED",
                    "createdAt": at,
                    "updatedAt": at,
                }
                for n, name in enumerate(self.vaults, 1)
            ]
        )
