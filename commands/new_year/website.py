"""What is missing of a year's website, and what a decider should know of it."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from typing import Any

from bot.core.change import Change
from bot.core.errors import Refused
from bot.core.people import listed
from bot.core.run import Run
from bot.core.status import State
from bot.core.vendor import Resource
from commands.new_year.asked import Asked
from integrations.dnsimple import DEFAULT_TTL, DNSIMPLE, RECORD, RecordSet, fitting, record_of, target
from integrations.github import (
    APPROVED,
    PAGES,
    REPOSITORY,
    TEAM_REPO,
    TEMPLATE,
    WORKFLOW_RUN,
    NewRepository,
    Pages,
    Repository,
    TeamRepo,
    Template,
    people,
)
from integrations.travis_ci import TRAVIS_CI

CARRIED_OUT = (State.APPLIED, State.WAITING, State.PARTIAL, State.UNKNOWN)
LOOKED_AT = 100  # requests, the newest


async def changes(asked: Asked, turning: Iterable[Change]) -> AsyncIterator[Change]:
    """Yield what is missing; what is waited for comes last, so that it does not hold up what is *turning*."""
    ctx, name = asked.ctx, asked.name
    for step in await _made(asked):
        yield step
    for team in await asked.reads.teams():
        level = team.repositories.get(asked.last.name) if asked.last else None
        if level and name not in team.repositories:
            yield await ctx.change(TEAM_REPO, f"{team.slug}/{name}", TeamRepo(level=level))
    live, first = await _published(asked)
    if live is None:
        yield await ctx.change(PAGES, name, first)
    if ctx.has(DNSIMPLE) and (record := await _record(asked)):
        yield record
    for step in [*turning, *_named(name, first)]:
        yield step
    if first.build == "workflow":
        with suppress(Refused):  # the notes say so
            if run := await _first_run(asked):
                yield await ctx.change(WORKFLOW_RUN, run, Run())


async def _first_run(asked: Asked) -> str | None:
    """Return the run that publishes a site which a workflow builds: its first one came before it could."""
    return await asked.reads.actions.first(asked.name, (asked.there or asked.template).name)


async def _made(asked: Asked) -> tuple[Change, ...]:
    """Return how the repository is made: from one that may be copied, for as long as it takes."""
    ctx, template = asked.ctx, asked.template
    new = NewRepository(template=template.name, private=template.private)
    made = () if asked.there else (await ctx.change(REPOSITORY, asked.name, new),)
    mark = await ctx.change(TEMPLATE, template.name, Template())
    left = template.template and await _marked(asked)
    if not left and (asked.there or template.template):
        return made
    words = f"*{template.name}* may no longer be copied, as before"
    back = mark.model_copy(update={"before": mark.after, "after": None, "words": words})
    return (*(() if left else (mark,)), *made, back)


async def _marked(asked: Asked) -> bool:
    """Return whether the template's mark is our own, left by a plan that stopped before taking it away."""
    marking = TEMPLATE.name, asked.template.name
    for request, _ in await asked.ctx.requests.newest(CARRIED_OUT, limit=LOOKED_AT):
        changes = enumerate(request.plan.changes)
        marks = {index: each for index, each in changes if (each.resource, each.target) == marking}
        found = await asked.ctx.requests.by_number(request.number) if marks else None
        made = [each for index, each in marks.items() if found and found[1].step("apply", index).made]
        if made:
            return made[-1].after is not None
    return False


def _named(name: str, first: Pages) -> tuple[Change, ...]:
    """Return how a published site gets its name, its certificate and HTTPS."""
    if (first.domain, first.https) == (name, True):
        return ()
    after = first.model_copy(update={"domain": name, "certificate": APPROVED, "https": True})
    before, whole = (state.model_dump(mode="json") for state in (first, after))
    return PAGES.steps(Change(resource=PAGES.name, target=name, before=before, after=whole))


async def _published(asked: Asked) -> tuple[Pages | None, Pages]:
    """Return how the repository is published, and how it is before it has its name: built as last year's."""
    live = await asked.reads.pages(asked.name) if asked.there else None
    if live:
        return live, live
    model = await asked.reads.pages(asked.last.name) if asked.last else None
    if model and model.build == "workflow":
        return None, Pages(build="workflow")
    branch = (asked.there or asked.template).default_branch
    return None, Pages(branch=branch, path=model.path if model else "/")


