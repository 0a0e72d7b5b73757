"""How our documentation does: its last build, and how near it is to being disabled."""

from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.readthedocs.reads import ReadTheDocsReads

DISABLED = 25  # failed builds in a row on the default version, after which a project is disabled
WARN = 10


async def health(reads: ReadTheDocsReads) -> tuple[Finding, ...]:
    """Return how the last build came out, a streak of failures, and which versions are built."""
    project = await reads.project()
    if project is None:
        text = f"Read the Docs has no project {reads.name} that our token may see."
        return (
            Finding(
                level="bad", text=text, hint="Let the bot's account maintain it: its Settings, Maintainers."
            ),
        )
    return (await _last(reads), *await _streak(reads), await _versions(reads))


async def _last(reads: ReadTheDocsReads) -> Finding:
    ended = [build for build in await reads.last() if build.ended]
    if not ended:
        return Finding(level="good", text=f"{reads.name} has no finished build of {reads.version} yet.")
    last = ended[0]
    if last.success:
        return Finding(level="good", text=f"Build {last.id} of {reads.version} came out well.")
    why = " ".join((last.error or "see there").split())[:200]
    text = f"Build {last.id} of {reads.version} failed: {why} ({last.urls.build})."
    return Finding(
        level="warning",
        text=text,
        hint="Mend it in the documentation's repository; `deploy docs` builds anew.",
    )


async def _streak(reads: ReadTheDocsReads) -> tuple[Finding, ...]:
    failed = await reads.streak()
    if failed < WARN:
        return ()
    if failed >= DISABLED:
        hint = "A maintainer enables it again: the project's Settings, once a build can succeed."
        text = f"{failed} builds failed in a row: Read the Docs disables a project after {DISABLED}."
        return (Finding(level="bad", text=text, hint=hint),)
    text = f"{failed} builds failed in a row: after {DISABLED} Read the Docs disables the project."
    return (Finding(level="warning", text=text, hint="Mend it, or switch off what builds it."),)


async def _versions(reads: ReadTheDocsReads) -> Finding:
    built = await reads.versions()
    if reads.version not in built:
        text = f"Read the Docs does not build {reads.version}: no active version is called so."
        known = f" It builds {listed(sorted(built), 'and')}." if built else ""
        hint = f"A maintainer activates it, or `integrations.readthedocs.version` names another one.{known}"
        return Finding.bad(text, hint)
    return Finding.good(f"Versions that are built: {listed(sorted(built), 'and')}.")
