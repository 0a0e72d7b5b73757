"""A service account of 1Password, by its own library, which is loaded only here and only when it is used."""

import asyncio
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from bot.core.errors import Denied, Rejected, Unavailable, VendorError
from bot.http import Memo
from integrations.onepassword.models import Seen

READS = 16 | 32  # REVEAL_ITEM_PASSWORD and READ_ITEMS: with both somebody reads secrets
STALE = 6 * 3600.0  # seconds: 1000 calls a day are allowed
PATIENCE = 20.0  # seconds, as of every look


@dataclass
class ServiceAccount:
    """What one service account may see."""

    _token: str = field(repr=False)
    memo: Memo = field(default_factory=lambda: Memo(STALE))

    async def vaults(self) -> tuple[Seen, ...]:
        """Return the vaults that it may read, with how many read each, as far as 1Password says."""
        return await self.memo("vaults", self._look)

    async def _look(self) -> tuple[Seen, ...]:
        try:
            library = import_module("onepassword")
        except ImportError:
            raise Rejected(
                "1Password",
                "1Password's library is not installed here.",
                "Run `.venv/bin/pip install onepassword-sdk`, or take `integrations.onepassword` out.",
            ) from None
        try:
            async with asyncio.timeout(PATIENCE):
                client = await library.Client.authenticate(
                    auth=self._token, integration_name="infra", integration_version="1"
                )
                return tuple([await _seen(library, client, each) for each in await client.vaults.list()])
        except Exception as error:  # noqa: BLE001 # the library raises bare Exception, and its text may hold the token
            raise _ours(error) from None


async def _seen(library: Any, client: Any, vault: Any) -> Seen:
    """Return a vault with how many read it; whether a service account is told that is not documented."""
    try:
        found = await client.vaults.get(vault.id, library.VaultGetParams(accessors=True))
    except TimeoutError:
        raise
    except Exception:  # noqa: BLE001 # as above: then it is not told
        return Seen(name=vault.title)
    if found.access is None:
        return Seen(name=vault.title)
    read = [each.accessor_type for each in found.access if each.permissions & READS == READS]
    groups = read.count(library.VaultAccessorType.GROUP)
    return Seen(name=vault.title, people=len(read) - groups, groups=groups)


def _ours(error: Exception) -> VendorError:
    """Return an error of the library as one of ours; of its text nothing is repeated."""
    if isinstance(error, TimeoutError):
        return Unavailable("1Password", "1Password did not answer in time.", "It is tried again.")
    if type(error).__name__ == "RateLimitExceededException":
        return Unavailable("1Password", "1Password wants us to ask less.", "It is tried again later.")
    hint = "Is `integrations.onepassword.service_account` a valid token? It may have an end."
    return Denied("1Password", f"1Password refused ({type(error).__name__}).", hint)
