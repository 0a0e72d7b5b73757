"""``status``: how our services and vendors do, and what owners decide of them."""

from commands.status.decide import DECIDE
from commands.status.show import SHOW

COMMANDS = (SHOW, DECIDE)
