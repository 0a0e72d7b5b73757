"""``invitations show``: who is invited, by whom, until when, and the link to forward."""

from bot.core.command import Command, Context, NoArgs
from bot.core.duration import moment
from bot.core.people import Role
from bot.core.reply import Notice, Reply, Table, Text
from integrations.github import GITHUB, Invite


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show the invitations that wait or ran out."""
    reads = ctx.reads(GITHUB)
    sent = await reads.invitations()
    if not sent:
        return Reply(
            title="No invitation waits", blocks=(Text(text=f"Everybody invited to {reads.org} is in."),)
        )
    table = Table(
        columns=("Who", "As", "Teams", "Invited by", "Until"), rows=tuple(_row(i, ctx) for i in sent)
    )
    links = dict.fromkeys(invite.link for invite in sent if not invite.expired)
    blocks: list[Table | Text | Notice] = [table]
    blocks += [Text(text=f"Forward this link: {link}") for link in links]
    if any(invite.expired for invite in sent):
        text = "Whoever let the invitation run out is invited again by asking for the same again."
        blocks.append(Notice(level="warning", text=text))
    return Reply(
        title=f"{len(sent)} invited, not in yet", blocks=tuple(blocks), private=True
    )  # e-mail addresses


def _row(invite: Invite, ctx: Context) -> tuple[str, ...]:
    until = "ran out" if invite.expired else moment(invite.expires_at, ctx.organisation.zone)
    return (
        invite.login or invite.email or "–",
        invite.role,
        str(invite.teams or "–"),
        invite.by or "–",
        until,
    )


SHOW = Command(
    "invitations show",
    "Who is invited and not in yet, with the link to forward",
    NoArgs,
    run,
    examples=("invitations",),
    role=Role.READER,
    group="People",
)
