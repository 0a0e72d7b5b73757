"""What `infra init` asks about error tracking, and how to look at errors by hand."""

from bot.core.vendor import Ask
from integrations.error_tracking.settings import TrackingSettings

ASKS = (
    Ask(
        "org",
        "The organisation at Sentry",
        "Where errors of your apps are collected. For GlitchTip set `kind` and `url` in the file afterwards.",
        "The first word of its address: https://ORGANISATION.sentry.io.",
        default="{short}",
    ),
    Ask("project", "The project there", "Its new errors are what is shown.", "As its address spells it."),
    Ask(
        "token",
        "A token of an internal integration at Sentry",
        "With it the bot reads which errors are new; it changes nothing. It is not shown.",
        "A manager makes it: Settings, Developer Settings, New Internal Integration, Issue & Event: Read. "
        "It belongs to the organisation; a person's own token ends with their account.",
    ),
)


def by_hand(settings: TrackingSettings) -> tuple[str, ...]:
    """Return where errors are seen, by somebody who may log in there."""
    return (f"See what breaks: {settings.url}/organizations/{settings.org}/issues/",)
