"""``new-year``: what a year's website needs and what turns with the year, as one plan of what is missing."""

from collections.abc import Sequence

from bot.core.change import Plan
from bot.core.command import Command, Context
from bot.core.reply import Notice, Reply, Text
from commands.new_year import turning, website
from commands.new_year.asked import Args, Asked, asked_for
from integrations.dnsimple import RECORD
from integrations.github import COLLABORATOR, PAGES, REPOSITORY, TEAM_REPO, TEMPLATE, WORKFLOW_RUN
from integrations.sales import EVENT


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan what is missing, in the order in which one thing needs another; or only show it."""
    asked = await asked_for(args, ctx)
    turns = (await turning.grants(asked), await turning.tickets(asked))
    beside = [note for turn in turns for note in turn.notes]
    changes = [step async for step in website.changes(asked, [c for turn in turns for c in turn.changes])]
    if not changes:
        return await _complete(asked, beside)
    plan = Plan(
        title=f"Website of {asked.year}: {asked.name}",
        changes=tuple(changes),
        gains=tuple(await website.gains(asked, changes)),
        losses=tuple(loss for turn in turns for loss in turn.losses),
        notes=(*await website.notes(asked, changes), *beside),
        wide=True,
    )
    return _shown(plan, args) if args.dry_run else plan


async def _complete(asked: Asked, beside: Sequence[str]) -> Reply:
    """Say that nothing is missing, and what else there is to know."""
    assert asked.there is not None
    said = f"*{asked.name}* has its repository, its name and its certificate. Nothing was filed."
    after = f"`switch-year {asked.year}` sends visitors there."
    facts = [
        f"{note}."
        for note in (await website.tested(asked, asked.there), *await website.unverified(asked), *beside)
    ]
    return Reply(
        title=f"The website of {asked.year} is all set up",
        blocks=(Notice(level="good", text=said), Text(text="\n".join([*facts, after]))),
    )


def _shown(plan: Plan, args: Args) -> Reply:
    """Show what would be asked, and file nothing."""
    steps = [f"{number}. {change.words}" for number, change in enumerate(plan.changes, 1)]
    who = [f"• {each}" for each in (*plan.gains, *plan.losses)]
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
    changes=(
        REPOSITORY.name,
        TEMPLATE.name,
        TEAM_REPO.name,
        PAGES.name,
        WORKFLOW_RUN.name,
        RECORD.name,
        COLLABORATOR.name,
        EVENT.name,
    ),
)
