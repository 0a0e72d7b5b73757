"""``keys``: who can really get in where, and how, when nobody can; how old the bot's secrets are."""

from commands.keys.attest import ATTEST
from commands.keys.leaver import LEAVER
from commands.keys.rotated import ROTATED
from commands.keys.show import SHOW

COMMANDS = (SHOW, ATTEST, ROTATED, LEAVER)
