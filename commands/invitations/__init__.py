"""``invitations``: who is invited to the organisation and not in yet."""

from commands.invitations.remove import REMOVE
from commands.invitations.show import SHOW

COMMANDS = (SHOW, REMOVE)
