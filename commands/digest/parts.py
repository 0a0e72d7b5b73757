"""What the digests share: other commands' answers, and how many of something there are."""

from datetime import timedelta

from bot.core.command import Context
from bot.core.costs import Bill
from bot.core.duration import day
from bot.core.grammar import understand
from bot.core.reply import Reply
from bot.core.status import State

MANY = 1000
TARIFF = "today"
AHEAD = timedelta(days=30)  # of a renewal


async def said(line: str, ctx: Context) -> Reply:
    """Return what another command answers; raises what it raises."""
    found = understand(line, ctx.commands)
    answer = await found.command.run(found.args, ctx)
    assert isinstance(answer, Reply)  # only such are asked
    return answer


def counted(number: int, noun: str) -> str:
    """Return "1 request" or "2 requests"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


async def waiting(ctx: Context) -> str:
    """Return in a sentence how many requests wait for owners."""
    pending = len(await ctx.requests.newest((State.PENDING,), limit=MANY))
    return f"{counted(pending, 'request')} wait{'s' * (pending == 1)}." if pending else "Nothing waits."


def renewals(bill: Bill) -> list[str]:
    """Return what is paid again soon, or should have been."""
    found = [(line, line.renews) for line in bill.renewals if line.renews]
    return [
        f"{line.title}, {day(on)}{': was it paid?' if on < bill.today else f' ({line.said})'}"
        for line, on in found
        if on <= bill.today + AHEAD
    ]
