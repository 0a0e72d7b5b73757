"""``app scale``: more or fewer dynos, or of another size."""

from typing import Annotated

from pydantic import Field

from bot.core.change import Plan
from bot.core.command import Arg, Command, Context
from bot.core.errors import Refused, UsageError
from bot.core.people import listed
from bot.core.prices import Price
from bot.core.reply import Notice, Reply
from bot.core.values import Value
from integrations.heroku import FORMATION, HEROKU, Formation, Type, find_app

MOST = 20


class Args(Value):
    """Which app, on how many dynos."""

    name: Annotated[str, Arg("NAME", positional=True, completes="apps", label="Which app")]
    number: Annotated[int, Arg("NUMBER", positional=True, label="How many dynos")] = Field(ge=0)
    type: Annotated[str, Arg("TYPE", label="Which type of process")] = "web"
    size: Annotated[str | None, Arg("SIZE", label="Which size of dyno")] = None


async def run(args: Args, ctx: Context) -> Reply | Plan:
    """Plan how many dynos run a type of process; say what that costs."""
    reads = ctx.reads(HEROKU)
    app, prices = await find_app(reads, args.name, ctx.organisation.services), await reads.prices()
    now = next((each for each in app.types if each.name == args.type.casefold()), None)
    if now is None:
        names = listed((f"`{each.name}`" for each in app.types), "and")
        raise UsageError(f"{app.name} runs no `{args.type[:40]}`.", f"Its types are: {names}.", "type")
    size = (args.size or now.size).casefold()
    if size not in {*prices, now.size}:
        raise UsageError(f"Heroku has no size `{size[:40]}`.", f"There are: {listed(prices, 'and')}.", "size")
    after = Formation(quantity=args.number, size=size)
    if after.quantity > MOST:
        raise Refused(f"{after.quantity} dynos are more than anybody of us needs.", f"At most {MOST}.")
    if after == Formation(quantity=now.quantity, size=now.size):
        said = Notice(level="good", text=f"{now.name} runs on {after}, so nothing was filed.")
        return Reply(title=f"{app.name} is so already", blocks=(said,))
    change = await ctx.change(FORMATION, f"{app.name}/{now.name}", after)
    return Plan(
        title=f"{app.name}: {now.name} on {after}",
        changes=(change,),
        notes=tuple(filter(None, (_costs(now, after, prices), _stops(now.name, after), _many(after)))),
    )


def _costs(now: Type, after: Formation, prices: dict[str, Price]) -> str:
    old, new = prices.get(now.size), prices.get(after.size)
    if old is None or new is None:
        return ""
    was, will = (
        Price(amount=price.amount * number, currency=price.currency)
        for price, number in ((old, now.quantity), (new, after.quantity))
    )
    return f"These dynos cost {will} a month then (now: {was}); add-ons are paid on."


def _stops(kind: str, after: Formation) -> str:
    return "*Visitors see nothing then*: no dyno answers." if kind == "web" and not after.quantity else ""


def _many(after: Formation) -> str:
    single = after.size in {"eco", "basic"} and after.quantity > 1
    return f"Heroku may refuse more than one dyno of the size {after.size}." if single else ""


SCALE = Command(
    "app scale",
    "Run an app on more or fewer dynos",
    Args,
    run,
    examples=("app scale voting 1", "app scale voting 2 --type web --size standard-1x"),
    group="Services",
    changes=(FORMATION.name,),
)
