"""``switch-year``: send the visitors of the apex and www to another year's site."""

from datetime import timedelta
from typing import Annotated

from bot.core.change import Action, Change, Plan
from bot.core.command import Arg, Command, Context
from bot.core.duration import starting
from bot.core.errors import Refused
from bot.core.grammar import hint
from bot.core.reply import Notice, Reply
from bot.core.values import Value
from integrations.dnsimple import (
    DNSIMPLE,
    RECORD,
    DnsimpleReads,
    Record,
    RecordSet,
    fitting,
    remembered,
    target,
)

WAY_BACK = timedelta(days=7)


class Args(Value):
    """Which year, and when."""

    year: Annotated[int, Arg("YEAR", positional=True, label="To which year")]
    at: Annotated[
        str | None, Arg("TIME", label="When, such as 09:00 or 2026-12-01T09:00; at once if empty")
    ] = None


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan both redirects; that the site answers over HTTPS is checked when filed and before it switches."""
    reads = ctx.reads(DNSIMPLE)
    run_at = starting(args.at, ctx.now, ctx.organisation.zone, hint(SWITCH_YEAR))
    site = f"{args.year}.{reads.zone}"
    if not await reads.at(site):
        raise Refused(f"{site} has no records: there is no such site.", f"`new-year {args.year}` makes it.")
    found = [await _sent_to(site, name, ctx, reads) for name in (reads.zone, f"www.{reads.zone}")]
    changes = tuple(change for change in found if change and change.action is not Action.NONE)
    if not changes:
        said = f"*{reads.zone}* and *www.{reads.zone}* lead to https://{site} already. Nothing was filed."
        return Reply(title=f"{args.year} is the current year", blocks=(Notice(level="good", text=said),))
    return Plan(
        title=f"{reads.zone} leads to {site}",
        changes=changes,
        gains=(f"Who visits {reads.zone} arrives at *{site}*",),
        notes=(
            f"https://{site} is looked at once more just before.",
            *remembered(changes),
            "*Way back:* for a week one owner's *Undo* on this card",
        ),
        wide=True,
        run_at=run_at,
        on_failure="restore",
        back_within=WAY_BACK,
    )


async def _sent_to(site: str, name: str, ctx: Context, reads: DnsimpleReads) -> Change | None:
    """Return the change of one redirect; None where nothing leads anywhere yet: that is not begun here."""
    here = {entry.type: entry for entry in await reads.at(name) if not entry.system}
    if "URL" not in here:
        if not here.keys() & {"A", "AAAA", "ALIAS", "CNAME"} and name != reads.zone:
            return None
        raise Refused(
            f"{name} has no redirect (a record of type URL) to change.",
            f"`dns show {name}` shows what it has; `dns change {name} https://{site} --type URL` makes one.",
        )
    fitting("URL", name, reads.zone, here)
    ttl = here["URL"].records.records[0].ttl
    after = RecordSet.of([Record(content=f"https://{site}", ttl=ttl)])
    return await ctx.change(RECORD, target(name, "URL"), after)


SWITCH_YEAR = Command(
    "switch-year",
    "Send visitors to another year's site",
    Args,
    run,
    examples=("switch-year 2027", "switch-year 2027 --at 2026-12-01T09:00 because tickets go on sale"),
    group="DNS",
    changes=(RECORD.name,),
)
