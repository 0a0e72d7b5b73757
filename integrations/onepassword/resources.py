"""What can change in our record of vaults: who can open one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.core.duration import day
from bot.core.keys import Vault
from bot.core.people import listed
from bot.core.vendor import Resource
from integrations.onepassword.models import Seen


class Vaults(Protocol):
    """Our record of vaults."""

    def now(self) -> datetime:
        """Return the time."""

    async def vaults(self) -> Mapping[str, Vault]:
        """Return who can open each vault, by its name."""

    async def keep(self, name: str, vault: Vault | None) -> None:
        """Keep who can open a vault; None: forget it."""

    async def seen(self) -> tuple[Seen, ...]:
        """Return the vaults that our token opens now; none where 1Password is not set up."""


async def _read(record: Vaults, target: str) -> Vault | None:
    return (await record.vaults()).get(target)


async def _write(record: Vaults, target: str, after: Vault | None) -> None:
    await record.keep(target, after)


def _say(target: str, before: Vault | None, after: Vault | None) -> str:
    return f"The vault *{target}* opens for {_words(after)} (now: {_words(before)})"


def _words(vault: Vault | None) -> str:
    return f"{listed(vault.people, 'and')}, as of {day(vault.on)}" if vault else "not known"


VAULT = Resource("onepassword.vault", Vault, _read, _write, _say, own=True)
