"""``workspaces``: our Slack workspaces, who administers them, and how somebody is invited."""

from bot.core.command import Command, Context, NoArgs
from bot.core.errors import VendorError
from bot.core.people import listed
from bot.core.reply import Block, Fields, Notice, Reply, Text
from integrations.slack_workspaces import SLACK_WORKSPACES, Workspace


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show each workspace; one that is away hides no other."""
    reads, blocks, away = ctx.reads(SLACK_WORKSPACES), list[Block](), 0
    for name in reads.names:
        try:
            blocks += _one(await reads.workspace(name))
        except VendorError as error:
            away += 1
            blocks.append(Notice(level="bad", text=f"*{name}*: {error.message} {error.hint}"))
    title = "Our Slack workspaces" if not away else f"Our Slack workspaces, {away} not seen now"
    return Reply(title=title, blocks=tuple(blocks), private=True)


def _one(found: Workspace) -> tuple[Block, ...]:
    pairs = (
        ("Members", f"{found.members}"),
        ("Guests", f"{found.guests}"),
        ("Admins", listed(found.admins, "and") if found.admins else "none that our app sees"),
        ("Second factor", _factor(found)),
        ("Our app may", ", ".join(found.scopes) or "not known"),
    )
    text = f"*{found.team}*, {found.name} ({found.url})"
    return (Text(text=text), Fields(pairs=pairs), Text(text=f"To invite somebody, {found.inviting}"))


def _factor(found: Workspace) -> str:
    if found.plain is None:
        return "not shown to our app"
    return f"{listed(found.plain, 'and')} without" if found.plain else "all admins"


WORKSPACES = Command(
    "workspaces",
    "Our Slack workspaces, and how to invite",
    NoArgs,
    run,
    examples=("workspaces",),
    group="Services",
)
