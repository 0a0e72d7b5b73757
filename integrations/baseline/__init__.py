"""The baseline: what was last accepted at vendors. Commands read it as drift, and accept what is live."""

from typing import Any

from pydantic import BaseModel

from bot.core.vendor import Vendor
from integrations.baseline.resources import ACCEPTED, Acceptance, Accepting

__all__ = ["ACCEPTED", "BASELINE", "Acceptance", "Accepting"]


def _connect(_settings: BaseModel, baseline: Any) -> Accepting:
    """Return the baseline that is handed in where a vendor gets the network."""
    handed: Accepting = baseline
    return handed


BASELINE: Vendor[BaseModel, Accepting, Accepting] = Vendor(
    name="baseline",
    title="the baseline",
    settings=BaseModel,
    connect=_connect,
    reads=lambda baseline: baseline,
    resources=(ACCEPTED,),
)
