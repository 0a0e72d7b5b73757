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
    return (Text(text=text), Fields(pairs=pairs), Text(text=_invitation(found)))


def _factor(found: Workspace) -> str:
    if found.plain is None:
        return "not shown to our app"
    return f"{listed(found.plain, 'and')} without" if found.plain else "all admins"


def _invitation(found: Workspace) -> str:
    """Return how somebody is invited: a bot cannot do that."""
    if found.invite:
        return f"To invite somebody, give them this link: {found.invite}"
    who = listed(found.admins) if found.admins else "an admin"
    return f"To invite somebody, ask {who}: the workspace's name, *Invite people*. A bot cannot."


WORKSPACES = Command(
    "workspaces",
    "Our Slack workspaces, and how to invite",
    NoArgs,
    run,
    examples=("workspaces",),
    group="Services",
)
