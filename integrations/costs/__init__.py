"""Costs: our own record of what vendors charge, where nobody can ask them."""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.costs.reads import CostsReads, Record
from integrations.costs.resources import CHARGE

__all__ = ["CHARGE", "COSTS", "CostsReads", "Record"]


RUNBOOK = Runbook(pages={CHARGE.name: ours("What a vendor charges", "charges")})

COSTS: Vendor[NoSettings, Record, CostsReads] = Vendor(
    name="costs",
    title="the record of costs",
    settings=NoSettings,
    connect=handed_in,
    reads=CostsReads,
    resources=(CHARGE,),
    runbook=lambda _settings: RUNBOOK,
)
