"""Who of the owners on GitHub is who in Slack; a guess is shown before it counts."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from bot.core.people import Name
from bot.core.values import Json
from bot.frontends.slack.setup import Member
from integrations.github import Account

_NAME: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True)
class Owner:
    """An owner on GitHub, and who that is in Slack when it is known."""

    account: Account
    member: Member | None = None

    @property
    def shown(self) -> str:
        """Return the pair as a line to check."""
        name = f" ({self.account.name})" if self.account.name else ""
        slack = self.member.shown if self.member else "nobody yet"
        return f"{self.account.login}{name} on GitHub is {slack} in Slack"

    @property
    def name(self) -> str:
        """Return what our list could call them: their name in Slack when it is one word, else the login."""
        for name in self.member.names if self.member else ():
            try:
                return _NAME.validate_python(name)
            except ValidationError:  # of several words
                continue
        return self.account.login


def matched(accounts: Iterable[Account], members: Sequence[Member]) -> list[Owner]:
    """Return each account with the one member who goes by its name or login, if there is just one.

    Whoever fits two accounts fits none: names in Slack can be chosen freely.
    """
    pairs = [Owner(account, _fitting(account, members)) for account in accounts]
    times = Counter(pair.member.id for pair in pairs if pair.member)
    return [replace(p, member=None) if p.member and times[p.member.id] > 1 else p for p in pairs]


def seeds(owners: Sequence[Owner]) -> list[Json]:
    """Return them as the configuration lists people; who shares a name goes by the login."""
    times = Counter(owner.name.casefold() for owner in owners)
    names = [o.name if times[o.name.casefold()] == 1 else o.account.login for o in owners]
    return [
        {"name": name, "slack": owner.member.id, "github": owner.account.login, "role": "owner"}
        for name, owner in zip(names, owners, strict=True)
        if owner.member
    ]


def meant(said: str, members: Iterable[Member]) -> list[Member]:
    """Return whom somebody may mean by an ID, a handle or a name."""
    everyone = list(members)
    exactly = [each for each in everyone if said in (each.id, f"@{each.handle}")]
    return exactly or [each for each in everyone if _folded(said) in _known(each)]


def _fitting(account: Account, members: Iterable[Member]) -> Member | None:
    called = {_folded(account.login), _folded(account.name)} - {""}
    fits = [member for member in members if called & _known(member)]
    return fits[0] if len(fits) == 1 else None


def _known(member: Member) -> set[str]:
    return {_folded(name) for name in (member.handle, *member.names)} - {""}


def _folded(name: str) -> str:
    """Return *name* without case, accents, blanks and signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if sign.isalnum())
