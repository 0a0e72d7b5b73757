"""``dns remove``: take a record away."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.reply import Reply
from bot.core.values import Value
from commands.dns.zone import Name, absent, entries, meant, types, which_type, without
from integrations.dnsimple import DNSIMPLE, RECORD, remembered, type_of


class Args(Value):
    """Which record, or all of one type."""

    name: Name
    type: Annotated[str | None, Arg("TYPE", positional=True, completes="types", label="Which type")] = None
    content: Annotated[str | None, Arg("CONTENT", positional=True, label="Which content, if several")] = None


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan that the records of a name and type go, or one of them."""
    reads = ctx.reads(DNSIMPLE)
    full, here = await entries(reads, args.name)
    if not here:
        raise await absent(reads, full)
    kind = type_of(args.type) if args.type else None
    mine = [entry for entry in here if kind in {None, entry.type}]
    if not mine:
        raise UsageError(f"{full} has no {kind} record.", f"It has {types(here)}: `dns show {full}`.")
    if len(mine) > 1:
        return which_type(mine, f"dns remove {full} ")
    entry = mine[0]
    after = without(entry, meant(entry, args.content)) if args.content else None
    change = await ctx.change(RECORD, entry.target, after)
    lost = () if after or len(here) > 1 else (f"*Nobody reaches {full} by its name any more.*",)
    return Plan(
        title=f"{full}: {'one' if after else 'no'} {entry.type} record {'less' if after else 'any more'}",
        changes=(change,),
        losses=lost,
        notes=remembered([change]),
        wide=after is None and len(entry.records.records) > 1,
    )


REMOVE = Command(
    "dns remove",
    "Take a record away",
    Args,
    run,
    examples=("dns remove talks", "dns remove mail MX mx2.example.org"),
    group="DNS",
    changes=(RECORD.name,),
)
