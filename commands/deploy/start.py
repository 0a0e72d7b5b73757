"""``deploy NAME``: start its build or deploy, now or at a time, and follow it to its end."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import starting
from bot.core.grammar import hint
from bot.core.reply import Progress, Reply
from bot.core.run import Run
from bot.core.values import Value
from commands.deploy.status import shown
from commands.deploy.what import find

LATE = "What is published is what it holds then, posts dated until then included"


class Args(Value):
    """What, of which year, and when."""

    name: Annotated[str | None, Arg("NAME", positional=True, completes="deploys", label="What")] = None
    year: Annotated[int | None, Arg("YEAR", label="Of which year; empty for the current one")] = None
    at: Annotated[
        str | None, Arg("TIME", label="When, such as 09:00 or 2026-12-01T09:00; at once if empty")
    ] = None


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan one run; without a name show what ran lately."""
    if args.name is None:
        return await shown(ctx)
    run_at = starting(args.at, ctx.now, ctx.organisation.zone, hint(START))
    found = await find(args.name, args.year, ctx)
    await ctx.report(Progress(text=f"Looking at {found.title} …"))
    way = await found.by.way(found.of, found.source)
    changes = await ctx.planner(way.resource, {way.target: Run()})
    late = (LATE,) if run_at and not way.fixed else ()
    return Plan(title=f"Deploy {found.name}", changes=changes, notes=(*way.notes, *late), run_at=run_at)


START = Command(
    "deploy",
    "Build and deploy a service, and follow it to its end",
    Args,
    run,
    examples=(
        "deploy website",
        "deploy docs because a page was corrected",
        "deploy website --at 09:00",
        "deploy voting",
    ),
    group="Services",
    changes=("*.workflow_run", "*.build", "*.build_request"),
)
