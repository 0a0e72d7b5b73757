"""Read the Docs: the builds of our documentation."""

from bot.core.vendor import Vendor
from integrations.readthedocs.check import check
from integrations.readthedocs.client import ReadTheDocsClient, connect
from integrations.readthedocs.costs import told
from integrations.readthedocs.health import health
from integrations.readthedocs.reads import ReadTheDocsReads
from integrations.readthedocs.resources import BUILD
from integrations.readthedocs.rights import RIGHTS
from integrations.readthedocs.runbook import runbook
from integrations.readthedocs.settings import ReadTheDocsSettings
from integrations.readthedocs.setup import ASKS, by_hand
from integrations.readthedocs.webhooks import webhooks

__all__ = ["BUILD", "READTHEDOCS", "ReadTheDocsReads", "ReadTheDocsSettings"]

READTHEDOCS: Vendor[ReadTheDocsSettings, ReadTheDocsClient, ReadTheDocsReads] = Vendor(
    name="readthedocs",
    title="Read the Docs",
    settings=ReadTheDocsSettings,
    connect=connect,
    reads=ReadTheDocsReads,
    resources=(BUILD,),
    check=check,
    webhooks=webhooks,
    rights=RIGHTS,
    deployer=lambda reads: reads,
    costs=told,
    health=health,
    asks=ASKS,
    by_hand=by_hand,
    runbook=runbook,
)
