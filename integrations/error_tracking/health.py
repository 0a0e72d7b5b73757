"""How our apps do, by their errors."""

from bot.core.vendor import Finding
from integrations.error_tracking.reads import Errors, TrackingReads

MOST = 3
LONGEST = 80  # letters of an error's title


async def health(reads: TrackingReads) -> tuple[Finding, ...]:
    """Return whether errors are new since yesterday; what is old and unresolved is no news."""
    found = await reads.errors()
    said = f"{found.unresolved}{' or more' if found.more else ''} unresolved at {reads.kind}"
    if not found.new:
        return (Finding(level="good", text=f"No new error of {reads.project} in 24 hours; {said}."),)
    number = f"{len(found.new)} new error{'s' * (len(found.new) > 1)}"
    text = f"{number} of {reads.project} in 24 hours: {_shown(found)}; {said}."
    hint = f"Look at {reads.kind}, and resolve there what is put right."
    return (Finding(level="warning", text=text, hint=hint),)


def _shown(found: Errors) -> str:
    """Return the most frequent of the new errors."""
    shown = [f"{each.short} {each.title[:LONGEST]} ({each.count} times)".strip() for each in found.new[:MOST]]
    more = [f"{len(found.new) - MOST} more"] if len(found.new) > MOST else []
    return "; ".join([*shown, *more])
