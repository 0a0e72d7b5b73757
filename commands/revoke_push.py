"""``revoke-push``: take away somebody's push access to a repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import moment
from bot.core.errors import Refused
from bot.core.reply import Choice, Choices, Reply, Text
from bot.core.values import Value
from integrations.github import (
    COLLABORATOR,
    GITHUB,
    Access,
    GithubReads,
    Level,
    Path,
    Repository,
    User,
    find_repository,
    find_user,
    lost,
    people,
    why,
)


class Args(Value):
    """Who, and where."""

    user: Annotated[str, Arg("USER", positional=True, completes="people", label="Who")]
    repo: Annotated[str, Arg("REPO", positional=True, completes="repositories", label="Which repository")]
    direct: Annotated[bool, Arg(label="Only what was given directly")] = False


@dataclass(frozen=True)
class Asked:
    """What was asked, with everything looked up."""

    args: Args
    ctx: Context
    reads: GithubReads
    repo: Repository
    user: User
    access: Access

    @property
    def paths(self) -> list[Path]:
        """Return each way in which the user reaches the repository, the strongest first."""
        return [p for p in self.access.to(self.repo.name) if p.login.lower() == self.user.login.lower()]

    @property
    def because(self) -> str:
        """Return the words after *because*, to be said again with a choice."""
        return f" because {self.ctx.reason}" if self.ctx.reason else ""


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan the end of a direct grant; let the asker choose when access comes from a team."""
    reads = ctx.reads(GITHUB)
    repo = await find_repository(reads, args.repo, ctx)
    user = await find_user(reads, args.user, ctx.people)
    asked = Asked(args, ctx, reads, repo, user, await reads.access())
    pushing = [p for p in asked.paths if p.level >= Level.WRITE]
    others = [p for p in pushing if p.via != "direct"]
    if len(others) < len(pushing) and (args.direct or not others):
        return await _direct(asked, others)
    if not others:
        return await _nothing(asked)
    if any(path.via == "owner" for path in others):
        raise Refused(
            f"{user.name} is an owner of {reads.org}, and owners can push everywhere.",
            f"Nothing was filed. `owners remove {user.name}` asks for that to end.",
        )
    return _choices(asked, pushing)


async def _direct(asked: Asked, remaining: Sequence[Path]) -> Plan:
    """Plan the end of the grant that was given directly."""
    ctx, name, repo = asked.ctx, asked.user.name, asked.repo.name
    target = f"{repo}/{asked.user.login}"
    notes = [f"*{name} can still push* afterwards: {why(path)}." for path in remaining]
    for grant in await ctx.requests.grants(target):
        end = moment(grant.ends_at, ctx.organisation.zone)
        notes.append(f"Takes away now what #{grant.number} gave until {end}.")
    return Plan(
        title=f"No more push access for {name}: {asked.args.repo}",
        changes=(await ctx.change(COLLABORATOR, target, None),),
        losses=() if remaining else (f"{name}: no longer able to push to *{repo}*",),
        notes=tuple(notes),
    )


async def _nothing(asked: Asked) -> Reply | Plan:
    """Take back an invitation that waits; else say that there is nothing to take away."""
    name, repo, login = asked.user.name, asked.repo.name, asked.user.login
    change = await asked.ctx.change(COLLABORATOR, f"{repo}/{login}", None)
    if change.before and change.before.get("pending"):
        return Plan(title=f"Cancel the invitation of {name}: {repo}", changes=(change,))
    for team in await asked.reads.teams():
        level, members = team.repositories.get(repo), {m.login.lower() for m in team.members}
        if level and level >= Level.WRITE and login.lower() in members:
            line = f"teams remove {team.slug} {login}{asked.because}"
            text = f"*{name}* is invited into {team.slug}, which can push to *{repo}*; not in yet."
            take_back = Choice(label=f"take back the invitation into {team.slug}", line=line)
            return Reply(
                title=f"{name} is invited, not in yet", blocks=(Choices(text=text, choices=(take_back,)),)
            )
    paths = asked.paths
    has = f"has {paths[0].level.value} only ({why(paths[0])})" if paths else "has no access of their own"
    said = f"*{name}* {has} on *{repo}*. Nothing to take away, so nothing was filed."
    return Reply(title=f"{name} cannot push to {repo}", blocks=(Text(text=said),))


def _choices(asked: Asked, pushing: Sequence[Path]) -> Reply:
    """Offer each way out; say what stays."""
    name, repo, org = asked.user.name, asked.repo.name, asked.reads.org
    reasons = "; ".join(f"{p.level.value}, {why(p)}" for p in pushing)
    text = f"*{name}* can push to *{repo}*: {reasons}."
    if len(pushing) > 1:
        text += " Taking one away leaves the others."
    if any(path.via == "base" for path in pushing):
        text += f" Every member of {org} can push: an owner changes that in GitHub's settings."
    choices = [choice for path in pushing for choice in _ways_out(asked, path)]
    block = Choices(text=text, choices=tuple(choices)) if choices else Text(text=text)
    return Reply(title=f"{name} can push to {repo}", blocks=(block, Text(text="Nothing was filed yet.")))


def _ways_out(asked: Asked, path: Path) -> list[Choice]:
    """Return how *path* can end: for a team, the person leaves it or the repository does."""
    user, repo = asked.user, asked.repo.name
    if path.via == "direct":
        line = f"revoke-push {asked.args.user} {repo} --direct{asked.because}"
        return [Choice(label="take away the direct grant", line=line)]
    if not path.via.startswith("team "):
        return []
    slug = path.via.removeprefix("team ")
    access = asked.access
    mine = lost(access, access.of(user.login), path.via)
    theirs = lost(access, access.to(repo), path.via)
    return [
        Choice(
            label=f"take {user.name} out of {slug} (loses {len(mine)})",
            line=f"teams remove {slug} {user.login}{asked.because}",
        ),
        Choice(
            label=f"take {repo} out of {slug} ({people(len(theirs))} lose{'s' if len(theirs) == 1 else ''})",
            line=f"teams remove {slug} --repo {repo}{asked.because}",
        ),
    ]


REVOKE_PUSH = Command(
    "revoke-push",
    "Take push access away",
    Args,
    run,
    examples=("revoke-push organiser-1 website", "revoke-push organiser-1 ironcage --direct"),
    group="Access",
    changes=(COLLABORATOR.name, "github.team_*"),  # a team's by the choices it offers
)
