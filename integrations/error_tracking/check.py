"""What ``infra check`` finds out about error tracking."""

from bot.core.errors import Denied, VendorError
from bot.core.vendor import Finding
from integrations.error_tracking.client import TrackingClient
from integrations.error_tracking.health import health
from integrations.error_tracking.reads import TrackingReads

WHERE = "Settings, Developer Settings, Internal Integration"


async def check(client: TrackingClient) -> tuple[Finding, ...]:
    """Return whether our token sees the project, and what is new there."""
    settings = client.settings
    try:
        found = await health(TrackingReads(client))
    except Denied as error:
        hint = f"Make one with `event:read` at {WHERE}; `integrations.error_tracking.token` names it."
        return (Finding(level="bad", text=error.message, hint=hint),)
    except VendorError as error:
        return (Finding(level="bad", text=error.message, hint=error.hint),)
    text = f"{settings.kind} answers for the project {settings.org}/{settings.project}."
    return (Finding(level="good", text=text), *found)
