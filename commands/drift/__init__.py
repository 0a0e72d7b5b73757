"""``drift``: what others changed at vendors, against what was last accepted."""

from commands.drift.adopt import ADOPT
from commands.drift.revert import REVERT
from commands.drift.show import SHOW

COMMANDS = (SHOW, ADOPT, REVERT)
