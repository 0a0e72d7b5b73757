"""``owners``: who owns the organisation."""

from commands.owners.add import ADD
from commands.owners.remove import REMOVE
from commands.owners.show import SHOW

COMMANDS = (SHOW, ADD, REMOVE)
