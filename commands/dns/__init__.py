"""``dns``: what the zone's names point at."""

from commands.dns.add import ADD
from commands.dns.change import CHANGE
from commands.dns.check import CHECK
from commands.dns.remove import REMOVE
from commands.dns.show import SHOW

COMMANDS = (SHOW, ADD, CHANGE, REMOVE, CHECK)
