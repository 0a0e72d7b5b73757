"""``teams show``: the teams, or who and what is in one."""

from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.names import person
from bot.core.people import Role
from bot.core.reply import Reply, Table, Text
from bot.core.values import Value
from integrations.github import GITHUB, GithubReads, Member, Team, find_team


class Args(Value):
    """One team, or all."""

    team: Annotated[str | None, Arg("TEAM", positional=True, completes="teams", label="Which team")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show all teams, or one with its people and repositories."""
    reads = ctx.reads(GITHUB)
    return _one(await find_team(reads, args.team), ctx) if args.team else await _all(reads)


async def _all(reads: GithubReads) -> Reply:
    teams = await reads.teams()
    rows = tuple((t.slug, str(len(t.members)), str(len(t.repositories)), t.description or "–") for t in teams)
    table = Table(columns=("Team", "People", "Repositories", "About"), rows=rows)
    said = Text(text=f"`teams show {reads.push_team}` shows who and what is in it.")
    return Reply(title=f"{len(rows)} teams in {reads.org}", blocks=(table, said))


def _one(team: Team, ctx: Context) -> Reply:
    people = tuple((_name(m, ctx), m.login, _standing(m)) for m in team.members)
    repositories = tuple((name, level.value) for name, level in sorted(team.repositories.items()))
    return Reply(
        title=f"{team.name}: {len(people)} people, {len(repositories)} repositories",
        blocks=(
            Table(columns=("Name", "GitHub", "In it as"), rows=people),
            Table(columns=("Repository", "Level"), rows=repositories),
        ),
    )


def _name(member: Member, ctx: Context) -> str:
    known = person(member.login, ctx.people)
    return known.name if known else "not in our people"


def _standing(member: Member) -> str:
    return "invited, not in yet" if member.pending else member.role


SHOW = Command(
    "teams show",
    "The teams, or who and what is in one",
    Args,
    run,
    examples=("teams", "teams show core"),
    role=Role.READER,
    group="Access",
)
