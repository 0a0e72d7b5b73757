"""The places that must be got into: the vendors of the board, with who proved it and who else may."""

from bot.core.board import Health
from bot.core.command import Context
from bot.core.errors import BotError, UsageError
from bot.core.keys import Door, door
from bot.core.names import person, suggestion
from integrations.github import GITHUB
from integrations.keys import KEYS
from integrations.onepassword import ONEPASSWORD


async def doors(ctx: Context) -> tuple[Door, ...]:
    """Return every vendor that is not closed, set up or not: people log in there either way."""
    proofs = await ctx.reads(KEYS).proofs()
    able = {GITHUB.name: await _owners(ctx), ONEPASSWORD.name: await _openers(ctx)}
    return tuple(
        door(line.name, line.title, proofs, ctx.people, able.get(line.name, ()))
        for line in (await ctx.board.kept()).vendors
        if line.health is not Health.CLOSED
    )


async def _owners(ctx: Context) -> list[str]:
    """Return the owners on GitHub, by our names for them; nobody while it does not say."""
    if not ctx.has(GITHUB):
        return []
    try:
        logins = await ctx.reads(GITHUB).owners()
    except BotError:
        return []
    bot = await ctx.reads(GITHUB).bot()
    known = {login: person(login, ctx.people) for login in logins if login != bot}
    return [found.name if found else login for login, found in known.items()]


async def _openers(ctx: Context) -> list[str]:
    """Return who can open a vault, as it was listed last."""
    vaults = await ctx.reads(ONEPASSWORD).vaults()
    return [person for vault in vaults.values() for person in vault.people]


async def named(said: str, ctx: Context) -> Door:
    """Return the place that somebody means; UsageError when it is none of ours."""
    word, found = said.casefold(), await doors(ctx)
    for each in found:
        if word in {each.name.casefold(), each.title.casefold()}:
            return each
    hint = suggestion(said, (each.name for each in found)) or "`keys` lists them."
    raise UsageError(f"We have no vendor `{said[:40]}`.", hint, "vendor")
