"""``grant-push``: let somebody push to a repository."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, ValidationError

from bot.core.change import Change, Plan, Request
from bot.core.command import Arg, Command, Context, Grant
from bot.core.duration import day, end_of, moment, spell
from bot.core.errors import Refused, UsageError
from bot.core.names import mention, person
from bot.core.people import Login, Name, Person
from bot.core.policy import Span
from bot.core.reply import Notice, Reply, Text
from bot.core.status import State
from bot.core.values import Value
from integrations.github import (
    COLLABORATOR,
    GITHUB,
    TEAM_MEMBER,
    TEAM_REPO,
    Access,
    Collaborator,
    GithubReads,
    Level,
    Path,
    Repository,
    Team,
    TeamMember,
    TeamRepo,
    User,
    find_account,
    find_repository,
    find_user,
    gained,
    gaining,
    levels,
    people,
    why,
)
from integrations.people import PERSON, PersonState


class Args(Value):
    """Who, where, until when."""

    user: Annotated[str, Arg("USER", positional=True, completes="people", label="Who")]
    repo: Annotated[str, Arg("REPO", positional=True, completes="repositories", label="Which repository")]
    lasts: Annotated[Span | None, Arg("DURATION", label="For how long, such as 14d")] = Field(
        None, alias="for"
    )
    until: Annotated[date | None, Arg("DATE", label="Or until which day")] = None
    direct: Annotated[bool, Arg(label="Just this repository, not the team")] = False
    login: Annotated[Login | None, Arg("LOGIN", completes="logins", label="GitHub login of somebody new")] = (
        None
    )
    name: Annotated[Name | None, Arg("NAME", label="What to call somebody new")] = None


@dataclass(frozen=True)
class Asked:
    """What was asked, with everything looked up."""

    args: Args
    ctx: Context
    reads: GithubReads
    repo: Repository
    user: User
    access: Access
    joining: tuple[Change, ...] = ()

    @property
    def ends(self) -> bool:
        """Return whether the grant has an end."""
        return self.args.lasts is not None or self.args.until is not None

    @property
    def alone(self) -> bool:
        """Return whether the grant is for this repository alone."""
        return self.args.direct or self.ends

    @property
    def path(self) -> Path | None:
        """Return the strongest way in which the user can push already."""
        mine = (p for p in self.access.to(self.repo.name) if p.login.lower() == self.user.login.lower())
        return next((p for p in mine if p.level >= Level.WRITE), None)

    @property
    def facts(self) -> tuple[str, ...]:
        """Return what a decider must know of the person and the repository."""
        public = f"*{self.repo.name}* is public: forking it and opening a pull request need nobody."
        private = f"*{self.repo.name}* is private."
        facts = [*self.user.facts(self.ctx.people, self.ctx.now), private if self.repo.private else public]
        if self.user.login.lower() not in {login.lower() for login in self.access.members}:
            facts.append(
                f"{self.user.name} is not in {self.reads.org} yet: invited, and in once they accept."
            )
        return tuple(facts)


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan what is missing for a person to push; say so when nothing is."""
    _check_end(args, ctx)
    reads = ctx.reads(GITHUB)
    repo = await find_repository(reads, args.repo, ctx)
    if repo.archived:
        raise Refused(
            f"{repo.name} is archived: nobody can push to it.",
            "Name another repository, or let an owner unarchive it on GitHub first.",
        )
    user, joining = await _user(args, ctx, reads)
    asked = Asked(args, ctx, reads, repo, user, await reads.access(), joining)
    grant = await _running(asked)
    if asked.path and not (grant and asked.path.via == "direct"):
        return await _already(asked, asked.path)
    if grant and args.direct and not asked.ends:
        raise Refused(
            f"{user.name} can push to {repo.name} until {_moment(asked, grant.ends_at)} (#{grant.number}).",
            f"Extend it with `--until DATE`, or make it lasting: `grant-push {args.user} {args.repo}`.",
        )
    return await (_collaborator(asked, grant) if asked.alone else _member(asked))


def _check_end(args: Args, ctx: Context) -> None:
    """Refuse an end that contradicts itself, has passed, or is too far away."""
    if args.lasts is not None and args.until is not None:
        raise UsageError("--for and --until are two ends.", "Say one of them.")
    left = args.lasts
    if args.until is not None:
        left = end_of(args.until, ctx.organisation.zone) - ctx.now
    if left is None:
        return
    if left.total_seconds() <= 0:
        raise UsageError("That end has passed already.", "Say a later one, for example `--for 14d`.")
    if left > ctx.policy.grant_max:
        raise Refused(
            f"A grant may last {spell(ctx.policy.grant_max)} at most.",
            "Say an earlier end, or none: then it lasts until somebody takes it away.",
        )


