"""1Password: who can open which vault, by the listings that its owners bring; never what is in one."""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.onepassword.health import health
from integrations.onepassword.listing import openers
from integrations.onepassword.resources import VAULT, Vaults

__all__ = ["ONEPASSWORD", "VAULT", "Vaults", "health", "openers"]

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
