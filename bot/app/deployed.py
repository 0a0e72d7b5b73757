"""How what GitHub deploys of our services came out: which of its runs are ours the settings say."""

from asyncio import gather
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.core.board import YEAR
from bot.core.command import Organisation
from bot.core.deploying import Stage
from bot.core.errors import Denied, Refused
from bot.core.vendor import Finding
from integrations.github import GITHUB, GithubReads, site_year


async def health(
    ask: Callable[[], Awaitable[tuple[Finding, ...]]],
    reads: GithubReads,
    organisation: Organisation,
    site: Callable[[], Awaitable[str | None]],
    clock: Callable[[], datetime],
) -> tuple[Finding, ...]:
    """Return what GitHub says of itself when we *ask*, and which of our services it failed to deploy last.

    *site* names the one that visitors are sent to: of a service of each year, that year's is looked at.
    """
    theirs = [
        (name, service, each.called(name))
        for service, each in organisation.services.items()
        for name, by in each.deploys.items()
        if by.partition(":")[0] == GITHUB.name
    ]
    year = None
    if any(YEAR in of for _, _, of in theirs):
        year = await site_year(await reads.repositories(), organisation, site, clock())
    found = [(name, service, of.replace(YEAR, year or YEAR)) for name, service, of in theirs]
    said, *runs = await gather(ask(), *(_last(reads, *each) for each in found if YEAR not in each[2]))
    return (*said, *(each for some in runs for each in some))


async def _last(reads: GithubReads, name: str, service: str, of: str) -> tuple[Finding, ...]:
    """Return that the last run that is over failed; nothing of what cannot be deployed from here at all."""
    try:
        builds = await reads.actions.builds(of)
    except Refused:
        return ()  # `deploy` says why
    except Denied as error:
        return (Finding.warning(error.message, error.hint),)
    last = next((each.run for each in builds if each.run.stage is not Stage.UNDER_WAY), None)
    if last is None or last.stage is Stage.GOOD:
        return ()
    text = f"{last.name} of {of} came out {last.text} ({last.link})."
    hint = f"What was published before stays; `deploy {name}` starts it again."
    return (Finding(level="bad", text=text, hint=hint, service=service),)
