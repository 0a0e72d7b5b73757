"""Travis CI: builds of websites older than GitHub Actions; kept working, and marked as an old way."""

from bot.core.vendor import Vendor
from integrations.travis_ci.check import check
from integrations.travis_ci.client import TravisClient, connect
from integrations.travis_ci.costs import told
from integrations.travis_ci.health import health
from integrations.travis_ci.reads import TravisReads
from integrations.travis_ci.resources import BUILD_REQUEST
from integrations.travis_ci.runbook import runbook
from integrations.travis_ci.settings import TravisSettings
from integrations.travis_ci.setup import ASKS, RIGHTS, by_hand

__all__ = ["BUILD_REQUEST", "TRAVIS_CI", "TravisReads", "TravisSettings"]

TRAVIS_CI: Vendor[TravisSettings, TravisClient, TravisReads] = Vendor(
    name="travis_ci",
    title="Travis-CI",
    settings=TravisSettings,
    connect=connect,
    reads=TravisReads,
    resources=(BUILD_REQUEST,),
    check=check,
    rights=RIGHTS,
    deployer=lambda reads: reads,
    costs=told,
    account=TravisClient.me,
    health=health,
    asks=ASKS,
    by_hand=by_hand,
    runbook=runbook,
)
