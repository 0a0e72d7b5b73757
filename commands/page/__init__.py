"""``page``: the organisers' page about the infrastructure, as it is now."""

from commands.page.show import SHOW

COMMANDS = (SHOW,)
