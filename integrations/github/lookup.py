"""Find the account and the repository that somebody means."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.board import YEAR
from bot.core.command import Context, Organisation
from bot.core.duration import spell
from bot.core.errors import Refused, UsageError, VendorError
from bot.core.names import lookalike, mention, person, suggestion, this_year
from bot.core.people import Person, is_login
from integrations.github.access import Account, Repository, Team
from integrations.github.reads import GithubReads

YOUNG = timedelta(days=90)


@dataclass(frozen=True)
class User:
    """Somebody who may get access: an account on GitHub, and who that is to us."""

    account: Account
    person: Person | None = None

    @property
    def name(self) -> str:
        """Return what we call them."""
        return self.person.name if self.person else self.account.login

    @property
    def login(self) -> str:
        """Return their login as GitHub spells it."""
        return self.account.login

    def facts(self, people: Iterable[Person], now: datetime) -> tuple[str, ...]:
        """Return what a decider must know of the account, so that no look-alike slips in."""
        account = self.account
        called = f" ({account.name})" if account.name else ""
        facts = [f"GitHub: {account.login}{called}, {_age(account, now)}."]
        if self.person is None:
            facts.append(f"*{account.login} is not in our people*.")
            if alike := lookalike(account.login, people):
                facts.append(
                    f"*Looks like {alike.name}* ({alike.github or 'no login'}), but is not that account."
                )
        return tuple(facts)


def _age(account: Account, now: datetime) -> str:
    if account.created_at is None:
        return "*account of unknown age*"
    age = now - account.created_at
    young = f"*account only {spell(timedelta(days=max(age.days, 1)))} old*"
    return young if age < YOUNG else f"account since {account.created_at.year}"


async def find_account(reads: GithubReads, login: str, known: Iterable[str] = ()) -> Account:
    """Return the account of a person; UsageError when GitHub has none, Refused when it is not a person's."""
    account = await reads.account(login)
    if account is None:
        near = suggestion(login, known)
        raise UsageError(f"GitHub has no account `{login}`.", near or "Check the spelling of the login.")
    if account.kind != "User":
        raise Refused(f"{account.login} on GitHub is no person ({account.kind}).", "Name a person's login.")
    return account


async def find_user(reads: GithubReads, said: str, people: Iterable[Person]) -> User:
    """Return whom a name, a Slack mention, a configured login or a live login means, in that order."""
    everyone = tuple(people)
    found = person(said, everyone)
    if found is None and (mention(said) or not is_login(said.removeprefix("@"))):
        hint = (
            suggestion(said, (p.name for p in everyone))
            or f"Add them: `people add NAME --slack {said} --github LOGIN`."
        )
        raise UsageError(f"I do not know {said}.", hint)
    if found is None:
        names = [name for p in everyone for name in (p.name, p.github) if name]
        return User(await find_account(reads, said.removeprefix("@"), names))
    if found.github is None:
        raise Refused(
            f"{found.name} has no GitHub login in our people.",
            f"Add it: `people change {found.name} --github LOGIN`.",
        )
    account = await reads.account(found.github)
    if account is None:
        raise Refused(
            f"GitHub has no account `{found.github}`, which our people give for {found.name}.",
            f"Logins can be renamed: `people change {found.name} --github LOGIN`.",
        )
    return User(account, found)


async def find_repository(reads: GithubReads, said: str, ctx: Context) -> Repository:
    """Return the repository that a service's name, a full name or an address means."""
    repositories = await reads.repositories()
    name = said.rstrip("/").removesuffix(".git")
    owner, _, name = name.rpartition("/")
    if owner and owner.rpartition("/")[2].lower() != reads.org.lower():
        raise Refused(f"`{said}` is not in {reads.org}.", f"Only repositories of {reads.org} are ours.")
    name = await _full_name(name, repositories, ctx)
    found = next((r for r in repositories if r.name.lower() == name.lower()), None)
    if found is None:
        known = [*ctx.organisation.services, *(r.name for r in repositories if not r.archived)]
        hint = suggestion(name, known) or f"`teams show {reads.push_team}` lists the team's repositories."
        raise UsageError(f"{reads.org} has no repository `{name[:100]}`.", hint)
    return found


async def _full_name(said: str, repositories: Iterable[Repository], ctx: Context) -> str:
    services = ctx.organisation.services
    service = next((s for name, s in services.items() if name.lower() == said.lower()), None)
    if service is None:
        return said
    template = service.repository
    if not template:
        raise Refused(f"The service {said} has no repository.", "Name the repository itself.")
    if YEAR not in template:
        return template
    year = await site_year(repositories, ctx.organisation, ctx.site, ctx.now)
    if year is None:
        raise Refused(
            f"No year's site was found: no repository is named YYYY.{ctx.organisation.domain}.",
            "Name the repository itself.",
        )
    return template.replace(YEAR, year)


async def site_year(
    repositories: Iterable[Repository],
    organisation: Organisation,
    site_now: Callable[[], Awaitable[str | None]],
    now: datetime,
) -> str | None:
    """Return the year whose site visitors are sent to; the newest that has begun when nobody can say."""
    live = {each.name for each in repositories if not each.archived}
    try:
        site = await site_now()
    except VendorError:
        site = None
    if site in live:
        return site.partition(".")[0]
    return this_year(live, organisation.domain, now.astimezone(organisation.zone))


async def find_team(reads: GithubReads, said: str) -> Team:
    """Return the team that a slug or a name means."""
    teams = await reads.teams()
    found = next((t for t in teams if said.lower() in {t.slug.lower(), t.name.lower()}), None)
    if found is None:
        hint = suggestion(said, (t.slug for t in teams)) or "`teams` lists them."
        raise UsageError(f"{reads.org} has no team `{said[:100]}` that this bot can see.", hint)
    return found
