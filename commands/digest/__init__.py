"""``digest``: what organisers read every morning; the schedule posts it, people may ask too."""

from commands.digest.attention import ATTENTION
from commands.digest.costs import COSTS
from commands.digest.journal import JOURNAL
from commands.digest.tickets import TICKETS

COMMANDS = (TICKETS, COSTS, ATTENTION, JOURNAL)
