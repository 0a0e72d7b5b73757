"""``teams remove``: take a person or a repository out of a team."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.grammar import hint
from bot.core.names import person
from bot.core.reply import Reply, Text
from bot.core.values import Value
from integrations.github import (
    GITHUB,
    TEAM_MEMBER,
    TEAM_REPO,
    Access,
    GithubReads,
    Level,
    Path,
    Team,
    find_repository,
    find_team,
    lost,
    people,
    why,
)


class Args(Value):
    """Which team, and who or what leaves it."""

    team: Annotated[str, Arg("TEAM", positional=True, completes="teams", label="Which team")]
    user: Annotated[str | None, Arg("USER", positional=True, completes="people", label="Who")] = None
    repo: Annotated[str | None, Arg("REPO", completes="repositories")] = None


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan that a person or a repository leaves a team."""
    if (args.user is None) == (args.repo is None):
        raise UsageError("Say who leaves the team, or which repository.", hint(REMOVE))
    reads = ctx.reads(GITHUB)
    team, access = await find_team(reads, args.team), await reads.access()
    if args.user is not None:
        return await _person(args.user, team, access, ctx)
    return await _repository(args.repo or "", team, access, ctx, reads)


async def _person(said: str, team: Team, access: Access, ctx: Context) -> Reply | Plan:
    """Plan that somebody leaves; also whose account or place in our list is gone."""
    known = person(said, ctx.people)
    login = (known.github if known else None) or said
    mine = next((m for m in team.members if m.login.lower() == login.lower()), None)
    if mine is None:
        return _not_in(known.name if known else said, team)
    name, paths = known.name if known else mine.login, access.of(mine.login)
    gone = lost(access, paths, f"team {team.slug}")
    kept = _pushing(paths, team)
    count = f"*{len(gone)} repositor{'y' if len(gone) == 1 else 'ies'}*"
    return Plan(
        title=f"{name} leaves team {team.slug}",
        changes=(await ctx.change(TEAM_MEMBER, f"{team.slug}/{mine.login}", None),),
        losses=(f"{name}: loses access to {count}",) if gone else (),
        notes=tuple(f"*Still can push* to {path.repo}: {why(path)}." for path in kept[:5])
        + ((f"… and to {len(kept) - 5} more: `access {mine.login}`.",) if len(kept) > 5 else ()),
        wide=len(gone) > 1,
    )


async def _repository(
    said: str, team: Team, access: Access, ctx: Context, reads: GithubReads
) -> Reply | Plan:
    repo = await find_repository(reads, said, ctx)
    if repo.name not in team.repositories:
        return _not_in(repo.name, team)
    paths = access.to(repo.name)
    gone = {path.login for path in lost(access, paths, f"team {team.slug}")}
    kept = {path.login for path in _pushing(paths, team)}
    notes = f"*{people(len(kept))}* can still push to it: `access {repo.name}`."
    return Plan(
        title=f"{repo.name} leaves team {team.slug}",
        changes=(await ctx.change(TEAM_REPO, f"{team.slug}/{repo.name}", None),),
        losses=(f"*{people(len(gone))}* in {team.slug}: lose access to *{repo.name}*",) if gone else (),
        notes=(notes,) if kept else (),
        wide=len(gone) > 1,
    )


def _pushing(paths: tuple[Path, ...], team: Team) -> list[Path]:
    """Return the strongest way to push to each repository that does not go through *team*."""
    others = [p for p in paths if p.via != f"team {team.slug}" and p.level >= Level.WRITE]
    return list({(p.login, p.repo): p for p in reversed(others)}.values())


def _not_in(name: str, team: Team) -> Reply:
    text = f"*{name}* is not in {team.slug}. Nothing to take away, so nothing was filed."
    return Reply(title=f"{name} is not in {team.slug}", blocks=(Text(text=text),))


REMOVE = Command(
    "teams remove",
    "Take a person or a repository out of a team",
    Args,
    run,
    examples=("teams remove core organiser-1", "teams remove core --repo ironcage"),
    group="Access",
    changes=(TEAM_MEMBER.name, TEAM_REPO.name),
)
