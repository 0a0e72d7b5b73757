"""The domain's registrar: 123-reg has no API, so the registry is asked, and people do the rest by hand."""

from bot.core.vendor import Vendor
from integrations.registrar.check import check
from integrations.registrar.client import RegistrarClient, connect
from integrations.registrar.costs import told
from integrations.registrar.health import health
from integrations.registrar.reads import RegistrarReads
from integrations.registrar.settings import RegistrarSettings
from integrations.registrar.setup import ASKS, by_hand

__all__ = ["REGISTRAR", "RegistrarReads", "RegistrarSettings"]

REGISTRAR: Vendor[RegistrarSettings, RegistrarClient, RegistrarReads] = Vendor(
    name="registrar",
    title="123-reg",
    settings=RegistrarSettings,
    connect=connect,
    reads=RegistrarReads,
    check=check,
    costs=told,
    health=health,
    asks=ASKS,
    by_hand=by_hand,
)
