"""The rights that the bot's token needs at Read the Docs."""

from bot.core.vendor import Right

RIGHTS = (
    Right(
        of="Read the Docs token",
        name="its account is a maintainer of our project alone",
        why="to see and start builds; a token has no scopes, it may do all that its account may",
    ),
)
