"""``keys rotated``: say that a secret of the bot was made anew, when, and in whose account."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import UsageError
from bot.core.names import called, suggestion
from bot.core.secret import Made, Secret
from bot.core.values import Value
from integrations.keys import KEYS, MADE

Account = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^<>`*]{1,80}$")]


class Args(Value):
    """Which, when, in whose account, and until when it works."""

    secret: Annotated[str, Arg("NAME", positional=True, label="Which secret")]
    on: Annotated[date | None, Arg("DATE", label="When it was made")] = None
    account: Annotated[Account | None, Arg("ACCOUNT", label="In whose account")] = None
    ends: Annotated[date | None, Arg("DATE", label="When the vendor ends it")] = None


async def run(args: Args, ctx: Context) -> Plan:
    """Plan to keep how old a secret is; its value is neither asked for nor known."""
    secret, today = await _named(args.secret, ctx), ctx.now.astimezone(ctx.organisation.zone).date()
    on = args.on or today
    if on > today:
        raise UsageError("That day is yet to come.", "Leave `--on` out for today.", "on")
    if args.ends and args.ends <= on:
        raise UsageError("It cannot end before it was made.", "`--ends` is when the vendor ends it.", "ends")
    before = secret.made.account if secret.made else None
    account = called(args.account, ctx.people) if args.account else before
    change = await ctx.change(MADE, secret.key, Made(on=on, account=account, ends=args.ends))
    return Plan(title=f"The secret {secret.name} was made anew", changes=(change,))


async def _named(said: str, ctx: Context) -> Secret:
    """Return the secret that somebody means, by its key with or without ``integrations``."""
    found = await ctx.reads(KEYS).secrets()
    for each in found:
        if said.casefold() in {each.key, each.name}:
            return each
    hint = suggestion(said, (each.name for each in found)) or "`keys` lists them."
    raise UsageError(f"The bot has no secret `{said[:60]}`.", hint, "secret")


ROTATED = Command(
    "keys rotated",
    "Say that a secret of the bot was made anew",
    Args,
    run,
    examples=("keys rotated github.token --account the-bot",),
    group="Services",
    changes=(MADE.name,),
)
