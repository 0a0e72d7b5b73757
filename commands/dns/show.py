"""``dns show``: what the zone's names point at."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.people import Role, listed
from bot.core.reply import Block, Notice, Reply, Table, Text
from bot.core.values import Value
from commands.dns.zone import absent, entries
from integrations.dnsimple import DNSIMPLE, DnsimpleReads, Entry, lifetime


class Args(Value):
    """One name, or all."""

    name: Annotated[str | None, Arg("NAME", positional=True, completes="names", label="Which name")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show all records, or those of one name."""
    reads = ctx.reads(DNSIMPLE)
    if args.name is None:
        found = [entry for entry in await reads.entries() if not entry.system]
        return _shown(
            f"{len(found)} names and types in {reads.zone}", found, reads, await reads.current_year()
        )
    full, here = await entries(reads, args.name)
    if not here:
        raise await absent(reads, full)
    return _shown(full, here, reads, await reads.current_year())


def _shown(title: str, found: Sequence[Entry], reads: DnsimpleReads, year: str | None) -> Reply:
    rows = tuple(row for entry in found for row in _rows(entry, reads, year))
    blocks: list[Block] = [Table(columns=("Name", "Type", "Content", "TTL", "About"), rows=rows)]
    blocks += [Notice(level="warning", text=text) for text in one_person(found, reads)]
    blocks.append(Text(text="`dns check` asks the name servers whether it is so."))
    return Reply(title=title, blocks=tuple(blocks))


def _rows(entry: Entry, reads: DnsimpleReads, year: str | None) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a set: the name stands before its first record."""
    about = reads.one_person(entry) or ("the current year" if entry.name == year else "")
    for at, each in enumerate(entry.records.records):
        rank = "" if each.priority is None else f"{each.priority} "
        first = (entry.name, entry.type) if at == 0 else ("", "")
        yield (*first, f"{rank}{each.content}", lifetime(each.ttl), about if at == 0 else "")


def one_person(found: Sequence[Entry], reads: DnsimpleReads) -> list[str]:
    """Return which names depend on one person."""
    hosts: dict[str, list[str]] = {}
    for entry in found:
        if host := reads.one_person(entry):
            hosts.setdefault(host, []).append(entry.name)
    return [
        f"*{len(names)} depend on one person* ({host}): {listed(names, 'and')}."
        if len(names) > 1
        else f"*{names[0]} depends on one person*: {host}."
        for host, names in hosts.items()
    ]


SHOW = Command(
    "dns show",
    "What our names point at",
    Args,
    run,
    examples=("dns", "dns show 2026"),
    role=Role.READER,
    group="DNS",
)
