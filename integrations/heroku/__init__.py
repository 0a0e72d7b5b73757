"""Heroku: our apps, from what they are built, which release runs on how many dynos; never config vars."""

from bot.core.vendor import Vendor
from integrations.heroku.builds import BUILD
from integrations.heroku.check import check
from integrations.heroku.client import HerokuClient, connect
from integrations.heroku.costs import told
from integrations.heroku.deployer import Deployer
from integrations.heroku.health import health
from integrations.heroku.lookup import find_app
from integrations.heroku.names import NAMES
from integrations.heroku.reads import Addon, App, HerokuReads, Release, Type
from integrations.heroku.resources import (
    FORMATION,
    MAINTENANCE,
    RELEASE,
    RESTART,
    Current,
    Formation,
    Maintenance,
)
from integrations.heroku.runbook import runbook
from integrations.heroku.settings import HerokuSettings
from integrations.heroku.setup import ASKS, by_hand

__all__ = [
    "BUILD",
    "FORMATION",
    "HEROKU",
    "MAINTENANCE",
    "RELEASE",
    "RESTART",
    "Addon",
    "App",
    "Current",
    "Formation",
    "HerokuReads",
    "HerokuSettings",
    "Maintenance",
    "Release",
    "Type",
    "find_app",
]

HEROKU: Vendor[HerokuSettings, HerokuClient, HerokuReads] = Vendor(
    name="heroku",
    title="Heroku",
    settings=HerokuSettings,
    connect=connect,
    reads=HerokuReads,
    resources=(FORMATION, MAINTENANCE, RELEASE, RESTART, BUILD),
    check=check,
    names=NAMES,
    claims=HerokuReads.claims,
    deployer=Deployer,
    costs=told,
    account=HerokuClient.account,
    health=health,
    asks=ASKS,
    by_hand=by_hand,
    runbook=runbook,
)
