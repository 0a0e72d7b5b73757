"""The section ``integrations.registrar`` of the configuration."""

from datetime import timedelta

from pydantic import Field

from bot.core.policy import Span
from bot.core.values import Value
from bot.http import Address

DNSIMPLE = ("*.dnsimple.com", "*.dnsimple-edge.*")


class RegistrarSettings(Value):
    """The domain, and what its registry should say of it; no account is needed to ask."""

    url: Address = Field("https://data.iana.org/rdap", description="IANA's list of the registries' servers.")
    server: Address | None = Field(
        None, description="The registry's RDAP server; by default the one that IANA's list names."
    )
    domain: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", description="The domain, in small letters.")
    registrar: str = Field(
        "123-reg", description="Who it is registered with: a part of the name, in any case."
    )
    nameservers: tuple[str, ...] = Field(
        DNSIMPLE,
        min_length=1,
        description="To which name servers it must be delegated, as globs; DNSimple's by default.",
    )
    locked: bool = Field(True, description="Whether it must be locked against being moved away.")
    dnssec: bool = Field(False, description="Whether it must be signed (DNSSEC).")
    every: Span = Field(
        timedelta(hours=12), description="How often the registry is asked at most: it wants few questions."
    )
