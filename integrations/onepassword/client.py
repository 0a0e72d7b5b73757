"""1Password, by a service account or a Connect server: which vaults there are. Nothing here reads an item."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.core.errors import Malformed
from bot.http import Http, Network
from integrations.onepassword.models import Named, Seen
from integrations.onepassword.service import ServiceAccount
from integrations.onepassword.settings import OnePasswordSettings

HOURLY = 1200  # Connect publishes no rate: it reads what it holds


@dataclass(frozen=True)
class OnePasswordClient:
    """The vaults that our token can open, whichever way it asks."""

    vaults: Callable[[], Awaitable[tuple[Seen, ...]]]


def connect(settings: OnePasswordSettings, network: Network) -> OnePasswordClient:
    """Return a client for what is set up."""
    if settings.service_account:
        return OnePasswordClient(ServiceAccount(settings.service_account.get_secret_value()).vaults)
    assert settings.url  # else the settings refuse
    assert settings.token
    token = settings.token.get_secret_value()
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
    http = Http(network, "1Password", settings.url, headers=headers, secrets=(token,), hourly=HOURLY)
    return OnePasswordClient(Connect(http).vaults)


@dataclass(frozen=True)
class Connect:
    """A Connect server, which knows no people (1Password/connect, docs/openapi/spec.yaml)."""

    _http: Http

    async def vaults(self) -> tuple[Seen, ...]:
        """Return the vaults that it was given."""
        found = (await self._http.get("/v1/vaults")).content
        if not isinstance(found, list):
            raise Malformed(
                "1Password",
                "1Password's Connect server answered with no list of vaults.",
                "See whether `integrations.onepassword.url` is its address; tell the maintainer if it is.",
            )
        return tuple(Seen(name=self._http.fit(Named, each).name) for each in found)
