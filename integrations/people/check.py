"""What ``infra check`` finds out about our own list."""

from bot.core.people import listed, owners
from bot.core.vendor import Finding
from integrations.people.reads import Listed


async def check(people: Listed) -> tuple[Finding, ...]:
    """Return who lacks what, and whether enough owners are there to decide."""
    everyone = await people.everyone()
    deciders = [person.name for person in owners(everyone) if person.slack]
    found = [
        Finding(level="good", text=f"{len(deciders)} owners can decide: {listed(deciders, 'and')}.")
        if len(deciders) >= 2
        else Finding(
            level="bad",
            text=f"Fewer than two owners have a Slack account and can decide: {listed(deciders)}.",
            hint="Add owners: `people change NAME --role owner`, `people change NAME --slack @NAME`.",
        )
    ]
    without = [person.name for person in everyone if not person.github]
    if without:
        text = f"Without a GitHub login: {listed(without, 'and')}."
        hint = "`people change NAME --github LOGIN` adds it."
        found.append(Finding(level="warning", text=text, hint=hint))
    return tuple(found)
