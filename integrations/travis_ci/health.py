"""How the builds at Travis CI do; that it is an old way is said each time."""

from bot.core.deploying import Stage
from bot.core.vendor import Finding
from integrations.travis_ci.reads import TravisReads
from integrations.travis_ci.resources import run

MOVE = "A site moves by a workflow of GitHub Actions; then Travis-CI is switched off for it, and here."


async def health(reads: TravisReads) -> tuple[Finding, ...]:
    """Return how the last build of the default branch came out, and whether more can be built."""
    found = await reads.repository()
    if found is None:
        text = f"Travis-CI knows no repository {reads.slug} that our token may see."
        return (Finding(level="bad", text=text, hint="Check `integrations.travis_ci`; or take it out."),)
    if not found.active:
        text = f"Travis-CI does not build {reads.slug} any more."
        return (Finding(level="warning", text=text, hint="Take `integrations.travis_ci` out."),)
    return (await _last(reads), *await _credits(reads))


async def _last(reads: TravisReads) -> Finding:
    ended = [each for each in (run(reads.slug, build) for build in await reads.last()) if _over(each.stage)]
    if not ended:
        return Finding(level="good", text=f"No build of {reads.slug} has ended yet (an old way to build).")
    if ended[0].stage is Stage.GOOD:
        return Finding(level="good", text=f"{ended[0].name} of {reads.slug} passed (an old way to build).")
    text = f"{ended[0].name} of {reads.slug} came out {ended[0].text} ({ended[0].link})."
    return Finding(level="warning", text=text, hint=MOVE)


def _over(stage: Stage) -> bool:
    return stage is not Stage.UNDER_WAY


async def _credits(reads: TravisReads) -> tuple[Finding, ...]:
    if await reads.may_build():
        return ()
    text = "Travis-CI builds no public repositories for us: its credits are used up, or were never given."
    return (Finding(level="warning", text=text, hint=f"Credits are asked for by mail at Travis-CI. {MOVE}"),)
