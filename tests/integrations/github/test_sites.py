"""A year's website on GitHub: copied from a template, published and certified, each with one call."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.bound import Bound
from bot.core.change import Change
from bot.core.errors import Rejected
from bot.core.vendor import Concerns, Reach
from integrations.github import APPROVED, PAGES, REPOSITORY, TEMPLATE, NewRepository, Pages, Template
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import SITE, Wired

NEW = "2027.pyconuk.org"
BUILT = Pages(branch="main", path="/")
NAMED = BUILT.model_copy(update={"domain": NEW, "certificate": APPROVED})
WHOLE = NAMED.model_copy(update={"https": True})


def change(before: Pages | None, after: Pages | None) -> Change:
    """Return a change of how the new repository is published."""
    one, other = (None if each is None else each.model_dump(mode="json") for each in (before, after))
    return Change(resource=PAGES.name, target=NEW, before=one, after=other)


def states(before: Pages | None, after: Pages | None) -> list[Pages | None]:
    """Return what a change goes through, from its beginning to its end."""
    steps = PAGES.steps(change(before, after))
    found = [step.after for step in steps]
    assert [step.before for step in steps[1:]] == found[:-1]
    return [None if each is None else Pages.model_validate(each) for each in found]


async def make(github: Wired) -> None:
    """Make the new repository, with its contents."""
    await TEMPLATE.write(github.client, SITE, Template())
    await REPOSITORY.write(github.client, NEW, NewRepository(template=SITE))
    github.now += timedelta(seconds=2)


async def weighed(github: Wired, resource: Any, target: str, after: Any) -> Concerns:
    """Return what the guards are told of a change from what is live."""
    bound = Bound(resource, github.client)
    return await bound.concerns(await bound.plan(target, after))


async def test_a_repository_is_copied_from_a_template(hub: Wired) -> None:
    """It may be copied once it is a template; the copy is under way until its contents are there."""
    wanted = NewRepository(template=SITE)
    assert await TEMPLATE.read(hub.client, SITE) is None
    with pytest.raises(Rejected):
        await REPOSITORY.write(hub.client, NEW, wanted)
    await make(hub)
    hub.now -= timedelta(seconds=2)
    assert await TEMPLATE.read(hub.client, SITE) == Template()
    live = await REPOSITORY.read(hub.client, NEW)
    assert live == NewRepository(arriving=True)
    assert REPOSITORY.reached(live, wanted) is Reach.UNDER_WAY
    assert "have not arrived yet; looked for until 15 Jun" in REPOSITORY.waiting(NEW, live, "15 Jun")
    hub.now += timedelta(seconds=2)
    assert REPOSITORY.reached(await REPOSITORY.read(hub.client, NEW), wanted) is Reach.YES
    assert REPOSITORY.reached(live, wanted.model_copy(update={"private": True})) is Reach.NO
    assert REPOSITORY.reached(None, wanted) is Reach.NO
    await TEMPLATE.write(hub.client, SITE, None)
    assert await TEMPLATE.read(hub.client, SITE) is None


async def test_a_repository_is_never_deleted(hub: Wired) -> None:
    """Not by a plan, not by an undo, which says that it stays."""
    await make(hub)
    assert "I never delete a repository" in ((await weighed(hub, REPOSITORY, NEW, None)).refused or "")
    with pytest.raises(Rejected, match="I never delete"):
        await REPOSITORY.write(hub.client, NEW, None)
    made = Change(
        resource=REPOSITORY.name, target=NEW, before=None, after={"template": SITE, "private": False}
    )
    back, still = await Bound(REPOSITORY, hub.client).back(made)
    assert still
    assert back.before == back.after
    assert f"*{NEW}* stays: I never delete a repository." in back.words
    gone = made.model_copy(update={"target": "2028.pyconuk.org"})
    assert (await Bound(REPOSITORY, hub.client).back(gone))[1] is False


async def test_what_is_not_there_is_not_copied(hub: Wired) -> None:
    """The guards say what is missing, or archived, before anything is filed."""
    concerns = await weighed(hub, REPOSITORY, NEW, NewRepository(template="nothing"))
    assert concerns.refused == "PyconUK has no repository nothing to copy."
    assert (await weighed(hub, REPOSITORY, NEW, NewRepository(template=SITE))).refused is None
    assert "archived" in ((await weighed(hub, TEMPLATE, "2015.pyconuk.org", Template())).refused or "")
    assert "archived" in ((await weighed(hub, PAGES, "2015.pyconuk.org", BUILT)).refused or "")


async def test_a_name_that_is_given_up_is_told_to_the_guards(wire: Wire) -> None:
    """Whoever claims it next has it: so it must not be while the name still points there."""
    published = await wire(repos=[{"name": SITE, "pages": {"cname": SITE}}], teams=[], collaborators={})
    assert (await weighed(published, PAGES, SITE, None)).frees == {SITE}
    assert (await weighed(published, PAGES, SITE, BUILT)).frees == {SITE}
    https = Pages(branch="main", path="/", domain=SITE, certificate=APPROVED, https=True)
    assert (await weighed(published, PAGES, SITE, https)).frees == set()


async def test_a_site_comes_in_three_calls(hub: Wired) -> None:
    """Published, named, and over HTTPS alone once the certificate is there; each is one call."""
    await make(hub)
    assert await PAGES.read(hub.client, NEW) is None
    before = len(hub.writes)
    await PAGES.write(hub.client, NEW, BUILT)
    assert await PAGES.read(hub.client, NEW) == BUILT
    await PAGES.write(hub.client, NEW, NAMED)
    live = await PAGES.read(hub.client, NEW)
    assert live is not None
    assert live.certificate == "new"
    assert PAGES.reached(live, NAMED) is Reach.UNDER_WAY
    assert f"no certificate for {NEW} yet (new)" in PAGES.waiting(NEW, live, "16 Jun")
    with pytest.raises(Rejected):
        await PAGES.write(hub.client, NEW, WHOLE)
    hub.standin.world.break_certificate(NEW)
    broken = await PAGES.read(hub.client, NEW)
    assert f"got no certificate for {NEW} (bad_authz)" in PAGES.waiting(NEW, broken, "16 Jun")
    hub.standin.world.break_certificate(NEW, None)
    hub.now += timedelta(minutes=7)
    assert PAGES.reached(await PAGES.read(hub.client, NEW), NAMED) is Reach.YES
    await PAGES.write(hub.client, NEW, WHOLE)
    assert await PAGES.read(hub.client, NEW) == WHOLE
    await PAGES.write(hub.client, NEW, WHOLE)  # nothing is left to do, so nothing is sent
    await PAGES.write(hub.client, NEW, None)
    assert PAGES.reached(await PAGES.read(hub.client, NEW), None) is Reach.YES
    assert len(hub.writes) == before + 5  # that which was refused is one of them


async def test_a_site_that_a_workflow_builds(hub: Wired) -> None:
    """Its branch does not matter; from a branch to a workflow and back is one call each."""
    by_workflow = Pages(build="workflow")
    await make(hub)
    await PAGES.write(hub.client, NEW, by_workflow)
    assert await PAGES.read(hub.client, NEW) == by_workflow
    await PAGES.write(hub.client, NEW, BUILT)
    assert await PAGES.read(hub.client, NEW) == BUILT
    await PAGES.write(hub.client, NEW, by_workflow)
    assert await PAGES.read(hub.client, NEW) == by_workflow


@pytest.mark.parametrize(
    ("before", "after", "through"),
    [
        (None, WHOLE, [BUILT, NAMED, WHOLE]),
        (BUILT, WHOLE, [NAMED, WHOLE]),
        (NAMED.model_copy(update={"certificate": "errored"}), WHOLE, [NAMED, WHOLE]),
        (WHOLE, NAMED, [NAMED]),
        (WHOLE, BUILT, [BUILT]),
        (WHOLE, None, [None]),
        (None, BUILT, [BUILT]),
        (BUILT, Pages(build="workflow"), [Pages(build="workflow")]),
    ],
)
def test_a_change_is_planned_in_its_calls(
    before: Pages | None, after: Pages | None, through: list[Pages | None]
) -> None:
    """HTTPS comes after the certificate, which comes after the name, which comes after the source."""
    assert states(before, after) == through


def test_in_words() -> None:
    """The card says what happens and what is now, step by step."""
    assert [step.words for step in PAGES.steps(change(None, WHOLE))] == [
        f"GitHub Pages publishes *{NEW}* from main, folder / (now: not published)",
        f"GitHub Pages publishes *{NEW}* under its own name, with a certificate (now: no name of its own)",
        f"GitHub Pages serves *{NEW}* over HTTPS alone (now: HTTP too)",
    ]
    again = PAGES.steps(change(NAMED.model_copy(update={"certificate": "errored"}), NAMED))
    assert again[0].words.endswith("with a certificate (now: certificate errored)")
    assert PAGES.words(NEW, WHOLE, None) == f"GitHub Pages publishes *{NEW}* no longer (now: {NEW})"
    assert PAGES.words(NEW, WHOLE, BUILT).endswith(f"without a name of its own (now: {NEW})")
    assert PAGES.words(NEW, WHOLE, NAMED).endswith("over HTTP too (now: HTTPS alone)")
    assert PAGES.words(NEW, BUILT, Pages(build="workflow")).endswith(
        "by its workflow (now: from main, folder /)"
    )
    assert TEMPLATE.words(SITE, Template(), None) == (
        f"*{SITE}* may no longer be copied as a template (now: it may)"
    )
    private = NewRepository(template=SITE, private=True)
    assert REPOSITORY.words(NEW, None, private) == f"*{NEW}* is made from *{SITE}*, private (now: nothing)"
    assert REPOSITORY.words(NEW, private, None) == f"*{NEW}* is deleted (now: it is there)"


async def test_workflows_are_read(hub: Wired) -> None:
    """The files in the workflows' folder; nothing where there is no such folder."""
    hub.standin.world.repo(SITE).files = ("README.md", ".github/workflows/tests.yml")  # type: ignore[union-attr] # it is in the seed
    assert await hub.reads.workflows(SITE) == ("tests.yml",)
    assert await hub.reads.workflows("ironcage") == ()
