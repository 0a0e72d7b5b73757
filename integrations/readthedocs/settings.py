"""The section ``integrations.readthedocs`` of the configuration."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from bot.core.values import Value
from bot.http import Address

Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class ReadTheDocsSettings(Value):
    """Where Read the Docs is, and which project holds our documentation."""

    url: Address = Field("https://app.readthedocs.org/api/v3", description="The API, version 3.")
    project: Slug = Field(description="The project's slug: as in https://SLUG.readthedocs.io.")
    version: Slug = Field("latest", description="The version that `deploy docs` builds.")
    token: SecretStr = Field(
        description="A token of an account of the bot's own that maintains only our projects."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="The secret of the project's outgoing webhook; without one they are off."
    )
