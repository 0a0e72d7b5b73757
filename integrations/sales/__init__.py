"""Sales: our own record of ticket sales, which outlives whoever sold them."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.core.vendor import Vendor
from integrations.sales.reads import Record, SalesReads
from integrations.sales.resources import SEASON

__all__ = ["SALES", "SEASON", "NoSettings", "Record", "SalesReads"]


class NoSettings(BaseModel):
    """Our own record needs no settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _connect(_settings: NoSettings, record: Any) -> Record:
    """Return the record that is handed in where a vendor gets the network."""
    ours: Record = record
    return ours


SALES: Vendor[NoSettings, Record, SalesReads] = Vendor(
    name="sales",
    title="the record of sales",
    settings=NoSettings,
    connect=_connect,
    reads=SalesReads,
    resources=(SEASON,),
)
