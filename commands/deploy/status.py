"""``deploy status``: what was built and deployed lately, whoever started it."""

from bot.core.command import Command, Context, NoArgs
from bot.core.deploying import Stage
from bot.core.duration import moment
from bot.core.errors import BotError
from bot.core.people import Role
from bot.core.reply import Notice, Reply, Table
from commands.deploy.what import Deployed, find, offered

WORDS = {Stage.GOOD: "passed", Stage.BAD: "failed", Stage.UNDER_WAY: "under way"}
MOST = 3


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show the last runs of all that is deployed."""
    return await shown(ctx)


async def shown(ctx: Context) -> Reply:
    """Return the last runs of each; what cannot be seen is said, and hides nothing else."""
    rows: list[tuple[str, ...]] = []
    lost: list[Notice] = []
    for name in offered(ctx):
        try:
            rows += await _rows(await find(name, None, ctx), ctx)
        except BotError as error:
            lost.append(Notice(level="warning", text=f"*{name}*: {error.message} {error.hint}".rstrip()))
    table = Table(columns=("What", "State", "Began", "Of", "Run", "Link"), rows=tuple(rows))
    bad = [name for name, state, *_ in reversed(rows) if state == WORDS[Stage.BAD]]
    title = f"Failed lately: {', '.join(dict.fromkeys(bad))}" if bad else "What was deployed lately"
    return Reply(title=title, blocks=(*([table] if rows else []), *lost))


async def _rows(found: Deployed, ctx: Context) -> list[tuple[str, ...]]:
    builds = (await found.by.builds(found.of))[:MOST]
    if not builds:
        return [(found.name, "never ran", "", "", found.title, "")]
    return [
        (
            found.name,
            WORDS.get(each.run.stage, each.run.stage.value),
            moment(each.at, ctx.organisation.zone),
            each.ref,
            f"{each.run.name}{f' by {each.by}' if each.by else ''}",
            each.run.link,
        )
        for each in builds
    ]


STATUS = Command(
    "deploy status",
    "What was built and deployed lately",
    NoArgs,
    run,
    examples=("deploy status",),
    role=Role.READER,
    group="Services",
)
