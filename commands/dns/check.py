"""``dns check``: whether the zone looks from outside as it should."""

from asyncio import gather
from collections.abc import Sequence
from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.people import Role
from bot.core.reply import Block, Notice, Progress, Reply, Table, Text
from bot.core.takeover import Held
from bot.core.values import Value
from commands.dns.show import one_person
from commands.dns.zone import absent, entries
from integrations.dnsimple import DNSIMPLE, DnsimpleReads, Entry


class Args(Value):
    """One name, or all."""

    name: Annotated[str | None, Arg("NAME", positional=True, completes="names", label="Which name")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Ask each name server for each record, and fetch the sites behind them."""
    reads = ctx.reads(DNSIMPLE)
    found = tuple(entry for entry in await reads.entries() if not entry.system)
    if args.name is not None:
        full, found = await entries(reads, args.name)
        if not found:
            raise await absent(reads, full)
    servers = await reads.servers()
    await ctx.report(Progress(text=f"Asking {len(servers)} name servers about {len(found)} names …"))
    looked = zip(found, await gather(*map(reads.amiss, found)), strict=True)
    wrong = [(entry, amiss) for entry, amiss in looked if amiss]
    names = {entry.name for entry in found}
    held = [each for each in await ctx.names.held() if each.pointing.name in names]
    return _said(reads, found, wrong, len(servers), held)


def _said(
    reads: DnsimpleReads,
    found: Sequence[Entry],
    wrong: Sequence[tuple[Entry, list[str]]],
    servers: int,
    held: Sequence[Held],
) -> Reply:
    good = len(found) - len(wrong)
    said = f"{good} of {len(found)} are from outside as they should be, on all {servers} name servers."
    blocks: list[Block] = [Notice(level="warning" if wrong else "good", text=said)]
    if wrong:
        rows = tuple((entry.name, entry.type, "; ".join(amiss)) for entry, amiss in wrong)
        blocks.append(Table(columns=("Name", "Type", "What is wrong"), rows=rows))
    blocks += [Notice(level="warning", text=text) for text in one_person(found, reads)]
    danglers = [each for each in held if each.ours is False]
    blocks += [Notice(level="bad", text=each.words) for each in danglers]
    blocks += [Text(text=each.words) for each in held if each.ours is None]
    amiss = {entry.name for entry, _ in wrong} | {each.pointing.name for each in danglers}
    ending = f"{len(amiss)} to look at" if amiss else "all is well from outside"
    return Reply(title=f"{reads.zone}: {ending}", blocks=tuple(blocks))


CHECK = Command(
    "dns check",
    "Whether our names work from outside",
    Args,
    run,
    examples=("dns check", "dns check 2026"),
    role=Role.READER,
    group="DNS",
)
