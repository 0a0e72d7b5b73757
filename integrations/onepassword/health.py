"""Whether enough people can open our vaults, as far as we were told."""

from datetime import date, timedelta

from bot.core.duration import day
from bot.core.keys import Vault
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.onepassword.resources import Vaults

FEW, ALARM = 3, 2  # people: warned below the first, an alarm below the second
OLD = timedelta(days=90)
HOW = "An owner of the vault brings a listing: docs/operations.md, Who gets in."


async def health(record: Vaults) -> tuple[Finding, ...]:
    """Return how many people can open each vault, and how old that knowledge is."""
    found, today = await record.vaults(), record.now().date()
    if not found:
        return (Finding(level="warning", text="Nobody said who can open our vault.", hint=HOW),)
    return tuple(finding for name, vault in found.items() for finding in _about(name, vault, today))


def _about(name: str, vault: Vault, today: date) -> list[Finding]:
    number, who = len(vault.people), listed(vault.people, "and")
    text = f"{number} {'person' if number == 1 else 'people'} can open the vault {name}: {who}."
    level = "bad" if number < ALARM else "warning" if number < FEW else "good"
    hint = (
        "" if level == "good" else "Whoever manages it shares it with another: 1Password, the vault, Manage."
    )
    found = [Finding.model_validate({"level": level, "text": text, "hint": hint})]
    if vault.on + OLD < today:
        text = f"Who can open the vault {name} was said last on {day(vault.on)}."
        found.append(Finding(level="warning", text=text, hint=HOW))
    return found
