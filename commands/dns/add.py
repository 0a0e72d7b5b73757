"""``dns add``: a new record."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused
from bot.core.reply import Reply
from bot.core.values import Value
from commands.dns.zone import Name, Ttl, already, entries, notes, pointing
from integrations.dnsimple import (
    DEFAULT_TTL,
    DNSIMPLE,
    RECORD,
    RecordSet,
    bold,
    fitting,
    record_of,
    target,
    type_of,
)

ONLY_ONE = {"ALIAS", "CNAME", "URL"}


class Args(Value):
    """The record."""

    name: Name
    type: Annotated[str, Arg("TYPE", positional=True, completes="types", label="Which type")]
    content: Annotated[str, Arg("CONTENT", positional=True, label="What it points at")]
    ttl: Annotated[Ttl, Arg("TTL", label="How long others remember it, such as 1h")] = DEFAULT_TTL
    priority: Annotated[int | None, Arg("N", label="Priority, for MX and SRV")] = None


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan one more record; say so when it is there already."""
    reads, kind = ctx.reads(DNSIMPLE), type_of(args.type)
    full, here = await entries(reads, args.name)
    record = record_of(kind, full, args.content, args.ttl, args.priority)
    mine = next((entry for entry in here if entry.type == kind), None)
    there = mine.records.records if mine else ()
    if any((each.content, each.priority) == (record.content, record.priority) for each in there):
        return already(
            f"{full} is so already", f"{bold(full)} has this {kind} record: {RecordSet(records=there).words}."
        )
    fitting(kind, full, reads.zone, (entry.type for entry in here))
    if there and kind in ONLY_ONE:
        raise Refused(
            f"{full} has a {kind} already: {there[0].words}.",
            f"Change where it points: `dns change {full} {record.content}`.",
        )
    known = await pointing(ctx, full, kind, record.content)
    change = await ctx.change(RECORD, target(full, kind), RecordSet.of((*there, record)))
    return Plan(title=f"{full}: a new {kind} record", changes=(change,), notes=(*notes(kind, full), *known))


ADD = Command(
    "dns add",
    "Add a record",
    Args,
    run,
    examples=(
        "dns add 2027 CNAME pyconuk.github.io",
        "dns add talks URL https://2026.pyconuk.org/talks --ttl 5m",
    ),
    group="DNS",
    changes=(RECORD.name,),
)
