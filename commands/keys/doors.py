"""The places that must be got into: the vendors of the board, with who proved it and who else may."""

from itertools import chain

from bot.core import keys
from bot.core.command import Context
from bot.core.errors import BotError, UsageError
from bot.core.keys import Door
from bot.core.names import by_login, suggestion
from integrations.github import GITHUB
from integrations.keys import KEYS
from integrations.onepassword import ONEPASSWORD


async def doors(ctx: Context) -> tuple[Door, ...]:
    """Return every vendor that is not closed, set up or not: people log in there either way."""
    able = {GITHUB.name: await _owners(ctx), ONEPASSWORD.name: chain(*(await openings(ctx)).values())}
    lines = (await ctx.board.kept()).vendors
    return keys.doors(lines, await ctx.reads(KEYS).proofs(), ctx.people, able)


async def _owners(ctx: Context) -> list[str]:
    """Return the owners on GitHub, by our names for them; nobody while it does not say."""
    if not ctx.has(GITHUB):
        return []
    try:
        logins, bot = await ctx.reads(GITHUB).owners(), await ctx.reads(GITHUB).bot()
    except BotError:
        return []
    names = by_login(ctx.people)
    return [names.get(login.casefold(), login) for login in logins if login != bot]


async def openings(ctx: Context) -> dict[str, list[str]]:
    """Return who can open each vault, as it was listed last, by our names for them."""
    return keys.openings(await ctx.reads(ONEPASSWORD).vaults(), ctx.people)


async def named(said: str, ctx: Context) -> Door:
    """Return the place that somebody means; UsageError when it is none of ours."""
    word, found = said.casefold(), await doors(ctx)
    for each in found:
        if word in {each.name.casefold(), each.title.casefold()}:
            return each
    hint = suggestion(said, (each.name for each in found)) or "`keys` lists them."
    raise UsageError(f"We have no vendor `{said[:40]}`.", hint, "vendor")
