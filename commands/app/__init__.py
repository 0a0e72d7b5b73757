"""``app``: our apps at Heroku: how they do, how many dynos run them, and which release."""

from commands.app.maintenance import MAINTENANCE
from commands.app.restart import RESTART
from commands.app.rollback import ROLLBACK
from commands.app.scale import SCALE
from commands.app.show import SHOW

COMMANDS = (SHOW, SCALE, RESTART, MAINTENANCE, ROLLBACK)
