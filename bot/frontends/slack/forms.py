"""The forms people fill in: a reason to deny, a reason to apply alone."""

from bot.core.values import Json
from bot.frontends.slack import kit, wording
from bot.frontends.slack.delivery import REASON
from bot.frontends.slack.text import unmarked
from bot.frontends.slack.wording import Case

FORMS = ("deny", "alone")


def form(name: str, case: Case, channel: str) -> Json:
    """Return the form *name* of a request, opened from a channel."""
    metadata = f"{case.value} {channel}"
    about = kit.section(f"*{case.number}: {unmarked(case.request.plan.title)}*\n{wording.summary(case)}")
    blocks = [about] if about else []
    if name == "deny":
        label, hint = "Why not?", f"{case.request.requested_by.name} reads this. One deny ends the request."
        return kit.form(
            f"Deny {case.number}", name, metadata, [*blocks, kit.asking(REASON, label, hint)], "Deny"
        )
    label = "Why can nobody else decide?"
    hint = "All owners are told at once; any organiser can stop it before it starts."
    return kit.form(
        f"Apply {case.number} alone",
        name,
        metadata,
        [*blocks, kit.asking(REASON, label, hint)],
        "Apply alone",
    )
