"""ti.to: who sells our tickets; read only, and in sums only."""

from bot.core.tickets import Ticketing
from bot.core.vendor import Vendor
from integrations.tito.check import check
from integrations.tito.client import TitoClient, connect, following
from integrations.tito.names import NAMES
from integrations.tito.reads import TitoReads
from integrations.tito.settings import TitoSettings
from integrations.tito.setup import ASKS, by_hand
from integrations.tito.webhooks import webhooks

__all__ = ["TITO", "TitoReads", "TitoSettings"]


def _ticketing(reads: TitoReads) -> Ticketing:
    return reads


TITO: Vendor[TitoSettings, TitoClient, TitoReads] = Vendor(
    name="tito",
    title="ti.to",
    settings=TitoSettings,
    connect=connect,
    follows=following,
    reads=TitoReads,
    check=check,
    webhooks=webhooks,
    names=NAMES,
    ticketing=_ticketing,
    health=TitoReads.health,
    asks=ASKS,
    by_hand=by_hand,
)
