"""``invitations show``: who is invited, since and until when, who is asked, and the link to forward."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.accepting import in_slack, outlook
from bot.core.change import Awaited, Request
from bot.core.command import Command, Context, NoArgs
from bot.core.duration import moment
from bot.core.people import Role
from bot.core.reply import Notice, Reply, Table, Text
from bot.core.status import State, Status
from integrations.github import GITHUB, Invite

MOST = 100
NONE = "–"


@dataclass(frozen=True)
class Followed:
    """An invitation that a request of ours waits for."""

    request: Request
    status: Status
    awaited: Awaited


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show the invitations that wait or ran out, and what happens next."""
    reads = ctx.reads(GITHUB)
    sent = await reads.invitations()
    ours = {(each.awaited.account.casefold(), each.awaited.link): each for each in await _followed(ctx)}
    rows = [_row(i, None if i.expired else ours.pop(_key(i), None), ctx) for i in sent]
    rows += [_elsewhere(followed, ctx) for followed in ours.values()]
    if not rows:
        return Reply(
            title="No invitation waits", blocks=(Text(text=f"Everybody invited to {reads.org} is in."),)
        )
    table = Table(columns=("Who", "As", "Invited", "Put to", "Until", "Next"), rows=tuple(rows))
    links = [*(i.link for i in sent if not i.expired), *(each.awaited.link for each in ours.values())]
    blocks: list[Table | Text | Notice] = [table]
    blocks += [Text(text=f"Forward this link: {link}") for link in dict.fromkeys(links)]
    if any(invite.expired for invite in sent):
        text = "Whoever let the invitation run out is invited again by asking for the same again."
        blocks.append(Notice(level="warning", text=text))
    title = f"{len(rows)} invited, not in yet"
    return Reply(title=title, blocks=tuple(blocks), private=True)  # e-mail addresses


async def _followed(ctx: Context) -> list[Followed]:
    """Return what our requests wait for."""
    waiting = [request.number for request, _ in await ctx.requests.newest((State.WAITING,), limit=MOST)]
    found = [case for number in waiting if (case := await ctx.requests.by_number(number))]
    return [Followed(request, status, each) for request, status in found for each in status.awaited]


def _key(invite: Invite) -> tuple[str, str]:
    return (invite.login or "").casefold(), invite.link


def _row(invite: Invite, followed: Followed | None, ctx: Context) -> tuple[str, ...]:
    """Return an invitation into the organisation, with the request that waits for it if there is one."""
    by = f"{followed.request.requested_by.name} (#{followed.request.number})" if followed else invite.by
    until = "ran out" if invite.expired else moment(invite.expires_at, ctx.organisation.zone)
    return (
        invite.login or invite.email or NONE,
        invite.role,
        f"{_age(invite.invited_at, ctx)}{f' by {by}' if by else ''}",
        *_ahead(followed, until, ctx),
    )


def _elsewhere(followed: Followed, ctx: Context) -> tuple[str, ...]:
    """Return an invitation of ours to something smaller than the organisation."""
    request, awaited = followed.request, followed.awaited
    age = f"{_age(awaited.since, ctx)} by {request.requested_by.name} (#{request.number})"
    until = moment(awaited.until, ctx.organisation.zone)
    return awaited.account, "collaborator", age, *_ahead(followed, until, ctx)


def _ahead(followed: Followed | None, until: str, ctx: Context) -> tuple[str, str, str]:
    """Return whom it is put to, until when it can be accepted, and what happens next."""
    if followed is None:
        return NONE, until, NONE
    person = in_slack(followed.awaited.account, ctx.people)
    asked = f"{person.name}, in Slack" if person else f"{followed.request.requested_by.name}, to forward"
    return asked, until, outlook(followed.status, ctx.policy, ctx.organisation.zone, ctx.now)


def _age(since: datetime, ctx: Context) -> str:
    zone = ctx.organisation.zone
    days = (ctx.now.astimezone(zone).date() - since.astimezone(zone).date()).days
    return ("today", "yesterday")[days] if 0 <= days < 2 else f"{days} days ago"


SHOW = Command(
    "invitations show",
    "Who is invited and not in yet, what happens next, and the link to forward",
    NoArgs,
    run,
    examples=("invitations",),
    role=Role.READER,
    group="People",
)
