"""Costs: our own record of what vendors charge, where nobody can ask them."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.core.vendor import Vendor
from integrations.costs.reads import CostsReads, Record
from integrations.costs.resources import CHARGE

__all__ = ["CHARGE", "COSTS", "CostsReads", "NoSettings", "Record"]


class NoSettings(BaseModel):
    """Our own record needs no settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _connect(_settings: NoSettings, record: Any) -> Record:
    """Return the record that is handed in where a vendor gets the network."""
    ours: Record = record
    return ours


COSTS: Vendor[NoSettings, Record, CostsReads] = Vendor(
    name="costs",
    title="the record of costs",
    settings=NoSettings,
    connect=_connect,
    reads=CostsReads,
    resources=(CHARGE,),
)
