"""The section ``integrations.tito`` of the configuration."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints

from bot.core.values import Value
from bot.http import Address

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]{0,99}$")]


class TitoSettings(Value):
    """Where ti.to is, and which event the bot looks at; it never writes there."""

    url: Address = Field("https://api.tito.io/v3", description="The Admin API, version 3.")
    account: Slug = Field(description="The account's slug, as in ti.to/ACCOUNT/EVENT.")
    event: Slug = Field(
        description="The slug of this year's event, until `new-year` has the figures follow another."
    )
    mode: Literal["live", "test"] = Field(
        "live", description="What the token must be for; a token of the other mode is refused."
    )
    token: SecretStr = Field(description="A secret token of a person with access to the account.")
    webhook_secret: SecretStr | None = Field(
        None,
        description="The security token of `event`: signs what ti.to sends to `/webhooks/tito`; "
        "webhooks are off without.",
    )
