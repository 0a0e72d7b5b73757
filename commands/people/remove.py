"""``people remove``: take somebody out of our list."""

from typing import Annotated

from pydantic import BaseModel

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.names import person, suggestion
from bot.core.people import Person
from integrations.github import GITHUB, Level
from integrations.people import PERSON


class Args(BaseModel):
    """Who."""

    name: Annotated[str, Arg("NAME", positional=True, completes="people")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan that a person leaves; say what they keep elsewhere."""
    somebody = person(args.name, ctx.people)
    if somebody is None:
        hint = suggestion(args.name, (p.name for p in ctx.people)) or "`people` lists everybody."
        raise UsageError(f"{args.name} is not in our people.", hint)
    return Plan(
        title=f"Take {somebody.name} out of our people",
        changes=(await ctx.change(PERSON, somebody.name, None),),
        losses=(f"{somebody.name}: can ask the bot for nothing any more",),
        notes=await _kept(somebody, ctx),
    )


async def _kept(somebody: Person, ctx: Context) -> tuple[str, ...]:
    """Return what the person can still do on GitHub."""
    if somebody.github is None or not ctx.has(GITHUB):
        return ()
    access = await ctx.reads(GITHUB).access()
    archived = {repository.name for repository in access.repositories if repository.archived}
    kept = {path.repo for path in access.of(somebody.github) if path.level >= Level.WRITE} - archived
    if not kept:
        return ()
    count = f"{len(kept)} repositor{'y' if len(kept) == 1 else 'ies'}"
    return (f"*Still can push to {count}* on GitHub: `access {somebody.github}` shows why.",)


REMOVE = Command(
    "people remove",
    "Take somebody out of our list",
    Args,
    run,
    examples=("people remove helper-1",),
    group="People",
)
