"""What may be read of our list of people."""

from dataclasses import dataclass
from typing import Protocol

from bot.core.people import Person, listed, owners
from bot.core.vendor import Finding

LEAST_OWNERS = 2


class PeopleList(Protocol):
    """The list, wherever it is kept."""

    async def everyone(self) -> tuple[Person, ...]:
        """Return everybody."""

    async def by_name(self, name: str) -> Person | None:
        """Return one person, the name in any case."""

    async def put(self, person: Person) -> None:
        """Keep a person."""

    async def remove(self, name: str) -> None:
        """Forget a person."""


@dataclass(frozen=True)
class PeopleReads:
    """Our people, looked at."""

    _list: PeopleList

    async def everyone(self) -> tuple[Person, ...]:
        """Return everybody."""
        return await self._list.everyone()


async def check(people: PeopleList) -> tuple[Finding, ...]:
    """Find what would keep people from getting in or a request from being decided."""
    everyone = await people.everyone()
    deciding = owners(everyone)
    findings = []
    if len(deciding) < LEAST_OWNERS:
        text = f"{len(deciding)} owner{'' if len(deciding) == 1 else 's'} in our list: nobody can decide."
        hint = "Name at least two under `people` in the configuration of an empty database."
        findings.append(Finding(level="bad", text=text, hint=hint))
    for account, without in (
        ("GitHub login", [p.name for p in everyone if p.github is None]),
        ("Slack account", [p.name for p in everyone if not p.slack]),
    ):
        if without:
            option = "--github LOGIN" if account.startswith("GitHub") else "--slack @PERSON"
            text = f"Without {account}: {listed(without, 'and')}."
            findings.append(Finding(level="warning", text=text, hint=f"`people change NAME {option}`"))
    good = Finding(level="good", text=f"{len(everyone)} people, {len(deciding)} of them owners.")
    return (*findings, good) if len(deciding) >= LEAST_OWNERS else tuple(findings)
