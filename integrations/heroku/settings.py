"""The section ``integrations.heroku`` of the configuration."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from bot.core.values import Value
from bot.http import Address

Team = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]


class HerokuSettings(Value):
    """Where Heroku is, and whose apps the bot looks after."""

    url: Address = Field("https://api.heroku.com", description="The Platform API, version 3.")
    team: Team | None = Field(
        None, description="The team whose apps they are; else those of the token's account."
    )
    token: SecretStr = Field(
        description="An authorization with the scopes `read` and `write`, which sees no config vars."
    )
