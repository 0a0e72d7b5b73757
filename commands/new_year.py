"""``new-year``: all that a year's website needs, as one plan of what is missing."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field

from bot.core.board import Service
from bot.core.change import Change, Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import moment
from bot.core.errors import Refused, UsageError
from bot.core.people import listed
from bot.core.reply import Notice, Reply, Text
from bot.core.values import Json
from bot.core.vendor import Resource
from integrations.dnsimple import DEFAULT_TTL, DNSIMPLE, RECORD, RecordSet, fitting, record_of, target
from integrations.github import (
    APPROVED,
    GITHUB,
    PAGES,
    REPOSITORY,
    TEAM_REPO,
    TEMPLATE,
    GithubReads,
    NewRepository,
    Pages,
    Repository,
    TeamRepo,
    Template,
    people,
)

AHEAD = 2  # years; further is a slip of the finger


class Args(BaseModel):
    """Which year."""

    year: Annotated[int, Arg("YEAR", positional=True, label="Which year")]
    template: Annotated[
        str | None, Arg("REPO", completes="repositories", label="Copied from; last year's when empty")
    ] = None
    dry_run: Annotated[bool, Arg(label="Only show what would be asked")] = Field(False, alias="dry-run")


@dataclass(frozen=True)
class Asked:
    """What was asked, with everything looked up."""

    year: int
    ctx: Context
    reads: GithubReads
    template: Repository
    there: Repository | None
    last: Repository | None

    @property
    def name(self) -> str:
        """Return what the site is called: its repository, and its address."""
        return _site(self.year, self.ctx)


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan what is missing, in the order in which one thing needs another; or only show it."""
    _check_year(args, ctx)
    asked = await _asked(args, ctx)
    changes = [change async for change in _changes(asked)]
    if not changes:
        return _complete(asked)
    plan = Plan(
        title=f"Website of {asked.year}: {asked.name}",
        changes=tuple(changes),
        gains=tuple(await _gains(asked, changes)),
        notes=tuple(await _notes(asked, changes)),
        wide=True,
    )
    return _shown(plan, args) if args.dry_run else plan


def _check_year(args: Args, ctx: Context) -> None:
    now = ctx.now.astimezone(ctx.organisation.zone).year
    if args.year < now:
        raise UsageError(f"{args.year} is over.", f"`new-year {now + 1}` is the next.", "year")
    if args.year > now + AHEAD:
        raise UsageError(f"{args.year} is far ahead.", f"Did you mean {now + 1}?", "year")


def _site(year: int, ctx: Context) -> str:
    return f"{year}.{ctx.organisation.domain}"


async def _asked(args: Args, ctx: Context) -> Asked:
    """Look up the repository, last year's, and which one is copied."""
    reads = ctx.reads(GITHUB)
    known = {repository.name.lower(): repository for repository in await reads.repositories()}
    there = known.get(_site(args.year, ctx).lower())
    if there and there.archived:
        raise Refused(f"{there.name} is archived.", "An owner unarchives it first: on GitHub, its Settings.")
    earlier = (known.get(_site(year, ctx).lower()) for year in range(args.year - 1, args.year - 10, -1))
    last = next((repository for repository in earlier if repository), None)
    said = args.template or ctx.organisation.services.get("website", Service()).template
    template = known.get(said.lower()) if said else last
    if template is None:
        missing = f"no repository `{said[:100]}`" if said else "no earlier year's repository"
        hint = f"Name another: `new-year {args.year} --template REPO`."
        raise Refused(f"{reads.org} has {missing} to copy.", hint)
    return Asked(args.year, ctx, reads, template, there, last)


async def _changes(asked: Asked) -> AsyncIterator[Change]:
    """Yield what is missing: what is waited for comes last, so that it holds up nothing else."""
    ctx, name = asked.ctx, asked.name
    if asked.there is None:
        if not asked.template.template:
            yield await ctx.change(TEMPLATE, asked.template.name, Template())
        new = NewRepository(template=asked.template.name, private=asked.template.private)
        yield await ctx.change(REPOSITORY, name, new)
    for team in await asked.reads.teams():
        level = team.repositories.get(asked.last.name) if asked.last else None
        if level and name not in team.repositories:
            yield await ctx.change(TEAM_REPO, f"{team.slug}/{name}", TeamRepo(level=level))
    live, first = await _published(asked)
    if live is None:
        yield await ctx.change(PAGES, name, first)
    if ctx.has(DNSIMPLE) and (record := await _record(asked)):
        yield record
    if (first.domain, first.https) != (name, True):
        after = first.model_copy(update={"domain": name, "certificate": APPROVED, "https": True})
        whole = Change(resource=PAGES.name, target=name, before=_json(first), after=_json(after))
        for step in PAGES.steps(whole):
            yield step


def _json(state: Pages) -> Json:
    return state.model_dump(mode="json")


