"""A website: its repository, made from a template, and how GitHub Pages publishes it."""

from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal

from bot.core.change import Change
from bot.core.errors import Rejected
from bot.core.values import Value
from bot.core.vendor import Concerns, Reach, Resource
from integrations.github.client import GithubClient
from integrations.github.guards import archived
from integrations.github.resources.shared import parsed

APPROVED = "approved"
BROKEN = {"bad_authz", "dns_changed", "errored"}
NEVER = (
    "I never delete a repository: what people pushed to it would be gone. "
    "An owner does it by hand: on GitHub, its Settings, Danger Zone."
)


class Template(Value):
    """That a repository may be copied as a template."""


class NewRepository(Value):
    """A repository made from a *template* (unknown of one that is there); *arriving* until it is filled."""

    template: str = ""
    private: bool = False
    arriving: bool = False


class Pages(Value):
    """How a repository is published: from a *branch* and *path*, or (both empty) by a workflow.

    *domain* is its own name, if any, *certificate* how far GitHub is with the
    certificate for it, *https* whether nothing else is served.
    """

    build: Literal["legacy", "workflow"] = "legacy"
    branch: str = ""
    path: str = ""
    domain: str = ""
    certificate: str = ""
    https: bool = False


# --- that a repository may be copied


async def _read_template(client: GithubClient, target: str) -> Template | None:
    found = await client.repository(target)
    return Template() if found and found.is_template else None


async def _write_template(client: GithubClient, target: str, after: Template | None) -> None:
    await client.set_template(target, after is not None)


def _say_template(target: str, before: Template | None, after: Template | None) -> str:
    now = "it may" if before else "it may not"
    return f"*{target}* may {'' if after else 'no longer '}be copied as a template (now: {now})"


async def _weigh_template(client: GithubClient, change: Change) -> Concerns:
    return Concerns(refused=await archived(client, change.target))


TEMPLATE = Resource(
    "github.template", Template, _read_template, _write_template, _say_template, concerns=_weigh_template
)

# --- a repository made from a template


async def _read_repository(client: GithubClient, target: str) -> NewRepository | None:
    found = await client.repository(target)
    if found is None:
        return None
    return NewRepository(private=found.private, arriving=not await client.folder(target))


async def _write_repository(client: GithubClient, target: str, after: NewRepository | None) -> None:
    if after is None:
        raise Rejected("GitHub", NEVER)
    await client.generate(after.template, target, after.private)


def _filled(live: NewRepository | None, after: NewRepository | None) -> Reach:
    """Say how far a repository is: under way until its contents have arrived."""
    if live is None or after is None:
        return Reach.YES if live is after else Reach.NO
    if live.private != after.private:
        return Reach.NO
    return Reach.UNDER_WAY if live.arriving and not after.arriving else Reach.YES


def _say_repository(target: str, before: NewRepository | None, after: NewRepository | None) -> str:
    if after is None:
        return f"*{target}* is deleted (now: it is there)"
    private = ", private" if after.private else ""
    now = "nothing" if before is None else "without contents" if before.arriving else "it is there"
    return f"*{target}* is made from *{after.template}*{private} (now: {now})"


def _fills(target: str, _live: NewRepository | None, until: str) -> str:
    return f"The contents of {target} have not arrived yet; looked for until {until}"


async def _weigh_repository(client: GithubClient, change: Change) -> Concerns:
    after = parsed(NewRepository, change.after)
    if after is None:
        return Concerns(refused=NEVER)
    if change.before is None and await client.repository(after.template) is None:
        return Concerns(refused=f"{client.org} has no repository {after.template} to copy.")
    return Concerns()


REPOSITORY = Resource(
    "github.repository",
    NewRepository,
    _read_repository,
    _write_repository,
    _say_repository,
    reached=_filled,
    concerns=_weigh_repository,
    patience=timedelta(hours=1),
    waiting=_fills,
    stays="stays: I never delete a repository. An owner can, by hand on GitHub",
)

# --- how a repository is published


async def _read_pages(client: GithubClient, target: str) -> Pages | None:
    found = await client.pages(target)
    if found is None:
        return None
    by_workflow = found.build_type == "workflow"
    source = None if by_workflow else found.source
    certificate = found.https_certificate.state if found.cname and found.https_certificate else ""
    return Pages(
        build="workflow" if by_workflow else "legacy",
        branch=source.branch if source else "",
        path=source.path if source else "",
        domain=found.cname or "",
        certificate=certificate,
        https=found.https_enforced,
    )


async def _write_pages(client: GithubClient, target: str, after: Pages | None) -> None:
    """Publish, change the one thing that is not as it should be, or publish no longer."""
    live = await _read_pages(client, target)
    if after is None:
        await client.remove_pages(target)
    elif live is None:
        await client.add_pages(target, _source(after))
    elif changed := _changed(live, after):
        await client.change_pages(target, changed)


