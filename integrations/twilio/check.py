"""What ``infra check`` finds out about Twilio."""

from collections.abc import Awaitable, Callable

from bot.core.errors import Denied, VendorError
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.twilio.client import TwilioClient

WHERE = "console.twilio.com, Account, API keys"
PATH = "/webhooks/twilio"


async def check(client: TwilioClient) -> tuple[Finding, ...]:
    """Return what was looked at, how it is, and what to do; each right that the key lacks is named."""
    rights = {
        "usage": lambda: client.usage("ThisMonth"),
        "messages": lambda: client.messages(client.now().date()),
        "the balance": client.balance,
    }
    try:
        lacking = [name for name, look in rights.items() if await _denied(look)]
        if len(lacking) == len(rights):
            return (await _refused(client),)
    except VendorError as error:
        return (Finding(level="bad", text=error.message, hint=error.hint),)
    answers = f"Twilio answers for the account {client.settings.account[:6]}…."
    return (Finding(level="good", text=answers), _rights(lacking), _webhooks(client))


async def _denied(look: Callable[[], Awaitable[object]]) -> bool:
    try:
        await look()
    except Denied:
        return True
    return False


async def _refused(client: TwilioClient) -> Finding:
    """Return that the key is no good at all, in Twilio's words where it has some."""
    try:
        account = await client.account()
    except Denied as error:
        hint = f"Make a key at {WHERE}; `integrations.twilio.key` and `secret` name it."
        return Finding(level="bad", text=error.message, hint=hint)
    text = f"Our key for Twilio may read nothing of the account, which is {account.status}."
    return Finding(level="bad", text=text, hint=f"Give it the right to read usage and messages: {WHERE}.")


def _rights(lacking: list[str]) -> Finding:
    if not lacking:
        return Finding(level="good", text="Its key reads usage, messages and the balance.")
    text = f"Our key for Twilio may not read {listed(lacking, 'and')}: what needs it is left out."
    return Finding(level="warning", text=text, hint=f"Give it the right: {WHERE}. Not every kind of key can.")


def _webhooks(client: TwilioClient) -> Finding:
    if client.settings.auth_token is None:
        return Finding(level="good", text="Webhooks are off, which is fine: the bot looks by itself.")
    text = f"Webhooks are on, at {PATH}: Twilio must call {client.settings.webhook_url} letter for letter."
    return Finding(level="good", text=text)
