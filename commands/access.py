"""``access``: who can push where, why, and until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.duration import moment
from bot.core.errors import UsageError
from bot.core.names import by_login, mention, person, suggestion
from bot.core.people import Role
from bot.core.reply import Notice, Reply, Table, Text
from bot.core.values import Value
from integrations.github import (
    GITHUB,
    GithubReads,
    Level,
    Path,
    Repository,
    User,
    find_repository,
    find_user,
    people,
    why,
)


class Args(Value):
    """Somebody, or a repository."""

    about: Annotated[
        str, Arg("USER-OR-REPO", positional=True, completes="people, repositories", label="Who, or where")
    ]


async def run(args: Args, ctx: Context) -> Reply:
    """Answer for a repository or for a person, whichever is meant."""
    reads = ctx.reads(GITHUB)
    found = await _meant(args.about, ctx, reads)
    ends = {c.target.lower(): grant.ends_at for grant in await ctx.requests.grants() for c in grant.ending}
    if isinstance(found, Repository):
        return await _of_repository(found, ctx, reads, ends)
    return await _of_user(found, ctx, reads, ends)


async def _meant(said: str, ctx: Context, reads: GithubReads) -> User | Repository:
    if mention(said) or person(said, ctx.people):
        return await find_user(reads, said, ctx.people)
    try:
        return await find_repository(reads, said, ctx)
    except UsageError as unknown:
        if await reads.account(said.removeprefix("@")):
            return await find_user(reads, said, ctx.people)
        names = [name for p in ctx.people for name in (p.name, p.github) if name]
        hint = unknown.hint if unknown.hint.startswith("Did") else suggestion(said, names) or unknown.hint
        message = f"I know no person, account or repository `{said[:100]}`."
        raise UsageError(message, hint) from None


async def _of_repository(
    repo: Repository, ctx: Context, reads: GithubReads, ends: Mapping[str, datetime]
) -> Reply:
    """Answer who can push to *repo*, and why."""
    access = await reads.access()
    every: dict[str, list[Path]] = {}
    for path in access.to(repo.name):
        if path.level >= Level.WRITE:
            every.setdefault(path.login, []).append(path)
    names = by_login(ctx.people)
    rows = []
    for login, ways in every.items():
        rows.append((_who(login, names), *_ways(ways, ends.get(f"{repo.name}/{login}".lower()), ctx)))
    count = f"{people(len(rows))} can push"
    blocks: list[Notice | Table | Text] = []
    if repo.archived:
        blocks.append(Notice(level="warning", text="It is archived: nobody can push until it is unarchived."))
    blocks.append(Table(columns=("Who", "Level", "Why", "Until"), rows=tuple(rows)))
    if repo.name in access.unseen:
        blocks.append(
            Notice(level="warning", text="Our token may not see who has a grant of their own here.")
        )
    blocks += [Text(text=line) for line in await _waiting(repo.name, reads)]
    if not repo.private:
        blocks.append(Text(text="It is public: forking it and opening a pull request need nobody."))
    return Reply(title=f"{repo.name}: {count}", blocks=tuple(blocks))


def _who(login: str, names: Mapping[str, str]) -> str:
    """Return our name for a login, with the login where that says more."""
    name = names.get(login.casefold(), login)
    return name if name.casefold() == login.casefold() else f"{name} ({login})"


async def _of_user(user: User, ctx: Context, reads: GithubReads, ends: Mapping[str, datetime]) -> Reply:
    """Answer where *user* can push, and why."""
    access = await reads.access()
    by_repo: dict[str, list[Path]] = {}
    for path in access.of(user.login):
        by_repo.setdefault(path.repo, []).append(path)
    archived = {r.name for r in access.repositories if r.archived}
    rows = []
    for repo, ways in sorted(by_repo.items()):
        if repo not in archived and ways[0].level >= Level.WRITE:
            rows.append((repo, *_ways(ways, ends.get(f"{repo}/{user.login}".lower()), ctx)))
    count = f"can push to {len(rows)} {'repository' if len(rows) == 1 else 'repositories'}"
    blocks: list[Notice | Table | Text] = [Text(text=" ".join(user.facts(ctx.people, ctx.now)))]
    if rows:
        blocks.append(Table(columns=("Repository", "Level", "Why", "Until"), rows=tuple(rows)))
    if user.login.lower() in {login.lower() for login in access.invited}:
        text = f"Invited to {reads.org}, not in yet: `invitations` shows the link to forward."
        blocks.append(Notice(level="warning", text=text))
    return Reply(title=f"{user.name} {count}", blocks=tuple(blocks))


def _ways(ways: Sequence[Path], end: datetime | None, ctx: Context) -> tuple[str, str, str]:
    """Return the level, every reason for it, and until when."""
    temporary = end is not None and ways[0].via == "direct"
    until = moment(end, ctx.organisation.zone) if end and temporary else "no end"
    return ways[0].level.value, "; ".join(why(path) for path in ways), until


async def _waiting(repo: str, reads: GithubReads) -> list[str]:
    """Return who is invited into a team that can push to *repo*."""
    lines = []
    for team in await reads.teams():
        level, invited = team.repositories.get(repo), [m.login for m in team.members if m.pending]
        if invited and level and level >= Level.WRITE:
            lines.append(f"Invited into {team.slug}, not in yet: {', '.join(invited)}.")
    return lines


ACCESS = Command(
    "access",
    "Who can push where, why, and until when",
    Args,
    run,
    examples=("access website", "access organiser-1"),
    role=Role.READER,
    group="Access",
)
