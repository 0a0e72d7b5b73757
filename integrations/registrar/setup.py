"""What `infra init` asks about the domain, and what people do at the registrar's, where no API is."""

from bot.core.vendor import Ask
from integrations.registrar.settings import RegistrarSettings

ASKS = (
    Ask(
        "domain",
        "The domain",
        "Its registry is asked when it ends, whether it is locked, and where it is delegated to.",
        "The name that was registered, without www.",
        default="{domain}",
    ),
)


def by_hand(settings: RegistrarSettings) -> tuple[str, ...]:
    """Return what only the registrar's web console can do, for whoever has the login there."""
    where, domain = "https://www.123-reg.co.uk, log in, Domains", settings.domain
    return (
        f"Renew {domain}, and see which card pays for it: {where}, the domain, Renew. Look again a day later",
        f"Lock it against being moved away: {where}, the domain, Transfer lock",
        f"Delegate it to DNSimple: {where}, the domain, Nameservers: those that DNSimple names",
        f"Sign it, or no longer: {where}, the domain, DNSSEC, with the DS record that DNSimple shows",
        "Move it to a registrar with an API: unlock it, ask for the auth code there; two owners decide",
    )
