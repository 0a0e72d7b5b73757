"""``people``: our list of people, their accounts and roles."""

from commands.people.add import ADD
from commands.people.change import CHANGE
from commands.people.remove import REMOVE
from commands.people.show import SHOW

COMMANDS = (SHOW, ADD, CHANGE, REMOVE)
