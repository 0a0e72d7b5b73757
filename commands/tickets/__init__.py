"""``tickets``: how they sell, how that compares with past years, and where it leads."""

from commands.tickets.chart import CHART
from commands.tickets.forecast import FORECAST
from commands.tickets.show import SHOW

COMMANDS = (SHOW, CHART, FORECAST)