async def _user(args: Args, ctx: Context, reads: GithubReads) -> tuple[User, tuple[Change, ...]]:
    """Return the user, and the change of our people that comes with them."""
    known = person(args.user, ctx.people)
    if args.login is None:
        if (known is None and mention(args.user)) or (known is not None and known.github is None):
            lacking = (
                f"{known.name} has no GitHub login in our people" if known else f"I do not know {args.user}"
            )
            said = f"`grant-push {args.user} {args.repo} --login LOGIN`"
            raise Refused(f"{lacking}.", f"Say their GitHub login: {said}")
        return await find_user(reads, args.user, ctx.people), ()
    return await _introduced(args, args.login, known, ctx, reads)


async def _introduced(
    args: Args, login: str, known: Person | None, ctx: Context, reads: GithubReads
) -> tuple[User, tuple[Change, ...]]:
    """Return a user whose GitHub login the line gives, and the change that writes it down."""
    holder = next((p for p in ctx.people if p.github and p.github.lower() == login.lower()), None)
    if holder is not None and holder != known:
        raise Refused(f"{login} is the GitHub login of {holder.name}.", f"Write `{holder.name}` instead.")
    if known is not None and known.github is not None:
        if holder == known:
            return await find_user(reads, known.name, ctx.people), ()
        raise Refused(
            f"{known.name}'s GitHub login in our people is {known.github}, not {login}.",
            f"If it changed: `people change {known.name} --github {login}`.",
        )
    account = await find_account(reads, login)
    newcomer = known or _newcomer(args, account.login, ctx)
    newcomer = newcomer.model_copy(update={"github": account.login})
    state = PersonState.of(newcomer)
    return User(account, newcomer), (await ctx.change(PERSON, newcomer.name, state),)


def _newcomer(args: Args, login: str, ctx: Context) -> Person:
    slack = mention(args.user)
    name = args.name or (login if slack else args.user.removeprefix("@"))
    if person(name, ctx.people):
        raise Refused(f"Our people already have a {name}.", "Say another name: `--name NAME`.")
    try:
        return Person(name=name, slack=(slack,) if slack else ())
    except ValidationError:
        raise UsageError(
            f"`{name[:100]}` cannot be a name in our people.", "Say one: `--name NAME`."
        ) from None


async def _running(asked: Asked) -> Grant | None:
    """Return the time-bound grant that runs for this user and repository."""
    grants = await asked.ctx.requests.grants(_collaboration(asked))
    return max(grants, key=lambda grant: grant.ends_at, default=None)


def _collaboration(asked: Asked) -> str:
    return f"{asked.repo.name}/{asked.user.login}"


def _moment(asked: Asked, at: datetime) -> str:
    return moment(at, asked.ctx.organisation.zone)


async def _already(asked: Asked, path: Path) -> Reply:
    """Say that nothing is missing: why, and since when as far as we know."""
    name, repo = asked.user.name, asked.repo.name
    said = f"*{name}* has {path.level.value} on *{repo}*: {why(path)}."
    if given := await _given(asked, path):
        reason = f": “{given.plan.reason}”" if given.plan.reason else ""
        on = day(given.at.astimezone(asked.ctx.organisation.zone).date())
        said += f" Asked for by {given.requested_by.name} on {on} (#{given.number}){reason}."
    return Reply(
        title=f"{name} can already push to {repo}",
        blocks=(Notice(level="good", text=said), Text(text="Nothing is missing, so nothing was filed.")),
    )


async def _given(asked: Asked, path: Path) -> Request | None:
    """Return the newest request that gave what *path* says, if it was one of ours."""
    team, login, repo = path.via.removeprefix("team "), asked.user.login, asked.repo.name
    target = {"direct": f"{repo}/{login}", "owner": login}.get(path.via, f"{team}/{login}")
    done = await asked.ctx.requests.newest((State.APPLIED, State.WAITING), limit=200)
    changes = ((request, change) for request, _ in done for change in request.plan.changes)
    return next((r for r, c in changes if c.target.lower() == target.lower() and c.after is not None), None)


async def _member(asked: Asked) -> Reply | Plan:
    """Plan it as the organisers do: the repository is in the team with Write, and so is the person."""
    ctx, reads, repo, user = asked.ctx, asked.reads, asked.repo, asked.user
    team = await reads.team(reads.push_team)
    if team is None:
        raise Refused(
            f"{reads.org} has no team {reads.push_team} that this bot can see.",
            "The maintainer sets `integrations.github.push_team`, or gives the token a look at the teams.",
        )
    level = team.repositories.get(repo.name)
    mine = next((m for m in team.members if m.login.lower() == user.login.lower()), None)
    enough = level is not None and level >= Level.WRITE
    if enough and mine and mine.pending:
        return await _invited(asked)
    changes = list(asked.joining)
    if not enough:
        after = TeamRepo(level=Level.WRITE)
        changes.append(await ctx.change(TEAM_REPO, f"{team.slug}/{repo.name}", after))
    if mine is None:
        changes.append(await ctx.change(TEAM_MEMBER, f"{team.slug}/{user.login}", TeamMember(role="member")))
    gains, wide = _gains(asked, team)
    login = f" --login {asked.args.login}" if asked.args.login else ""
    line = f"grant-push {asked.args.user} {asked.args.repo}{login} --direct"
    narrower = f"Only this repository instead: `{line}`."
    return Plan(
        title=f"Push access for {user.name}: {asked.args.repo}",
        changes=tuple(changes),
        gains=gains,
        notes=(*asked.facts, narrower) if wide else asked.facts,
        wide=wide,
    )


