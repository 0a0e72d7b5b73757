"""``owners show``: the owners of the organisation, on GitHub and in our list."""

from bot.core.command import Command, Context, NoArgs
from bot.core.names import person
from bot.core.people import Role, listed, owners
from bot.core.reply import Notice, Reply, Table
from integrations.github import GITHUB


async def run(_args: NoArgs, ctx: Context) -> Reply:
    """Show the owners, and where the two lists differ."""
    reads = ctx.reads(GITHUB)
    logins = await reads.owners()
    ours = owners(ctx.people)
    held = {login.lower() for login in logins}
    rows = []
    for login in sorted(logins, key=str.lower):
        known = person(login, ctx.people)
        decides = "yes" if known in ours else "no"
        rows.append((known.name if known else "not in our people", login, decides))
    notices = []
    extra = [row[1] for row in rows if row[2] == "no"]
    if extra:
        text = f"Owners on GitHub, but not in our list: {listed(extra, 'and')}."
        notices.append(Notice(level="warning", text=text))
    lacking = [p.name for p in ours if p.github is None or p.github.lower() not in held]
    if lacking:
        text = f"Owners in our list, but not on GitHub: {listed(lacking, 'and')}. They cannot approve."
        notices.append(Notice(level="warning", text=text))
    if len(logins) < ctx.policy.min_owners:
        text = f"Fewer than {ctx.policy.min_owners} owners: whoever is ill takes the organisation along."
        notices.append(Notice(level="bad", text=text))
    table = Table(columns=("Name", "GitHub", "Approves here"), rows=tuple(rows))
    return Reply(title=f"{len(rows)} owners of {reads.org}", blocks=(table, *notices))


SHOW = Command(
    "owners show",
    "Who owns the organisation, on GitHub and in our list",
    NoArgs,
    run,
    examples=("owners",),
    role=Role.READER,
    group="People",
)
