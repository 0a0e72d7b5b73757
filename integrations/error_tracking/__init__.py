"""Error tracking: Sentry or GlitchTip, which answer alike; read only. Opbeat, which we had, is closed."""

from datetime import date

from bot.core.vendor import Closed, Vendor
from integrations.error_tracking.check import check
from integrations.error_tracking.client import TrackingClient, connect
from integrations.error_tracking.health import health
from integrations.error_tracking.reads import TrackingReads
from integrations.error_tracking.settings import TrackingSettings
from integrations.error_tracking.setup import ASKS, by_hand

__all__ = ["ERROR_TRACKING", "TrackingReads", "TrackingSettings"]

OPBEAT = Closed(
    title="Opbeat",
    on=date(2018, 5, 24),
    why="Errors of the voting app go to Sentry or GlitchTip instead; its OPBEAT_ variables can go.",
)

ERROR_TRACKING: Vendor[TrackingSettings, TrackingClient, TrackingReads] = Vendor(
    name="error_tracking",
    title="Sentry or GlitchTip",
    settings=TrackingSettings,
    connect=connect,
    reads=TrackingReads,
    check=check,
    health=health,
    closed=(OPBEAT,),
    asks=ASKS,
    by_hand=by_hand,
)
