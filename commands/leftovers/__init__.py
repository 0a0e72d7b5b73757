"""``leftovers``: what is still there of grants that ended."""

from commands.leftovers.remove import REMOVE
from commands.leftovers.show import SHOW

COMMANDS = (SHOW, REMOVE)