async def _published(asked: Asked) -> tuple[Pages | None, Pages]:
    """Return how the repository is published, and how it is before it has its name: built as last year's."""
    live = await asked.reads.pages(asked.name) if asked.there else None
    if live:
        return live, live
    model = await asked.reads.pages(asked.last.name) if asked.last else None
    if model and model.build == "workflow":
        return None, Pages(build="workflow")
    branch = (asked.there or asked.template).default_branch
    return None, Pages(branch=branch, path=model.path if model else "/")


async def _record(asked: Asked) -> Change | None:
    """Return the record that leads to GitHub, unless it is there; Refused when the name leads elsewhere."""
    ctx, name, host = asked.ctx, asked.name, f"{asked.reads.org.lower()}.github.io"
    reads = ctx.reads(DNSIMPLE)
    here = {entry.type: entry for entry in await reads.at(name)}
    if "CNAME" in here:
        if here["CNAME"].records.records[0].content == host:
            return None
        raise Refused(
            f"{name} leads elsewhere: {here['CNAME'].records.words}.",
            f"`dns change {name} {host}` leads it to GitHub; then ask again.",
        )
    fitting("CNAME", name, reads.zone, here)
    record = record_of("CNAME", name, host, DEFAULT_TTL, None)
    return await ctx.change(RECORD, target(name, "CNAME"), RecordSet.of([record]))


async def _gains(asked: Asked, changes: Sequence[Change]) -> list[str]:
    """Return who may do what on the new repository."""
    granted = {c.target.partition("/")[0]: TeamRepo.model_validate(c.after) for c in _of(TEAM_REPO, changes)}
    return [
        f"*{people(len(team.members))}* in {team.slug}: {granted[team.slug].level.value} on *{asked.name}*"
        for team in await asked.reads.teams()
        if team.slug in granted
    ]


def _of(resource: Resource[Any, Any], changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if change.resource == resource.name]


async def _notes(asked: Asked, changes: Sequence[Change]) -> list[str]:
    """Return what a decider should know beyond the changes."""
    notes = [await _tested(asked)] if _of(REPOSITORY, changes) else []
    if not asked.ctx.has(DNSIMPLE):
        host = f"{asked.reads.org.lower()}.github.io"
        notes.append(f"*DNSimple is not set up here:* add the CNAME {asked.name} → {host} by hand, first")
    if _of(PAGES, changes):
        notes.append(
            "HTTPS waits for GitHub's certificate: mostly within an hour, at most a day; it goes on by itself"
        )
    if asked.last:
        notes += await _still_given(asked, asked.last.name)
    stay = f"Visitors stay where they are until `switch-year {asked.year}`"
    return notes if asked.there else [*notes, stay]


async def _tested(asked: Asked) -> str:
    """Return what tests and deploys the new repository."""
    files = await asked.reads.workflows(asked.template.name)
    if files:
        return f"Its workflows come with it: {listed(files, 'and')}"
    return f"*{asked.template.name} has no workflow:* nothing tests what is pushed until somebody adds one"


async def _still_given(asked: Asked, last: str) -> list[str]:
    """Return who was given access to last year's repository alone, and what of it ends by itself."""
    ends = {c.target: grant for grant in await asked.ctx.requests.grants() for c in grant.ending}
    notes, lasting = [], []
    for path in (await asked.reads.access()).to(last):
        grant = ends.get(f"{last}/{path.login}")
        if path.via == "direct" and grant:
            end = moment(grant.ends_at, asked.ctx.organisation.zone)
            notes.append(f"{path.login} has {path.level.value} on {last} until {end} (#{grant.number})")
        elif path.via == "direct":
            lasting.append(path.login)
    if lasting:
        who = listed(lasting, "and")
        notes.append(f"*Given on {last} alone, without an end:* {who}; `revoke-push USER {last}` ends it")
    return notes


def _complete(asked: Asked) -> Reply:
    """Say that nothing is missing."""
    said = f"*{asked.name}* has its repository, its name and its certificate. Nothing was filed."
    after = f"`switch-year {asked.year}` sends visitors there."
    return Reply(
        title=f"The website of {asked.year} is all set up",
        blocks=(Notice(level="good", text=said), Text(text=after)),
    )


def _shown(plan: Plan, args: Args) -> Reply:
    """Show what would be asked, and file nothing."""
    steps = [f"{number}. {change.words}" for number, change in enumerate(plan.changes, 1)]
    who = [f"• {gain}" for gain in plan.gains]
    facts = [f"{note}." for note in plan.notes]
    blocks = [Text(text="\n".join(lines)) for lines in (steps, who, facts) if lines]
    end = Notice(level="good", text=f"Nothing was filed. `new-year {args.year}` asks the owners for it.")
    return Reply(title=f"{plan.title}: {len(steps)} steps", blocks=(*blocks, end))


NEW_YEAR = Command(
    "new-year",
    "Set up a year's website",
    Args,
    run,
    examples=("new-year 2027 --dry-run", "new-year 2027 because the call for proposals opens soon"),
    group="DNS",
)
