"""``app restart``: start all dynos of an app anew."""

from typing import Annotated

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused
from bot.core.people import listed
from bot.core.run import Run
from bot.core.values import Value
from integrations.heroku import HEROKU, find_app
from integrations.heroku import RESTART as ANEW


class Args(Value):
    """Which app."""

    name: Annotated[str, Arg("NAME", positional=True, completes="apps", label="Which app")]


async def run(args: Args, ctx: Context) -> Plan:
    """Plan a restart of all dynos."""
    app = await find_app(ctx.reads(HEROKU), args.name, ctx.organisation.services)
    if not app.dynos:
        raise Refused(
            f"{app.name} runs nothing that could be restarted.", f"`app scale {app.name} 1` starts it."
        )
    dynos = (f"{each.name} ({each.state})" for each in app.dynos)
    return Plan(
        title=f"{app.name}: restart",
        changes=(await ctx.change(ANEW, app.name, Run()),),
        notes=(f"It runs {listed(dynos, 'and')}. Visitors may see errors for some seconds.",),
    )


RESTART = Command(
    "app restart",
    "Start all dynos of an app anew",
    Args,
    run,
    examples=("app restart voting",),
    group="Services",
    changes=(ANEW.name,),
)
