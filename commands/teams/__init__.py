"""``teams``: who and what is in them."""

from commands.teams.add import ADD
from commands.teams.remove import REMOVE
from commands.teams.show import SHOW

COMMANDS = (SHOW, ADD, REMOVE)
