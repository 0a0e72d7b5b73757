"""A deploy of the site that failed shows on the board, at GitHub and at the site alone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.app.deployed import health
from bot.core.board import Service
from bot.core.command import Organisation, nowhere
from bot.core.errors import Unavailable
from bot.core.vendor import Finding
from integrations.github.standin.actions import begin
from tests.integrations.github.wired import SITE, Wired, wired

FINE = Finding.good("GitHub answers.")
WORKFLOW = {".github/workflows/jekyll.yml": "on: workflow_dispatch"}
SERVICES = {
    "website": Service(repository="{year}.pyconuk.org", deploys={"website": "github"}),
    "cage": Service(repository="ironcage", deploys={"cage": "github", "docs": "readthedocs"}),
    "chat": Service(),
}


async def ask() -> tuple[Finding, ...]:
    """Say what GitHub says of itself."""
    return (FINE,)


async def gone() -> str | None:
    """Fail to say where visitors are sent to."""
    raise Unavailable("DNSimple", "DNSimple does not answer.", "")


async def last_year() -> str | None:
    """Send visitors to the site before."""
    return "2025.pyconuk.org"


async def test_a_red_run_of_this_years_site_is_a_finding_of_the_site() -> None:
    """It stays while the next is under way, and goes when that came out well; other years' do not count."""
    repos = [{"name": SITE, "texts": WORKFLOW}, {"name": "2025.pyconuk.org"}, {"name": "ironcage"}]
    async with wired({"repos": repos, "teams": [], "collaborators": {}}) as hub:
        us = Organisation("PyCon UK", "pyconuk.org", ZoneInfo("Europe/London"), SERVICES)

        async def found(site: Callable[[], Awaitable[str | None]] = nowhere) -> tuple[Finding, ...]:
            hub.client.memo.clear()
            return await health(ask, hub.reads, us, site, lambda: hub.now)

        assert await found() == (FINE,)  # it never ran
        _ran(hub, "failure")
        said, red = await found()
        assert (said, red.level, red.service) == (FINE, "bad", "website")
        assert red.text.startswith(f"Run 1 of jekyll of {SITE} came out failure (https://github.com/")
        assert "`deploy website`" in red.hint
        _ran(hub, "success", over=False)
        assert await found(gone) == (said, red)
        hub.now += timedelta(minutes=2)
        assert await found() == (FINE,)
        _ran(hub, "failure")
        assert await found(last_year) == (FINE,)
        hub.instead(f"GET /repos/PyconUK/{SITE}/actions/runs", {"message": "no"}, 403)
        denied = (await found())[1]
        assert (denied.level, denied.service) == ("warning", "")


def _ran(hub: Wired, outcome: str, *, over: bool = True) -> None:
    """Run the site's workflow, which comes out so."""
    world = hub.standin.world
    repo = world.repo(SITE)
    assert repo
    world.outcome = outcome
    begin(world, repo, "jekyll.yml", world.bot)
    hub.now += timedelta(minutes=2) if over else timedelta(0)
