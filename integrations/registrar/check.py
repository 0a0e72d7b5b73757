"""What ``infra check`` finds out about the domain's registration."""

from bot.core.errors import VendorError
from bot.core.vendor import Finding
from integrations.registrar.client import RegistrarClient
from integrations.registrar.health import health
from integrations.registrar.reads import RegistrarReads


async def check(client: RegistrarClient) -> tuple[Finding, ...]:
    """Return what the registry says; that it does not answer is no fault of ours."""
    try:
        return await health(RegistrarReads(client))
    except VendorError as error:
        return (Finding(level="warning", text=error.message, hint=error.hint),)
