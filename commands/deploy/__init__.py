"""``deploy``: build and deploy what our services show, and see what ran lately."""

from commands.deploy.start import START
from commands.deploy.status import STATUS

COMMANDS = (START, STATUS)
