"""``page``: the organisers' page about the infrastructure, as it is now."""

from commands.page.propose import PROPOSE
from commands.page.show import SHOW

COMMANDS = (SHOW, PROPOSE)
