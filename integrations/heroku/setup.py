"""What `infra init` asks about Heroku, and how to do the bot's work there by hand."""

from bot.core.vendor import Ask
from integrations.heroku.settings import HerokuSettings

ASKS = (
    Ask(
        "token",
        "A token for Heroku",
        "With it the bot shows the apps, and changes of them what owners approved. It is not shown.",
        "heroku authorizations:create --scope read,write: with these two it cannot see config vars.",
    ),
)


def by_hand(_settings: HerokuSettings) -> tuple[str, ...]:
    """Return how to look after the apps, as somebody who may log in there."""
    return ("Deploy, scale, restart or roll back an app: https://dashboard.heroku.com/apps",)
