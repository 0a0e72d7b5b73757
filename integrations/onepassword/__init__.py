"""1Password: who can open which vault, by the listings that its owners bring; never what is in one.

``ONEPASSWORD`` is our own record of the listings, ``ASKED`` the vendor itself, where it is set up.
"""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.onepassword.check import check
from integrations.onepassword.client import OnePasswordClient, connect
from integrations.onepassword.health import health
from integrations.onepassword.listing import openers
from integrations.onepassword.models import Seen
from integrations.onepassword.resources import VAULT, Vaults
from integrations.onepassword.settings import OnePasswordSettings
from integrations.onepassword.setup import ASKS

__all__ = ["ASKED", "ONEPASSWORD", "VAULT", "OnePasswordClient", "Seen", "Vaults", "health", "openers"]

RUNBOOK = Runbook(pages={VAULT.name: ours("Who can open a vault", "vaults")})

ONEPASSWORD: Vendor[NoSettings, Vaults, Vaults] = Vendor(
    name="onepassword",
    title="1Password",
    settings=NoSettings,
    connect=handed_in,
    reads=lambda record: record,
    resources=(VAULT,),
    runbook=lambda _settings: RUNBOOK,
    health=health,
)

ASKED: Vendor[OnePasswordSettings, OnePasswordClient, OnePasswordClient] = Vendor(
    name=ONEPASSWORD.name,
    title=ONEPASSWORD.title,
    settings=OnePasswordSettings,
    connect=connect,
    reads=lambda client: client,
    check=check,
    asks=ASKS,
)
