"""``keys leaver``: what to do when somebody leaves: who else gets in, where they go, what to rotate."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.keys import ENOUGH, Door
from bot.core.names import person, suggestion
from bot.core.people import listed
from bot.core.reply import Block, Notice, Reply, Text
from bot.core.secret import accounts
from bot.core.values import Value
from commands.keys.doors import doors, openings
from integrations.keys import KEYS


class Args(Value):
    """Who."""

    name: Annotated[str, Arg("NAME", positional=True, completes="people", label="Who leaves")]


async def run(args: Args, ctx: Context) -> Reply:
    """Show in order what to do: first others get in, then they are taken out, then secrets are made anew."""
    somebody = person(args.name, ctx.people)
    if somebody is None:
        hint = suggestion(args.name, (each.name for each in ctx.people)) or "`people` lists everybody."
        raise UsageError(f"{args.name[:40]} is not in our people.", hint, "name")
    name, today = somebody.name, ctx.now.astimezone(ctx.organisation.zone).date()
    mine = [each for each in await doors(ctx) if name in _able(each)]
    return Reply(
        title=f"When {name} leaves",
        blocks=(*_first(mine, name, today), *_then(mine, name), *await _last(name, mine, ctx)),
        private=True,
    )


def _able(door: Door) -> set[str]:
    return {*door.unproved, *(proof.person for proof in door.proofs)}


def _first(mine: Sequence[Door], name: str, today: date) -> list[Block]:
    """Return where too few would be left who are known to get in."""
    found = []
    for door in mine:
        others = [proof.person for proof in door.fresh(today) if proof.person != name]
        if len(others) < ENOUGH:
            left = f"only {others[0]} is" if others else "nobody is"
            found.append(f"{door.title}: then {left} known to get in")
    if not found:
        return [Notice(level="good", text="Everywhere they get in at least two others do.")]
    how = "Before that, others log in there and say so (`keys attest VENDOR`):"
    return [Notice(level="bad", text="\n".join([how, *(f"• {each}" for each in found)]))]


def _then(mine: Sequence[Door], name: str) -> list[Block]:
    """Return where to take them out."""
    if not mine:
        return [Text(text=f"Nobody knows of a place where {name} gets in.")]
    titles = listed((door.title for door in mine), "and")
    ways = (
        f"*Take {name} out* at {titles}: `people remove {name}` plans what the bot can, and lists the rest."
    )
    return [Text(text=ways)]


async def _last(name: str, mine: Sequence[Door], ctx: Context) -> list[Block]:
    """Return what to make anew, since whoever leaves keeps what they saw.

    These are the secrets that were made in their account, or where they get in, or nobody knows where.
    """
    secrets = await ctx.reads(KEYS).secrets()
    whose = accounts(await ctx.reads(KEYS).accounts(), secrets, ctx.people)
    inside = {door.name for door in mine}
    reasons = {
        "made in their account": [each for each in secrets if name in whose.get(each.vendor, ())],
        "of places where they get in": [each for each in secrets if each.vendor in inside],
        "of which nobody knows in whose account they were made": [
            each for each in secrets if each.vendor not in whose
        ],
    }
    vaults = [vault for vault, people in (await openings(ctx)).items() if name in people]
    lines = [f"• everything in the vault {vault}, which they could open" for vault in vaults]
    lines += [
        f"• the bot's secrets {reason}: {listed((each.name for each in found), 'and')}"
        for reason, found in reasons.items()
        if found
    ]
    if not lines:
        return [Text(text=f"Nobody knows of a secret that {name} saw.")]
    how = (
        "Each as docs/operations.md says, *Rotate a secret*; `infra check` proves the new ones, "
        "`keys rotated NAME` keeps the day."
    )
    return [Text(text="\n".join([f"*Make anew*, since {name} keeps what they saw:", *lines, how]))]


LEAVER = Command(
    "keys leaver",
    "What to do when somebody leaves, in order",
    Args,
    run,
    examples=("keys leaver helper-1",),
    group="Services",
)
