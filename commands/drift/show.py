"""``drift show``: how vendors stand against what was last accepted of them."""

from bot.core.command import Command, Context, NoArgs
from bot.core.drift import Difference, Watched, ranges
from bot.core.duration import moment
from bot.core.people import Role
from bot.core.reply import Block, Choice, Choices, Notice, Reply, Table, Text
from commands.drift.which import says, title


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Look now, and show what differs from what was accepted, vendor by vendor."""
    seen = await ctx.watched()
    found = [each for watched in seen for each in _open(watched)]
    blocks: list[Block] = [block for watched in seen for block in _shown(watched, ctx)]
    if found and ctx.actor.role is Role.OWNER:
        blocks.append(_ways_on(found))
    if not seen:
        blocks.append(Text(text="No vendor is set up whose changes could be noticed."))
    nothing = "Nothing is known to differ" if any(each.away for each in seen) else "Nothing differs"
    count = f"{len(found)} difference{'' if len(found) == 1 else 's'}" if found else nothing
    return Reply(title=f"{count} from what was last accepted", blocks=tuple(blocks))


def _open(watched: Watched) -> tuple[Difference, ...]:
    return watched.drift.open if watched.drift else ()


def _shown(watched: Watched, ctx: Context) -> list[Block]:
    name, zone = title(watched.vendor), ctx.organisation.zone
    blocks: list[Block] = []
    if watched.away:
        when = f" This is how it was {moment(watched.looked_at, zone)}." if watched.looked_at else ""
        text = f"{name} cannot be looked at now: {watched.away}{when}"
        blocks.append(Notice(level="warning", text=text))
    elif watched.fresh:
        text = f"There was no baseline of {name} yet. What is there now is accepted; changes count from here."
        blocks.append(Notice(level="good", text=text))
    elif not _open(watched) and watched.seeded_at:
        text = f"{name} is as accepted; its baseline began {moment(watched.seeded_at, zone)}."
        blocks.append(Notice(level="good", text=text))
    blocks += [
        Notice(level="bad", text=f"{each.number}: {each.alarm}") for each in _open(watched) if each.alarm
    ]
    rows = tuple(
        (str(each.number), each.change.words, moment(each.since, zone), says(each)) for each in _open(watched)
    )
    return [*blocks, Table(columns=("#", "What", "Noticed", "By"), rows=rows)] if rows else blocks


def _ways_on(found: list[Difference]) -> Choices:
    numbers = ranges(each.number for each in found)
    return Choices(
        text="*Adopt*: it stays so. *Revert*: a request puts it back.",
        choices=(
            Choice(label="Adopt", line=f"drift adopt {numbers}"),
            Choice(label="Revert", line=f"drift revert {numbers}"),
        ),
    )


SHOW = Command(
    "drift show",
    "What others changed at vendors, against what was last accepted",
    NoArgs,
    run,
    examples=("drift",),
    role=Role.READER,
    group="Requests",
)
