"""``dns change``: let a name point somewhere else, for longer or shorter, or be of another type."""

import shlex
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.grammar import hint
from bot.core.reply import Reply
from bot.core.values import Value
from commands.dns.zone import (
    Name,
    Ttl,
    absent,
    already,
    entries,
    meant,
    notes,
    pointing,
    types,
    which_record,
    which_type,
)
from integrations.dnsimple import (
    DEFAULT_TTL,
    DNSIMPLE,
    RECORD,
    DnsimpleReads,
    Entry,
    Record,
    RecordSet,
    bold,
    fitting,
    record_of,
    remembered,
    target,
    type_of,
)

ADDRESSES = {"A", "AAAA"}
LEADING = ADDRESSES | {"ALIAS", "CNAME", "URL"}  # the types that say where a name leads


class Args(Value):
    """Which record, and what of it is new."""

    name: Name
    content: Annotated[str | None, Arg("CONTENT", positional=True, label="What it points at from now on")] = (
        None
    )
    type: Annotated[str | None, Arg("TYPE", completes="types", label="Which type, also a new one")] = None
    old: Annotated[str | None, Arg("CONTENT", label="Which content now, if several")] = Field(
        None, alias="from"
    )
    ttl: Annotated[Ttl | None, Arg("TTL", label="How long others remember it, such as 1h")] = None
    priority: Annotated[int | None, Arg("N", label="Priority, for MX and SRV")] = None


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan a change in place, or of the type; ask which record is meant when it is not plain."""
    reads = ctx.reads(DNSIMPLE)
    full, here = await entries(reads, args.name)
    if not here:
        raise await absent(reads, full)
    if (args.content, args.ttl, args.priority) == (None, None, None):
        raise UsageError("Say what is new: where it points, `--ttl` or `--priority`.", hint(CHANGE))
    kind = type_of(args.type) if args.type else None
    mine = [entry for entry in here if kind in {None, entry.type}]
    if kind and not mine:
        return await _turned(args, ctx, reads, full, kind, here)
    if len(mine) > 1:
        return which_type(mine, f"{_line(args)} --type ")
    return await _in_place(args, ctx, mine[0])


async def _in_place(args: Args, ctx: Context, entry: Entry) -> Reply | Plan:
    """Plan new contents, TTLs or priorities of records that stay what they are."""
    records = entry.records.records
    all_of_them = args.content is None and args.priority is None and args.old is None
    if len(records) > 1 and not all_of_them and args.old is None:
        return which_record(entry, f"{_line(args)} --from ")
    old = records if all_of_them else (meant(entry, args.old) if args.old else records[0],)
    new = [_renewed(args, entry, each) for each in old]
    after = RecordSet.of((*(each for each in records if each not in old), *new))
    if after == entry.records:
        return already(
            f"{entry.name} is so already", f"{bold(entry.name)} {entry.type}: {entry.records.words}."
        )
    known = await pointing(ctx, entry.name, entry.type, new[0].content) if args.content else ()
    change = await ctx.change(RECORD, entry.target, after)
    return Plan(
        title=f"{entry.name}: {entry.type} {_what(args)}",
        changes=(change,),
        notes=(*(notes(entry.type, entry.name) if args.content else ()), *known, *remembered([change])),
    )


def _renewed(args: Args, entry: Entry, old: Record) -> Record:
    content, ttl = args.content or old.content, old.ttl if args.ttl is None else args.ttl
    priority = old.priority if args.priority is None else args.priority
    return record_of(entry.type, entry.name, content, ttl, priority)


def _what(args: Args) -> str:
    """Return what becomes new, for a title."""
    if args.content:
        return f"points at {args.content}"
    return "is remembered for another time" if args.ttl is not None else "gets another priority"


async def _turned(
    args: Args, ctx: Context, reads: DnsimpleReads, full: str, kind: str, here: Sequence[Entry]
) -> Plan:
    """Plan that a name changes its type: what it was goes, then what it becomes comes, or all is put back."""
    leaving = LEADING - (ADDRESSES if kind in ADDRESSES else set())
    gone = [entry for entry in here if entry.type in leaving] if kind in LEADING else []
    if not gone:
        raise UsageError(f"{full} has no {kind}, but {types(here)}.", f"`dns add {full} {kind} …` adds one.")
    if args.content is None:
        raise UsageError(f"Say what the {kind} points at.", hint(CHANGE))
    fitting(kind, full, reads.zone, (entry.type for entry in here if entry not in gone))
    ttl = args.ttl if args.ttl is not None else gone[0].records.records[0].ttl
    record = record_of(kind, full, args.content, ttl or DEFAULT_TTL, args.priority)
    known = await pointing(ctx, full, kind, record.content)
    afters = {**{entry.target: None for entry in gone}, target(full, kind): RecordSet.of([record])}
    changes = await ctx.changes(RECORD, afters)
    gap = (
        f"DNSimple changes no type in place: *between the steps, for some seconds, {full} leads nowhere*; "
        "who asks just then may remember that for up to 5 minutes."
    )
    back = "If the last step fails, what was there is put back."
    return Plan(
        title=f"{full}: {types(gone)} becomes {kind}",
        changes=changes,
        notes=(gap, back, *notes(kind, full), *known, *remembered(changes)),
        on_failure="restore",
    )


def _line(args: Args) -> str:
    """Return the line that was said, to be completed."""
    words = ["dns change", shlex.quote(args.name)]
    words += [shlex.quote(args.content)] if args.content else []
    options = {"type": args.type, "from": args.old, "ttl": args.ttl, "priority": args.priority}
    words += [f"--{name} {shlex.quote(str(said))}" for name, said in options.items() if said is not None]
    return " ".join(words)


CHANGE = Command(
    "dns change",
    "Point a name somewhere else",
    Args,
    run,
    examples=(
        "dns change 2026 pyconuk.github.io",
        "dns change 2014 pyconuk.github.io --type CNAME",
        "dns change mail --from mx2.example.org --priority 30",
    ),
    group="DNS",
    changes=(RECORD.name,),
)
