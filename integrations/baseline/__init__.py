"""The baseline: what was last accepted at vendors. Commands read it as drift, and accept what is live."""

from bot.core.vendor import NoSettings, Vendor, handed_in
from integrations.baseline.resources import ACCEPTED, Acceptance, Accepting

__all__ = ["ACCEPTED", "BASELINE", "Acceptance", "Accepting"]

BASELINE: Vendor[NoSettings, Accepting, Accepting] = Vendor(
    name="baseline",
    title="the baseline",
    settings=NoSettings,
    connect=handed_in,
    reads=lambda baseline: baseline,
    resources=(ACCEPTED,),
)