def _source(state: Pages) -> dict[str, Any]:
    """Return from where a site is built, as GitHub wants it said."""
    if state.build == "workflow":
        return {"build_type": "workflow"}
    return {"build_type": "legacy", "source": {"branch": state.branch, "path": state.path}}


def _changed(live: Pages, after: Pages) -> dict[str, Any]:
    """Return what one call changes: name and HTTPS go in two, since the certificate comes between them."""
    if _source(live) != _source(after):
        return _source(after)
    if live.domain != after.domain:
        return {"cname": after.domain or None}
    return {"https_enforced": after.https} if live.https != after.https else {}


def _published(live: Pages | None, after: Pages | None) -> Reach:
    """Say how far a site is: under way while all but its certificate is as it should be."""
    if live is None or after is None or live == after:
        return Reach.YES if live == after else Reach.NO
    if live.model_dump(exclude={"certificate"}) != after.model_dump(exclude={"certificate"}):
        return Reach.NO
    return Reach.YES if live.certificate == APPROVED else Reach.UNDER_WAY


def _say_pages(target: str, before: Pages | None, after: Pages | None) -> str:
    if after is None:
        now = before.domain or _built(before) if before else "not published"
        return f"GitHub Pages publishes *{target}* no longer (now: {now})"
    if before is None:
        return f"GitHub Pages publishes *{target}* {_built(after)} (now: not published)"
    if (before.domain, before.certificate) != (after.domain, after.certificate):
        own = "under its own name" if after.domain == target else f"as *{after.domain}*"
        name = f"{own}, with a certificate" if after.domain else "without a name of its own"
        now = before.domain or "no name of its own"
        if before.domain == after.domain:
            now = f"certificate {before.certificate or 'none'}"
        return f"GitHub Pages publishes *{target}* {name} (now: {now})"
    if before.https != after.https:
        wanted, now = ("over HTTPS alone", "HTTP too") if after.https else ("over HTTP too", "HTTPS alone")
        return f"GitHub Pages serves *{after.domain or target}* {wanted} (now: {now})"
    return f"GitHub Pages publishes *{target}* {_built(after)} (now: {_built(before)})"


def _built(state: Pages) -> str:
    return "by its workflow" if state.build == "workflow" else f"from {state.branch}, folder {state.path}"


def _certifying(target: str, live: Pages | None, until: str) -> str:
    """Say how far GitHub is with the certificate."""
    state, name = (live.certificate, live.domain) if live else ("", target)
    if state in BROKEN:
        return (
            f"GitHub got no certificate for {name} ({state}). `dns check {name}` says if it leads there; "
            f"then, on GitHub, Settings, Pages, take the name out and put it in again. I look until {until}"
        )
    said = f" ({state})" if state else ""
    return f"GitHub has no certificate for {name} yet{said}; mostly within an hour, looked for until {until}"


async def _weigh_pages(client: GithubClient, change: Change) -> Concerns:
    """Weigh how a repository is published: what is archived stays as it is, and a name may become free."""
    before, after = parsed(Pages, change.before), parsed(Pages, change.after)
    had = {before.domain} - {""} if before else set()
    frees = had - ({after.domain} if after else set())
    return Concerns(refused=await archived(client, change.target), frees=frozenset(frees))


def _steps(change: Change) -> tuple[Change, ...]:
    """Return a change in the calls it takes: the source, the name and its certificate, HTTPS."""
    before, after = parsed(Pages, change.before), parsed(Pages, change.after)
    if after is None:
        return (change,)
    source = {"build": after.build, "branch": after.branch, "path": after.path}
    named = {"domain": after.domain, "certificate": after.certificate}
    states: list[Pages | None] = [before]
    now = before.model_copy(update=source) if before else Pages.model_validate(source)
    for new in ({}, named, {"https": after.https}):
        https = {"https": False} if new is named and now.domain != after.domain else {}
        now = now.model_copy(update={**new, **https})
        if now != states[-1]:
            states.append(now)
    return tuple(
        change.model_copy(
            update={
                "before": None if one is None else one.model_dump(mode="json"),
                "after": None if other is None else other.model_dump(mode="json"),
                "words": _say_pages(change.target, one, other),
            }
        )
        for one, other in pairwise(states)
    )


PAGES = Resource(
    "github.pages",
    Pages,
    _read_pages,
    _write_pages,
    _say_pages,
    reached=_published,
    concerns=_weigh_pages,
    patience=timedelta(days=1),
    waiting=_certifying,
    steps=_steps,
)
