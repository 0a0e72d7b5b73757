"""Everything that shows the bot does what it promises."""
