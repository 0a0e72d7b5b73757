"""The section ``integrations.dnsimple`` of the configuration."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from bot.core.errors import ConfigurationError
from bot.core.values import Value
from bot.http import Address


def _server(text: str) -> str:
    """Return "192.0.2.1" or "192.0.2.1:53" if it is that; a port makes sense for IPv4 only."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?", text):
        raise ValueError(f"{text!r} is no name server: write its IPv4 address, perhaps with :PORT")
    return text


Server = Annotated[str, AfterValidator(_server)]


class DnsimpleSettings(Value):
    """Where DNSimple is, which zone the bot looks after, and whom to ask how it looks from outside."""

    url: Address = Field("https://api.dnsimple.com/v2", description="The API, version 2.")
    account: str = Field(pattern=r"^\d+$", description="The account's number, in DNSimple's addresses.")
    zone: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", description="The zone, such as pyconuk.org.")
    token: SecretStr = Field(description="A token of the account (not of a user); on a Teams plan, scoped.")
    webhook_secret: SecretStr | None = Field(
        None,
        description="Ends the address to which DNSimple sends, `/webhooks/dnsimple/SECRET`: at least 20 "
        "letters, digits, - and _; webhooks are off without.",
    )
    batches: bool = Field(
        False,
        description="Whether the account's plan has batches, which make several changes in one call: "
        "DNSimple's Enterprise alone, and for no zone that is linked to other providers.",
    )
    kindly_hosted: Mapping[str, str] = Field(
        default_factory=dict,
        description="Addresses of servers that one person keeps for us, and what to call them: "
        "their names are shown as depending on that person.",
    )
    nameservers: Mapping[str, Server] = Field(
        default_factory=dict, description="Who answers for the zone; asked for in the DNS when left out."
    )
    resolver: Server | None = Field(
        None, description="Who looks other names up; this machine's own by default."
    )
    web: Address | None = Field(
        None,
        description="Where every site of the zone is fetched from, for a sandbox; by its name by default.",
    )

    @property
    def hook(self) -> str:
        """Return the secret that ends the address of webhooks, empty without; ConfigurationError if weak."""
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if secret and not re.fullmatch(r"[\w-]{20,}", secret, re.ASCII):
            raise ConfigurationError(
                "The secret at `integrations.dnsimple.webhook_secret` could be guessed, or fits no address.",
                "Take at least 20 letters, digits, - and _.",
            )
        return secret
