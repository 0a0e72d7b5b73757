"""What the bot asks of the domain, in our words; answers may be hours old."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.values import Value
from integrations.registrar.client import RegistrarClient
from integrations.registrar.models import Domain
from integrations.registrar.settings import RegistrarSettings

LOCKS = frozenset({"client transfer prohibited", "server transfer prohibited"})


class Facts(Value):
    """What the registry says of the domain; *ends_at* None: it does not say, *signed* None the same."""

    registrar: str
    ends_at: datetime | None = None
    status: frozenset[str] = frozenset()
    nameservers: frozenset[str] = frozenset()
    signed: bool | None = None
    asked_at: datetime

    @property
    def locked(self) -> bool:
        """Return whether it cannot be moved to another registrar."""
        return not LOCKS.isdisjoint(self.status)


@dataclass(frozen=True)
class RegistrarReads:
    """The domain, looked at."""

    _client: RegistrarClient

    @property
    def settings(self) -> RegistrarSettings:
        """Return what the registry should say."""
        return self._client.settings

    def now(self) -> datetime:
        """Return the time."""
        return self._client.now()

    async def domain(self) -> Facts | None:
        """Return what the registry says; None when the domain is nobody's."""
        found, asked_at = await self._client.domain()
        return _facts(found, asked_at) if found else None


def _facts(found: Domain, asked_at: datetime) -> Facts:
    return Facts(
        registrar=found.registrar,
        ends_at=found.at("expiration"),
        status=frozenset(each.casefold() for each in found.status),
        nameservers=frozenset(_host(each.name) for each in found.nameservers if each.name),
        signed=found.dnssec.signed,
        asked_at=asked_at,
    )


def _host(name: str) -> str:
    return name.rstrip(".").casefold()
