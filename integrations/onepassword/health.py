"""Whether enough people can open our vaults, as far as we were told."""

from datetime import date, timedelta

from bot.core.duration import day
from bot.core.keys import Vault
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.onepassword.models import Seen
from integrations.onepassword.resources import Vaults

FEW, ALARM = 3, 2  # people: warned below the first, an alarm below the second
OLD = timedelta(days=90)
SHARE = "Whoever manages it shares it with another: 1Password, the vault, Manage."
HOW = "An owner of the vault brings a listing: docs/operations.md, Who gets in."


async def health(record: Vaults) -> tuple[Finding, ...]:
    """Return how many people can open each vault, how old that knowledge is, and what 1Password counts."""
    found, today = await record.vaults(), record.now().date()
    counted = [each for vault in await record.seen() for each in _counted(vault, found.get(vault.name))]
    if not found:
        return (Finding(level="warning", text="Nobody said who can open our vault.", hint=HOW), *counted)
    said = [finding for name, vault in found.items() for finding in _about(name, vault, today)]
    return (*said, *counted)


def _counted(seen: Seen, vault: Vault | None) -> list[Finding]:
    """Return where 1Password counts fewer people than we were told of; what it counts is never a comfort.

    A group can be many people, and the token's account may be counted as one.
    """
    if seen.people is None or seen.groups:
        return []
    number = f"{seen.people} {'person' if seen.people == 1 else 'people'}"
    if vault is not None and seen.people < len(vault.people):
        text = f"1Password counts {number} who can open the vault {seen.name}, not {len(vault.people)}."
        return [Finding(level="warning", text=text, hint=HOW)]
    if vault is None and seen.people < ALARM:
        text = f"1Password counts {number} who can open the vault {seen.name}."
        return [Finding(level="bad", text=text, hint=SHARE)]
    return []


def _about(name: str, vault: Vault, today: date) -> list[Finding]:
    number, who = len(vault.people), listed(vault.people, "and")
    text = f"{number} {'person' if number == 1 else 'people'} can open the vault {name}: {who}."
    level = "bad" if number < ALARM else "warning" if number < FEW else "good"
    hint = "" if level == "good" else SHARE
    found = [Finding.model_validate({"level": level, "text": text, "hint": hint})]
    if vault.on + OLD < today:
        text = f"Who can open the vault {name} was said last on {day(vault.on)}."
        found.append(Finding(level="warning", text=text, hint=HOW))
    return found
