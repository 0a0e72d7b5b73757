"""The vendors the bot knows."""

from typing import Any

from bot.core.vendor import Vendor
from integrations.baseline import BASELINE
from integrations.board import BOARD
from integrations.costs import COSTS
from integrations.dnsimple import DNSIMPLE
from integrations.error_tracking import ERROR_TRACKING
from integrations.exchange_rates import EXCHANGE_RATES
from integrations.github import GITHUB
from integrations.heroku import HEROKU
from integrations.keys import KEYS
from integrations.onepassword import ASKED, ONEPASSWORD
from integrations.people import PEOPLE
from integrations.readthedocs import READTHEDOCS
from integrations.registrar import REGISTRAR
from integrations.sales import SALES
from integrations.slack_workspaces import SLACK_WORKSPACES
from integrations.tito import TITO
from integrations.travis_ci import TRAVIS_CI
from integrations.twilio import TWILIO

VENDORS: tuple[Vendor[Any, Any, Any], ...] = (
    GITHUB,
    DNSIMPLE,
    REGISTRAR,
    TRAVIS_CI,
    READTHEDOCS,
    TITO,
    HEROKU,
    TWILIO,
    ERROR_TRACKING,
    SLACK_WORKSPACES,
    ASKED,
    EXCHANGE_RATES,
)

OURS: tuple[Vendor[Any, Any, Any], ...] = (PEOPLE, BASELINE, SALES, COSTS, BOARD, KEYS, ONEPASSWORD)
"""Our own records, which are read and changed as vendors are."""
