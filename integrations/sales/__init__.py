"""Sales: our own record of ticket sales, which outlives whoever sold them."""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.sales.reads import Record, SalesReads
from integrations.sales.resources import EVENT, SEASON, Followed

__all__ = ["EVENT", "SALES", "SEASON", "Followed", "Record", "SalesReads"]


RUNBOOK = Runbook(
    pages={
        SEASON.name: ours("How the tickets of a year sold", "seasons"),
        EVENT.name: ours("Which event's tickets are followed", "followed"),
    }
)

SALES: Vendor[NoSettings, Record, SalesReads] = Vendor(
    name="sales",
    title="the record of sales",
    settings=NoSettings,
    connect=handed_in,
    reads=SalesReads,
    resources=(SEASON, EVENT),
    runbook=lambda _settings: RUNBOOK,
)
