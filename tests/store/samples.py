"""Small values to keep."""

from datetime import UTC, datetime, timedelta

from bot.core.change import Change, Plan, Request
from bot.core.command import Grant
from bot.core.people import Actor, Role

NOW = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
ASKER = Actor(name="organiser-1", role=Role.ORGANISER, via="slack", slack="U0ORG1", github="organiser-1")
CHANGE = Change(
    resource="github.team_member", target="core/organiser-1", before=None, after={"role": "member"}, words="…"
)


def request(number: int = 1, key: str | None = None) -> Request:
    """Return a request."""
    plan = Plan(title="Push access for organiser-1: website", changes=(CHANGE,), lasts=timedelta(days=14))
    return Request(
        id=key or f"r{number}",
        number=number,
        plan=plan,
        requested_by=ASKER,
        at=NOW,
        expires_at=NOW + timedelta(hours=72),
        line="grant-push organiser-1 website",
    )


def grant(number: int = 1, days: int = 14) -> Grant:
    """Return a grant of the request of that number."""
    return Grant(request=f"r{number}", number=number, ends_at=NOW + timedelta(days=days), ending=(CHANGE,))
