"""Guards and policy: how many owners a plan needs, and what must never happen."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from bot.core.change import Action, Change
from bot.core.duration import duration
from bot.core.errors import Refused
from bot.core.values import Value
from bot.core.vendor import Concerns

Span = Annotated[timedelta, BeforeValidator(duration)]


class Rule(Value):
    """One line of policy: which changes need how many owners, and how long a pause."""

    resource: str = Field("*", description="Which kinds of thing, such as `github.*` or `people.person`.")
    target: str = Field("*", description="Which of them, such as `core/*`.")
    action: Literal["create", "update", "delete", "any"] = Field("any", description="What is done to it.")
    needs: Literal[1, 2] = Field(1, description="How many owners must be involved.")
    wait: Span = Field(timedelta(0), description="A pause after approval in which any organiser can stop it.")

    def matches(self, change: Change) -> bool:
        """Return whether this rule speaks of *change*."""
        return (
            fnmatchcase(change.resource, self.resource)
            and fnmatchcase(change.target, self.target)
            and self.action in {"any", change.action.value}
        )


class Policy(Value):
    """What the organisation decided about decisions; it can tighten guards, never switch them off."""

    min_owners: int = Field(2, ge=2, description="Never fewer organisation owners than this.")
    self_approval: Literal["never", "sole-owner"] = Field(
        "never", description="`sole-owner`: while the list has one owner, two confirmations an hour apart."
    )
    request_expires: Span = Field(timedelta(hours=72), description="How long a request stays open.")
    grant_max: Span = Field(timedelta(days=366), description="The longest time-bound grant.")
    break_glass: bool = Field(True, description="Whether an owner may apply a request alone, announced.")
    break_glass_wait: Span = Field(timedelta(minutes=15), description="The pause in which it can be stopped.")
    waking_hours: tuple[int, int] = Field((9, 21), description="Local hours in which people are asked.")
    rules: tuple[Rule, ...] = Field((), description="First match wins; see the policy section of the docs.")

    def awake(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return *at*, or the next waking hour when people sleep then."""
        local = at.astimezone(zone)
        start, end = self.waking_hours
        if start <= local.hour < end:
            return at
        day = local.date() if local.hour < start else local.date() + timedelta(days=1)
        return datetime.combine(day, time(start), tzinfo=zone)


class Verdict(Value):
    """What a plan needs: owners, a pause, and why it is protected."""

    needs: int
    wait: timedelta = timedelta(0)
    protected: tuple[str, ...] = ()


def weigh(changes: Sequence[Change], concerns: Sequence[Concerns], own: bool, policy: Policy) -> Verdict:
    """Return what *changes* need, given the *concerns* of each in the same order.

    *own* says that they touch only our own data. Raises Refused when a guard
    forbids them.
    """
    for concern in concerns:
        if concern.refused:
            raise Refused(concern.refused, "Nothing was changed.")
    _keep_owners(changes, concerns, policy.min_owners)
    protected = tuple(dict.fromkeys(c.protected for c in concerns if c.protected)) + _mass(changes, concerns)
    rules = [next((r for r in policy.rules if r.matches(change)), Rule()) for change in changes]
    asked = max((rule.needs for rule in rules), default=1)
    wait = max((rule.wait for rule in rules), default=timedelta(0))
    if protected:
        return Verdict(needs=2, wait=wait, protected=protected)
    if own and asked == 1 and not any(concern.asks for concern in concerns):
        return Verdict(needs=0, wait=wait)
    return Verdict(needs=asked, wait=wait)


def _keep_owners(changes: Sequence[Change], concerns: Sequence[Concerns], least: int) -> None:
    """Refuse changes that leave fewer than *least* owners and fewer than before."""
    holders: dict[str, frozenset[str]] = {}
    after: dict[str, set[str]] = {}
    for change, concern in zip(changes, concerns, strict=True):
        if concern.keeps is None:
            continue
        holders.setdefault(change.resource, concern.holders)
        now = after.setdefault(change.resource, set(concern.holders))
        (now.add if concern.keeps else now.discard)(change.target)
    for resource, left in after.items():
        if len(left) < least and len(left) < len(holders[resource]):
            owners = "owner" if len(left) == 1 else "owners"
            raise Refused(
                f"That would leave {len(left)} {owners}; at least {least} must stay.",
                "Make somebody else an owner first, then ask again.",
            )


def _mass(changes: Sequence[Change], concerns: Sequence[Concerns]) -> tuple[str, ...]:
    """Return why these changes are a mass change, by kind."""
    touched = Counter(
        change.resource
        for change, concern in zip(changes, concerns, strict=True)
        if change.action in {Action.UPDATE, Action.DELETE} and concern.counts
    )
    existing = {
        change.resource: concern.existing
        for change, concern in zip(changes, concerns, strict=True)
        if concern.existing is not None
    }
    return tuple(
        f"mass change: {count} of {existing.get(kind, 'an unknown number')} ({kind.partition('.')[2]})"
        for kind, count in touched.items()
        if count >= 3 and (count > 5 or count > 0.3 * existing.get(kind, count))
    )
