"""``away``: owners who are not to be asked for a while."""

from commands.away.back import BACK
from commands.away.show import SHOW
from commands.away.until import UNTIL

COMMANDS = (SHOW, UNTIL, BACK)
