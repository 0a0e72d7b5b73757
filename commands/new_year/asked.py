"""What ``new-year`` was asked, and what is there of it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.core.board import Service
from bot.core.command import Arg, Context
from bot.core.errors import Refused, UsageError
from bot.core.values import Value
from integrations.github import GITHUB, GithubReads, Repository

AHEAD = 2  # years; further is a slip of the finger


class Args(Value):
    """Which year."""

    year: Annotated[int, Arg("YEAR", positional=True, label="Which year")]
    template: Annotated[
        str | None, Arg("REPO", completes="repositories", label="Copied from; last year's when empty")
    ] = None
    event: Annotated[
        str | None, Arg("EVENT", completes="conferences", label="Whose tickets; found by its date when empty")
    ] = None
    keep_grants: Annotated[bool, Arg(label="Leave who was given access to last year's site alone")] = Field(
        False, alias="keep-grants"
    )
    dry_run: Annotated[bool, Arg(label="Only show what would be asked")] = Field(False, alias="dry-run")


@dataclass(frozen=True)
class Asked:
    """What was asked, with everything looked up."""

    args: Args
    ctx: Context
    reads: GithubReads
    template: Repository
    there: Repository | None
    last: Repository | None

    @property
    def year(self) -> int:
        """Return which year it is about."""
        return self.args.year

    @property
    def name(self) -> str:
        """Return what the site is called: its repository, and its address."""
        return _site(self.year, self.ctx)


def _check_year(args: Args, ctx: Context) -> None:
    now = ctx.now.astimezone(ctx.organisation.zone).year
    if args.year < now:
        raise UsageError(f"{args.year} is over.", f"`new-year {now + 1}` is the next.", "year")
    if args.year > now + AHEAD:
        raise UsageError(f"{args.year} is far ahead.", f"Did you mean {now + 1}?", "year")


def _site(year: int, ctx: Context) -> str:
    return f"{year}.{ctx.organisation.domain}"


async def asked_for(args: Args, ctx: Context) -> Asked:
    """Look up the repository, last year's, and which one is copied; UsageError for a year that cannot be."""
    _check_year(args, ctx)
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
    return Asked(args, ctx, reads, template, there, last)
