"""``app maintenance``: show visitors a notice in the place of an app, or the app again."""

from enum import StrEnum
from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.reply import Notice, Reply
from bot.core.values import Value
from integrations.heroku import HEROKU, Maintenance, find_app
from integrations.heroku import MAINTENANCE as NOTICE


class Switch(StrEnum):
    """Whether it is shown."""

    ON = "on"
    OFF = "off"


class Args(Value):
    """Which app, and whether the notice is shown."""

    name: Annotated[str, Arg("NAME", positional=True, completes="apps", label="Which app")]
    switch: Annotated[Switch, Arg("on|off", positional=True, label="on or off")]


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan that an app's notice of maintenance is shown, or not any more."""
    app = await find_app(ctx.reads(HEROKU), args.name, ctx.organisation.services)
    after = Maintenance(on=args.switch is Switch.ON)
    if after.on == app.maintenance:
        said = Notice(level="good", text="Nothing is different, so nothing was filed.")
        return Reply(title=f"{app.name}'s maintenance is {args.switch.value} already", blocks=(said,))
    change = await ctx.change(NOTICE, app.name, after)
    losses = (f"Everybody: {app.name} shows a notice in its place",) if after.on else ()
    return Plan(title=f"{app.name}: maintenance {args.switch.value}", changes=(change,), losses=losses)


MAINTENANCE = Command(
    "app maintenance",
    "Show visitors a notice in an app's place",
    Args,
    run,
    examples=("app maintenance voting on", "app maintenance voting off"),
    group="Services",
    changes=(NOTICE.name,),
)
