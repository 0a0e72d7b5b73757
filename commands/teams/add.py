"""``teams add``: put a person or a repository in a team."""

from typing import Annotated

from pydantic import BeforeValidator

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused, UsageError
from bot.core.grammar import hint
from bot.core.reply import Notice, Reply
from bot.core.values import Value
from integrations.github import (
    GITHUB,
    TEAM_MEMBER,
    TEAM_REPO,
    Access,
    GithubReads,
    Level,
    Team,
    TeamMember,
    TeamRepo,
    find_repository,
    find_team,
    find_user,
    gained,
    gaining,
    levels,
    people,
)


def capital(said: object) -> str:
    """Return a level as GitHub's pages spell it: people write *write* too."""
    return str(said).capitalize()


class Args(Value):
    """Which team, and who or what joins it."""

    team: Annotated[str, Arg("TEAM", positional=True, completes="teams", label="Which team")]
    user: Annotated[str | None, Arg("USER", positional=True, completes="people", label="Who")] = None
    repo: Annotated[str | None, Arg("REPO", completes="repositories")] = None
    level: Annotated[Level, BeforeValidator(capital), Arg("LEVEL", completes="levels")] = Level.WRITE


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan a person or a repository into a team."""
    if (args.user is None) == (args.repo is None):
        raise UsageError("Say who joins the team, or which repository.", hint(ADD))
    reads = ctx.reads(GITHUB)
    team, access = await find_team(reads, args.team), await reads.access()
    if args.user is not None:
        return await _person(args.user, team, access, ctx, reads)
    return await _repository(args.repo or "", args.level, team, access, ctx, reads)


async def _person(said: str, team: Team, access: Access, ctx: Context, reads: GithubReads) -> Reply | Plan:
    user = await find_user(reads, said, ctx.people)
    change = await ctx.change(TEAM_MEMBER, f"{team.slug}/{user.login}", TeamMember(role="member"))
    if change.before is not None:  # asked of GitHub itself: not every token sees who is invited in its lists
        how = "is invited into" if change.before["pending"] else "is in"
        return Reply(
            title=f"{user.name} {how} {team.slug} already",
            blocks=(Notice(level="good", text="Nothing is missing, so nothing was filed."),),
        )
    new = gained(access, user.login, team.repositories)
    return Plan(
        title=f"{user.name} joins team {team.slug}",
        changes=(change,),
        gains=(f"{user.name}: {levels(new)}",),
        notes=user.facts(ctx.people, ctx.now),
        wide=len(new) > 1,
    )


async def _repository(
    said: str, level: Level, team: Team, access: Access, ctx: Context, reads: GithubReads
) -> Reply | Plan:
    repo = await find_repository(reads, said, ctx)
    if repo.archived:
        raise Refused(f"{repo.name} is archived: nobody can push to it.", "An owner unarchives it on GitHub.")
    if team.repositories.get(repo.name) is level:
        return Reply(
            title=f"{repo.name} is in {team.slug} with {level.value} already",
            blocks=(Notice(level="good", text="Nothing is missing, so nothing was filed."),),
        )
    change = await ctx.change(TEAM_REPO, f"{team.slug}/{repo.name}", TeamRepo(level=level))
    more = gaining(access, repo.name, (m.login for m in team.members), level)
    had = team.repositories.get(repo.name)
    affected, instead = people(len(more)), ""
    if had and had > level:
        affected, instead = people(len(team.members)), f" instead of {had.value}"
    return Plan(
        title=f"{repo.name} in team {team.slug} with {level.value}",
        changes=(change,),
        gains=(f"*{affected}* in {team.slug}: {level.value}{instead} on *{repo.name}*",),
        wide=len(team.members) > 1,
    )


ADD = Command(
    "teams add",
    "Put a person or a repository in a team",
    Args,
    run,
    examples=("teams add core organiser-1", "teams add pydata --repo ironcage --level Write"),
    group="Access",
    changes=(TEAM_MEMBER.name, TEAM_REPO.name),
)
