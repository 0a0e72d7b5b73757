"""The section ``integrations.error_tracking`` of the configuration."""

from typing import Literal

from pydantic import Field, SecretStr

from bot.core.values import Value
from bot.http import Address

SLUG = r"^[A-Za-z0-9][\w-]{0,99}$"


class TrackingSettings(Value):
    """Where errors of our apps are collected, and whose the bot looks at; it changes nothing there."""

    kind: Literal["Sentry", "GlitchTip"] = Field("Sentry", description="Which of the two it is.")
    url: Address = Field(
        "https://sentry.io",
        description="Where it is: https://de.sentry.io in the EU, https://app.glitchtip.com for GlitchTip.",
    )
    org: str = Field(pattern=SLUG, description="The organisation, as its addresses spell it.")
    project: str = Field(pattern=SLUG, description="The project, as its addresses spell it.")
    token: SecretStr = Field(description="Of an internal integration, with the scope `event:read` alone.")
