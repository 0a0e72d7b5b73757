"""The baseline: what was last accepted at vendors. Commands read it as drift, and accept what is live."""

from bot.core.runbook import Runbook, ours
from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.baseline.resources import ACCEPTED, Acceptance, Accepting

__all__ = ["ACCEPTED", "BASELINE", "Acceptance", "Accepting"]

RUNBOOK = Runbook(pages={ACCEPTED.name: ours("What was accepted at the vendors", "baseline")})

BASELINE: Vendor[NoSettings, Accepting, Accepting] = Vendor(
    name="baseline",
    title="the baseline",
    settings=NoSettings,
    connect=handed_in,
    reads=lambda baseline: baseline,
    resources=(ACCEPTED,),
    runbook=lambda _settings: RUNBOOK,
)