def _gains(asked: Asked, team: Team) -> tuple[tuple[str, ...], bool]:
    """Return who gains what when the person and the repository are both in *team*, and if that is wide."""
    access, repo, user = asked.access, asked.repo, asked.user
    granted = dict(team.repositories)
    granted[repo.name] = max(granted.get(repo.name, Level.WRITE), Level.WRITE)
    if access.base and access.base >= Level.WRITE:  # who joins the team joins the organisation
        everywhere = {r.name: max(granted.get(r.name, access.base), access.base) for r in access.repositories}
        granted |= everywhere
    new = gained(access, user.login, granted)
    others = gaining(access, repo.name, (m.login for m in team.members), Level.WRITE) - {user.login.lower()}
    gains = [f"{user.name}: {levels(new, repo.name)}"]
    if others:
        gains.append(f"*{people(len(others))}* in {team.slug}: Write on this repository")
    return tuple(gains), len(new) > 1 or bool(others)


async def _collaborator(asked: Asked, grant: Grant | None) -> Reply | Plan:
    """Plan a grant of this repository alone, with its end when it has one."""
    ctx, args, user, repo = asked.ctx, asked.args, asked.user, asked.repo
    target, granted = _collaboration(asked), Collaborator(level=Level.WRITE)
    change = await ctx.change(COLLABORATOR, target, granted)
    stood = None if change.before is None else Collaborator.model_validate(change.before)
    if stood and stood.pending and stood.level >= Level.WRITE and not asked.ends:
        return await _invited(asked)
    if stood and stood.pending:
        stood = None
    if grant:
        stood = _stood_before(grant, target)
    return Plan(
        title=f"Push access for {user.name}: {args.repo}",
        changes=(*asked.joining, change),
        gains=(f"{user.name}: Write on *{repo.name}* alone{_until(asked)}",),
        notes=asked.facts,
        lasts=args.lasts,
        ends_at=end_of(args.until, ctx.organisation.zone) if args.until else None,
        ending=(_change_back(change, granted, stood),) if asked.ends else (),
    )


def _stood_before(grant: Grant, target: str) -> Collaborator | None:
    """Return what stood before a running grant: an extension must not end in what it extends."""
    after = next((c.after for c in grant.ending if c.target == target), None)
    return None if after is None else Collaborator.model_validate(after)


def _change_back(change: Change, granted: Collaborator, stood: Collaborator | None) -> Change:
    return Change(
        resource=change.resource,
        target=change.target,
        before=change.after,
        after=None if stood is None else stood.model_dump(mode="json"),
        words=COLLABORATOR.words(change.target, granted, stood),
    )


def _until(asked: Asked) -> str:
    if asked.args.lasts:
        return f", for {spell(asked.args.lasts)} from approval"
    return f", until the end of {day(asked.args.until)}" if asked.args.until else ""


async def _invited(asked: Asked) -> Reply:
    """Say that an invitation waits, with the link to forward."""
    name, repo, login = asked.user.name, asked.repo.name, asked.user.login.lower()
    sent = await asked.reads.invitations()
    invite = next((i for i in sent if i.login and i.login.lower() == login), None)
    link = invite.link if invite else f"https://github.com/{asked.reads.org}/{repo}/invitations"
    until = f" The invitation ends {_moment(asked, invite.expires_at)}." if invite else ""
    return Reply(
        title=f"{name} is invited to push to {repo}, not in yet",
        blocks=(
            Notice(level="warning", text=f"*{name}* must accept first; no push until then.{until}"),
            Text(text=f"Forward this link: {link}"),
            Text(text="Nothing was filed."),
        ),
    )


GRANT_PUSH = Command(
    "grant-push",
    "Let somebody push to a repository",
    Args,
    run,
    examples=(
        "grant-push organiser-1 website",
        "grant-push organiser-1 website --for 14d because looks after the schedule page",
        "grant-push <@U0000000009> ironcage --login helper-1",
    ),
    group="Access",
    changes=(TEAM_REPO.name, TEAM_MEMBER.name, COLLABORATOR.name, PERSON.name),
)
