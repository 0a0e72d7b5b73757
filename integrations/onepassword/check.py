"""What ``infra check`` finds out about 1Password."""

from bot.core.errors import VendorError
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.onepassword.client import OnePasswordClient


async def check(client: OnePasswordClient) -> tuple[Finding, ...]:
    """Return which vaults our token opens, and whether it tells how many people do."""
    try:
        found = await client.vaults()
    except VendorError as error:
        return (Finding(level="bad", text=error.message, hint=error.hint),)
    if not found:
        hint = "What a service account may read is fixed when it is made: make another."
        return (Finding(level="bad", text="Our token for 1Password opens no vault.", hint=hint),)
    names = listed((each.name for each in found), "and")
    answers = Finding(level="good", text=f"1Password answers; our token opens {names}.")
    if all(each.people is None for each in found):
        text = "It does not tell who else opens them: listings do (`infra import-vault`)."
        return (answers, Finding(level="good", text=text))
    return (answers, Finding(level="good", text="It tells how many people open them; who, listings tell."))
