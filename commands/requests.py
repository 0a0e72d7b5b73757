"""``requests``: what is open, what was decided, and one request in detail."""

from datetime import datetime
from typing import Annotated

from bot.core.approval import decided, missing, who_can
from bot.core.change import Request
from bot.core.command import Arg, Command, Context, Grant
from bot.core.duration import moment
from bot.core.errors import UsageError
from bot.core.names import Number
from bot.core.people import Role, listed
from bot.core.reply import Fields, Reply, Table, Text
from bot.core.status import State, Status
from bot.core.story import said
from bot.core.values import Value

OPEN = tuple(state for state in State if state.open)
MOST = 20


class Args(Value):
    """One request, or all."""

    number: Annotated[
        Number | None, Arg("N", positional=True, completes="requests", label="Which request")
    ] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show what is open and recent, or one request."""
    if args.number is None:
        return await _all(ctx)
    found = await ctx.requests.by_number(args.number)
    if found is None:
        raise UsageError(f"There is no #{args.number}.", "`requests` lists the newest.")
    return await _one(*found, ctx)


async def _all(ctx: Context) -> Reply:
    waiting = await ctx.requests.newest(OPEN, limit=20)
    recent = [(r, state) for r, state in await ctx.requests.newest(limit=20) if state not in OPEN][:10]
    running = await ctx.requests.grants()
    blocks: list[Text | Table] = []
    for head, found in (("*Open*", waiting), ("*Recent*", recent)):
        if found:
            rows = tuple(_row(request, state, ctx) for request, state in found)
            blocks += [Text(text=head), Table(columns=("#", "What", "Asked by", "When", "State"), rows=rows)]
    if running:
        heads = ("#", "What", "Asked by", "Until", "At its end")
        ends = [await _ending(grant, ctx) for grant in running[:MOST]]
        blocks += [Text(text="*With an end*"), Table(columns=heads, rows=tuple(ends))]
        if len(running) > MOST:
            blocks.append(Text(text=f"… and {len(running) - MOST} more that end later."))
    title = f"{len(waiting) or 'No'} open request{'' if len(waiting) == 1 else 's'}"
    return Reply(title=title, blocks=(*blocks, Text(text="`requests N` shows one in detail.")))


def _row(request: Request, state: State, ctx: Context) -> tuple[str, ...]:
    at = moment(request.at, ctx.organisation.zone)
    return (f"#{request.number}", request.plan.title, request.requested_by.name, at, state.value)


async def _ending(grant: Grant, ctx: Context) -> tuple[str, ...]:
    """Return what runs, for whom, until when, and what its end changes back."""
    found = await ctx.requests.by_number(grant.number)
    what, who = (found[0].plan.title, found[0].requested_by.name) if found else ("", "")
    until = moment(grant.ends_at, ctx.organisation.zone)
    return (f"#{grant.number}", what, who, until, "; ".join(change.words for change in grant.ending))


async def _one(request: Request, status: Status, ctx: Context) -> Reply:
    zone, plan = ctx.organisation.zone, request.plan
    pairs = [
        ("Asked by", f"{request.requested_by.name}, {moment(request.at, zone)}"),
        ("State", f"{status.state.value}{f' ({status.note})' if status.note else ''}"),
        *([("From outside", status.outside)] if status.outside else []),
    ]
    if plan.reason:
        pairs.append(("Reason", plan.reason))
    pairs.append(("Decision", _decision(request, status, ctx)))
    pairs += [(name, moment(at, zone)) for name, at in await _ends(request, status, ctx)]
    steps = [_step(request, status, index) for index in range(len(plan.changes))]
    lines = await ctx.journal.lines(subject=f"request:{request.id}", limit=30)
    history = [f"{moment(line.at, zone)} · {line.actor.name} · {said(line)}" for line in lines]
    blocks = [Fields(pairs=tuple(pairs)), Text(text="*What changes*\n" + "\n".join(steps))]
    ending = [change.words for change in plan.ending]
    for head, told in (
        ("At its end", ending),
        ("Who gains what", plan.gains),
        ("Who loses what", plan.losses),
        ("Notes", plan.notes),
        ("By hand", plan.by_hand),
        ("What happened", history),
    ):
        if told:
            blocks.append(Text(text=f"*{head}*\n" + "\n".join(f"• {line}" for line in told)))
    return Reply(title=f"#{request.number} {plan.title}", blocks=tuple(blocks))


async def _ends(request: Request, status: Status, ctx: Context) -> list[tuple[str, datetime]]:
    """Return when a grant ends, or when it did; an end may have been moved since it was approved."""
    if status.ended_at:
        return [("Ended" if status.ended_clean else "Ended, but not cleanly", status.ended_at)]
    running = [grant.ends_at for grant in await ctx.requests.grants() if grant.request == request.id]
    end = next(iter(running), request.plan.end(status.approved_at or ctx.now))
    return [("Ends", end)] if end else []


def _decision(request: Request, status: Status, ctx: Context) -> str:
    """Return who decided, or who can and until when."""
    if status.state is not State.PENDING:
        return decided(request, status, ctx.situation)
    count, situation = missing(request, status, ctx.situation), ctx.situation
    able = listed(who_can(request, status, situation))
    until = moment(request.expires_at, ctx.organisation.zone)
    return f"{count} owner{'' if count == 1 else 's'} of {able}, until {until}"


def _step(request: Request, status: Status, index: int) -> str:
    step = status.step("apply", index)
    came = f" – {step.outcome.value.replace('_', ' ')}" if step.outcome else ""
    detail = f": {step.detail}" if step.detail else ""
    return f"{index + 1}. {request.plan.changes[index].words}{came}{detail}"


REQUESTS = Command(
    "requests",
    "What is open and what was decided; one request in detail",
    Args,
    run,
    examples=("requests", "requests 42"),
    role=Role.READER,
    group="Requests",
)
