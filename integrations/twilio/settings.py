"""The section ``integrations.twilio`` of the configuration."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, model_validator

from bot.core.values import Value
from bot.http import Address

Sid = Annotated[str, StringConstraints(pattern=r"^(AC|SK)[0-9a-fA-F]{32}$")]


class TwilioSettings(Value):
    """Where Twilio is, and whose money the bot looks at; it sends nothing there."""

    url: Address = Field("https://api.twilio.com", description="The REST API.")
    account: Sid = Field(description="The Account SID, begins with AC.")
    key: Sid | None = Field(
        None, description="The SID of an API key, begins with SK; without one the secret is the Auth Token."
    )
    secret: SecretStr = Field(description="The secret of `key`: one that may read, and no more.")
    low_balance: Decimal = Field(
        Decimal(10), ge=0, description="Below this balance, in the account's currency, people are told."
    )
    auth_token: SecretStr | None = Field(
        None,
        description="The account's Auth Token: signs what Twilio sends to `webhook_url`; else they are off.",
    )
    webhook_url: Address | None = Field(
        None,
        description="The address that Twilio calls, letter for letter: https://YOUR-HOST/webhooks/twilio. "
        "Behind a proxy the bot cannot know it.",
    )

    @model_validator(mode="after")
    def _signed_for_an_address(self) -> "TwilioSettings":
        if (self.auth_token is None) != (self.webhook_url is None):
            raise ValueError("needs `auth_token` and `webhook_url` together, or neither")
        return self
