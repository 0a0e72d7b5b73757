"""``app show``: all apps, or one with its dynos, releases and add-ons."""

from typing import Annotated

from bot.core.command import Arg, Command, Context
from bot.core.duration import moment
from bot.core.people import Role
from bot.core.prices import Price
from bot.core.reply import Fields, Reply, Table, Text
from bot.core.values import Value
from integrations.heroku import HEROKU, App, HerokuReads, Release, Type, find_app

SHOWN = 5  # releases


class Args(Value):
    """One app, or all."""

    name: Annotated[str | None, Arg("NAME", positional=True, completes="apps", label="Which app")] = None


async def run(args: Args, ctx: Context) -> Reply:
    """Show all apps, or one in detail."""
    reads = ctx.reads(HEROKU)
    if args.name is None:
        return _all(await reads.apps())
    return await _one(await find_app(reads, args.name, ctx.organisation.services), reads, ctx)


def _all(apps: tuple[App, ...]) -> Reply:
    rows = tuple((each.name, _release(each), _dynos(each), _seen(each)) for each in apps)
    table = Table(columns=("App", "Release", "Dynos", "Visitors see"), rows=rows)
    said = Text(text="`app NAME` shows one; `help app` says what can be done.")
    number = f"{len(rows)} app{'' if len(rows) == 1 else 's'}"
    return Reply(title=f"{number} at Heroku", blocks=(table, said) if rows else ())


async def _one(app: App, reads: HerokuReads, ctx: Context) -> Reply:
    zone, prices, addons = ctx.organisation.zone, await reads.prices(), await reads.addons(app.name)
    types = tuple((t.name, f"{t.quantity} × {t.size}", _monthly(t, prices)) for t in app.types)
    dynos = tuple((each.name, each.state, moment(each.since, zone)) for each in app.dynos)
    releases = tuple((f"v{r.version}", moment(r.at, zone), r.text, _how(r)) for r in app.releases[:SHOWN])
    used = tuple((each.name, each.plan, f"{each.price} a month" if each.price else "–") for each in addons)
    tables = (
        (("Runs", "Dynos", "Costs"), types),
        (("Dyno", "State", "Since"), dynos),
        (("Release", "When", "What", "How"), releases),
        (("Add-on", "Plan", "Costs"), used),
    )
    fields = Fields(pairs=(("Visitors see", _seen(app)), ("Address", app.url or "–")))
    shown = (Table(columns=columns, rows=rows) for columns, rows in tables if rows)
    return Reply(title=f"{app.name}: {_release(app)}, {_dynos(app)}", blocks=(fields, *shown))


def _release(app: App) -> str:
    return f"v{app.current.version}" if app.current else "nothing released"


def _dynos(app: App) -> str:
    states = [each.state for each in app.dynos]
    counted = (f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    return ", ".join(counted) or "no dyno"


def _seen(app: App) -> str:
    return "a notice of maintenance" if app.maintenance else "the app"


def _monthly(found: Type, prices: dict[str, Price]) -> str:
    price = prices.get(found.size)
    if price is None:
        return "–"
    return f"{Price(amount=price.amount * found.quantity, currency=price.currency)} a month"


def _how(release: Release) -> str:
    if release.current:
        return "runs now"
    return release.status if release.status != "succeeded" or not release.eligible else "can be brought back"


SHOW = Command(
    "app show",
    "Our apps: dynos, releases, add-ons",
    Args,
    run,
    examples=("app", "app voting"),
    role=Role.READER,
    group="Services",
)
