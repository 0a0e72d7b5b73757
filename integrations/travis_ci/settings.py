"""The section ``integrations.travis_ci`` of the configuration."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from bot.core.values import Value
from bot.http import Address

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class TravisSettings(Value):
    """Where Travis CI is, and which repository it still builds."""

    url: Address = Field("https://api.travis-ci.com", description="The API.")
    owner: Word = Field(description="The organisation on GitHub, as Travis CI calls it.")
    repository: Word = Field(description="The repository whose builds are shown.")
    token: SecretStr = Field(description="A token of an account that sees no more than it must.")
    requests: bool = Field(
        False, description="Whether builds may be asked for; it costs credits, and is off by itself."
    )
