"""The registry of a domain by RDAP (RFC 9082): only by GET, seldom, and without an account."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.errors import Denied, Rejected, Unavailable, VendorError
from bot.http import Http, Memo, Network
from integrations.registrar.models import Bootstrap, Domain
from integrations.registrar.settings import RegistrarSettings

HOURLY = 60  # no registry publishes a rate
LISTED = timedelta(days=1)  # for which IANA's list is good (notes: RDAP)
RETRY = timedelta(minutes=10)  # after no answer
BLOCKED = timedelta(days=1)  # after 403: some registries refuse the addresses of clouds


def connect(settings: RegistrarSettings, network: Network) -> "RegistrarClient":
    """Return a client for one domain."""
    return RegistrarClient(settings, network)


@dataclass
class RegistrarClient:
    """One domain at its registry; an answer, or that there was none, stands for a while."""

    settings: RegistrarSettings
    network: Network
    _share: Memo = field(default_factory=lambda: Memo(0))
    _registry: Http | None = None
    _listed_until: datetime | None = None
    _asked: "tuple[Domain | None, datetime] | None" = None
    _trouble: "tuple[VendorError, datetime] | None" = None

    def now(self) -> datetime:
        """Return the time."""
        return self.network.clock()

    async def domain(self) -> tuple[Domain | None, datetime]:
        """Return what the registry said of the domain, None when it is nobody's, and when it was asked."""
        return await self._share("domain", self._domain)

    async def _domain(self) -> tuple[Domain | None, datetime]:
        now = self.now()
        if self._trouble and now < self._trouble[1]:
            raise self._trouble[0]
        if self._asked and now < self._asked[1] + self.settings.every:
            return self._asked
        try:
            self._asked, self._trouble = (await self._ask(), now), None
        except VendorError as error:
            wait = BLOCKED if isinstance(error, Blocked) else RETRY
            self._trouble = error, now + (wait if self.settings.every else timedelta(0))
            raise
        return self._asked

    async def _ask(self) -> Domain | None:
        registry = await self._server()
        try:
            answer = await registry.find(f"/domain/{self.settings.domain}")
        except Denied:
            raise Blocked(registry.vendor) from None
        return registry.fit(Domain, answer.content) if answer else None

    async def _server(self) -> Http:
        """Return the registry's server; the one that was listed last while IANA's list is not there."""
        now = self.now()
        if self._registry and (self._listed_until is None or now < self._listed_until):
            return self._registry
        try:
            found = self.settings.server or await self._listed()
        except VendorError:
            if self._registry:
                return self._registry
            raise
        ending = self.settings.domain.rpartition(".")[2]
        if self._registry is None or self._registry.base != found:
            self._registry = self._http(f"the registry of .{ending}", found)
        self._listed_until = None if self.settings.server else now + LISTED
        return self._registry

    async def _listed(self) -> str:
        iana = self._http("IANA's list of registries", self.settings.url)
        answer = await iana.get("/dns.json")
        found = iana.fit(Bootstrap, answer.content).server(self.settings.domain)
        if found is None:
            raise Rejected(
                "IANA",
                f"No registry's server is listed for {self.settings.domain}.",
                "The maintainer sets `integrations.registrar.server`, if the registry has one.",
            )
        return found

    def _http(self, name: str, base: str) -> Http:
        headers = {"Accept": "application/rdap+json, application/json"}
        return Http(self.network, name, base, headers=headers, hourly=HOURLY)


class Blocked(Unavailable):
    """The registry does not want to be asked from here."""

    def __init__(self, registry: str) -> None:
        super().__init__(
            registry,
            f"{registry.capitalize()} refuses to answer this machine (status 403): asked again tomorrow.",
            "Look yourself meanwhile: https://lookup.icann.org.",
        )
