"""``keys``: who can really get in where, and how, when nobody can."""

from commands.keys.attest import ATTEST
from commands.keys.leaver import LEAVER
from commands.keys.show import SHOW

COMMANDS = (SHOW, ATTEST, LEAVER)
