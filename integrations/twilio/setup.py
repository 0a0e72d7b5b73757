"""What `infra init` asks about Twilio, and how to look at it by hand."""

from bot.core.vendor import Ask
from integrations.twilio.settings import TwilioSettings

ASKS = (
    Ask(
        "account",
        "The Account SID at Twilio",
        "Its balance and usage are what is shown.",
        "On console.twilio.com, the first page: it begins with AC.",
    ),
    Ask(
        "key",
        "The SID of an API key at Twilio",
        "The bot reads with a key of its own, which can be taken away again.",
        "console.twilio.com, Account, API keys, Create: Restricted, which may read usage and messages.",
    ),
    Ask(
        "secret",
        "The secret of that key",
        "With it the bot reads usage, messages and the balance; it sends nothing. It is not shown.",
        "It is shown once, when the key is made.",
    ),
)


def by_hand(_settings: TwilioSettings) -> tuple[str, ...]:
    """Return where balance and messages are seen, by somebody who may log in there."""
    return ("See Twilio's balance and messages, and pay in: https://console.twilio.com",)