async def _record(asked: Asked) -> Change | None:
    """Return the record that leads to GitHub, unless it is there; Refused when the name leads elsewhere."""
    ctx, name, host = asked.ctx, asked.name, f"{asked.reads.org.lower()}.github.io"
    reads = ctx.reads(DNSIMPLE)
    here = {entry.type: entry for entry in await reads.at(name)}
    if "CNAME" in here:
        if here["CNAME"].records.records[0].content == host:
            return None
        raise Refused(
            f"{name} leads elsewhere: {here['CNAME'].records.words}.",
            f"`dns change {name} {host}` leads it to GitHub; then ask again.",
        )
    fitting("CNAME", name, reads.zone, here)
    record = record_of("CNAME", name, host, DEFAULT_TTL, None)
    return await ctx.change(RECORD, target(name, "CNAME"), RecordSet.of([record]))


async def gains(asked: Asked, planned: Sequence[Change]) -> list[str]:
    """Return what visitors see, and who may do what on the new repository."""
    copied = f"Who visits *{asked.name}* sees a copy of *{asked.template.name}*"
    granted = {c.target.partition("/")[0]: TeamRepo.model_validate(c.after) for c in _of(TEAM_REPO, planned)}
    given = [
        f"*{people(len(team.members))}* in {team.slug}: {granted[team.slug].level.value} on *{asked.name}*"
        for team in await asked.reads.teams()
        if team.slug in granted
    ]
    return [copied, *given] if _of(REPOSITORY, planned) else given


def _of(resource: Resource[Any, Any], changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if change.resource == resource.name]


async def notes(asked: Asked, planned: Sequence[Change]) -> list[str]:
    """Return what a decider should know of the website beyond the changes."""
    made = bool(_of(REPOSITORY, planned))
    said = [await tested(asked, asked.template), *await _old_way(asked)] if made else []
    if not asked.ctx.has(DNSIMPLE):
        host = f"{asked.reads.org.lower()}.github.io"
        said.append(f"*DNSimple is not set up here:* add the CNAME {asked.name} → {host} by hand, first")
    if _of(PAGES, planned):
        said.append(
            "HTTPS waits for GitHub's certificate: mostly within an hour, at most a day; it goes on by itself"
        )
        said += await unverified(asked)
    by_workflow = any(Pages.model_validate(c.after).build == "workflow" for c in _of(PAGES, planned))
    if by_workflow and not _of(WORKFLOW_RUN, planned):
        try:
            await _first_run(asked)
        except Refused as error:
            said.append(f"*{error.message.rstrip('.')}:* the site shows once somebody pushed to it")
    stay = f"Visitors stay where they are until `switch-year {asked.year}`"
    return said if asked.there else [*said, stay]


async def tested(asked: Asked, repository: Repository) -> str:
    """Return what tests and deploys the new repository, as *repository* does, from which it comes."""
    files = await asked.reads.workflows(repository.name)
    if files and repository == asked.there:
        return f"Its workflows: {listed(files, 'and')}"
    if files:
        return f"Its workflows come with it: {listed(files, 'and')}"
    return f"*{repository.name} has no workflow:* nothing tests what is pushed until somebody adds one"


async def _old_way(asked: Asked) -> list[str]:
    """Return how Travis-CI comes to build the copy: by hand, since nothing new is begun there from here."""
    if not asked.ctx.has(TRAVIS_CI) or not await asked.reads.has_file(asked.template.name, ".travis.yml"):
        return []
    page = asked.ctx.reads(TRAVIS_CI).page(asked.name)
    how = f"switch it on by hand ({page}), and set `integrations.travis_ci.repository`"
    return [f"*Travis-CI builds {asked.name} only once it is told to:* {how}; GitHub Actions needs neither"]


async def unverified(asked: Asked) -> list[str]:
    """Return how to prove to GitHub that the domain is ours, when a site that is there says it is not proven.

    GitHub offers no call for it: an owner asks for the TXT record's value in the organisation's settings.
    """
    site, domain = asked.there or asked.last, asked.ctx.organisation.domain
    state = await asked.reads.unverified(site.name) if site else None
    if state is None:
        return []
    where = f"https://github.com/organizations/{asked.reads.org}/settings/pages"
    why = "so somebody else could publish there under a name of it that is free"
    how = f"by hand, once, an owner adds the domain at {where}, and `dns add` makes the TXT record it shows"
    return [f"*GitHub has not verified that {domain} is ours* ({state}), {why}: {how}"]
