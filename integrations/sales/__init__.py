"""Sales: our own record of ticket sales, which outlives whoever sold them."""

from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.sales.followed import FollowedSales
from integrations.sales.reads import Record, SalesReads
from integrations.sales.resources import EVENT, SEASON, Followed

__all__ = ["EVENT", "SALES", "SEASON", "Followed", "FollowedSales", "Record", "SalesReads"]


SALES: Vendor[NoSettings, Record, SalesReads] = Vendor(
    name="sales",
    title="the record of sales",
    settings=NoSettings,
    connect=handed_in,
    reads=SalesReads,
    resources=(SEASON, EVENT),
)
