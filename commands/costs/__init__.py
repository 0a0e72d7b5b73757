"""``costs``: what everything costs, and what would."""

from commands.costs.convert import CONVERT
from commands.costs.estimate import ESTIMATE
from commands.costs.record import RECORD
from commands.costs.renewals import RENEWALS
from commands.costs.show import SHOW
from commands.costs.spreadsheet import CSV

COMMANDS = (SHOW, ESTIMATE, RECORD, RENEWALS, CONVERT, CSV)
