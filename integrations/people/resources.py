"""What can change in our own list of people."""

from collections.abc import Iterable
from datetime import date

from bot.core.change import Change
from bot.core.duration import day
from bot.core.people import Login, Person, Role, listed, owners
from bot.core.review import Terms
from bot.core.values import Value
from bot.core.vendor import Concerns, Resource
from integrations.people.reads import Listed

OWNER_LIST = "owner list"


class PersonState(Value):
    """All we know of somebody but the name."""

    role: Role = Role.ORGANISER
    slack: tuple[str, ...] = ()
    github: Login | None = None
    away_until: date | None = None

    @classmethod
    def of(cls, person: Person) -> "PersonState":
        """Return what we know of *person*."""
        return cls.model_validate(person.model_dump(exclude={"name"}))

    def named(self, name: str) -> Person:
        """Return the person of that name of whom we know this."""
        return Person(name=name, **self.model_dump())


async def _read(people: Listed, target: str) -> PersonState | None:
    found = await people.by_name(target)
    return PersonState.of(found) if found else None


async def _write(people: Listed, target: str, after: PersonState | None) -> None:
    if after is None:
        await people.remove(target)
    else:
        await people.put(after.named(target))


def _say(target: str, before: PersonState | None, after: PersonState | None) -> str:
    if after is None:
        now = before.role.value if before else "not in it"
        return f"{target} leaves our people (now: {now})"
    if before is None:
        github = f"GitHub {after.github}" if after.github else "no GitHub login"
        return f"{target} joins our people as *{after.role.value}* ({_accounts(after.slack)}, {github})"
    return f"{target}: {'; '.join(_differences(before, after)) or 'stays as it is'}"


def _accounts(slack: Iterable[str]) -> str:
    names = [f"<@{account}>" for account in slack]
    return f"Slack {listed(names, 'and')}" if names else "no Slack account"


def _differences(before: PersonState, after: PersonState) -> list[str]:
    said = []
    if before.role is not after.role:
        said.append(f"*{after.role.value}* (now: {before.role.value})")
    if before.slack != after.slack:
        said.append(f"{_accounts(after.slack)} (now: {_accounts(before.slack)})")
    if before.github != after.github:
        said.append(f"GitHub *{after.github or 'no login'}* (now: {before.github or 'no login'})")
    if before.away_until != after.away_until:
        said.append(f"away until {day(after.away_until)}" if after.away_until else "back")
    return said


async def _weigh(people: Listed, change: Change) -> Concerns:
    """Weigh a change: who is away needs nobody, an owner's role and accounts two owners, the rest one."""
    before = None if change.before is None else PersonState.model_validate(change.before)
    after = None if change.after is None else PersonState.model_validate(change.after)
    everyone = await people.everyone()
    owner = Role.OWNER in {state.role for state in (before, after) if state}
    away_only = before is not None and after is not None and _staying(before) == _staying(after)
    return Concerns(
        protected=OWNER_LIST if owner and not away_only else None,
        refused=_taken(everyone, change.target, after) if after else None,
        holders=frozenset(_as_said(person.name, change.target) for person in owners(everyone)),
        keeps=(after is not None and after.role is Role.OWNER) if owner else None,
        existing=len(everyone),
        asks=not away_only,
    )


def _staying(state: PersonState) -> PersonState:
    return state.model_copy(update={"away_until": None})


def _as_said(name: str, target: str) -> str:
    return target if name.casefold() == target.casefold() else name


def _taken(everyone: Iterable[Person], name: str, after: PersonState) -> str | None:
    """Return why an account cannot be somebody's: it is another's."""
    for other in everyone:
        if other.name.casefold() == name.casefold():
            continue
        if shared := set(after.slack) & set(other.slack):
            return f"{_accounts(sorted(shared))} belongs to {other.name}. Take it from them first."
        if after.github and other.github and after.github.casefold() == other.github.casefold():
            return f"The GitHub login {other.github} belongs to {other.name}. Take it from them first."
    return None


PERSON = Resource(
    "people.person", PersonState, _read, _write, _say, concerns=_weigh, own=True, exclusive=True
)

# --- a review of who still helps; one runs at a time


async def _read_review(people: Listed, _target: str) -> Terms | None:
    return await people.review()


async def _write_review(people: Listed, _target: str, after: Terms | None) -> None:
    if after is None:
        await people.stop_review()
    else:
        await people.begin_review(after)


def _say_review(_target: str, _before: Terms | None, after: Terms | None) -> str:
    if after is None:
        return "The review is stopped: nobody is asked any more, and nothing is taken away"
    asked = f"{len(after.holds)} {'person is' if len(after.holds) == 1 else 'people are'} asked"
    between = f"from {day(after.asks_at.date())} until {day(after.closes_at.date())}"
    return f"A review: {asked} whether they still help, {between}"


REVIEW = Resource("people.review", Terms, _read_review, _write_review, _say_review, own=True, exclusive=True)
