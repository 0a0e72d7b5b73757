"""A proposed file: a branch, the file on it and a pull request, each with one call, and found again."""

import pytest

from bot.core.bound import Bound
from bot.core.errors import Refused, Rejected
from bot.core.vendor import Reach
from integrations.github import BRANCH, FILE, PULL_REQUEST, Branch, File, PullRequest
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import SITE, Wired

ON = f"{SITE}/organisers-page-1"
PAGE = f"{ON}/docs/page.rst"
PULL = PullRequest(base="main", title="The page")


async def propose(github: Wired) -> None:
    """Propose a page."""
    await BRANCH.write(github.client, ON, Branch(base="main"))
    await FILE.write(github.client, PAGE, File(text="New\n"))
    await PULL_REQUEST.write(github.client, ON, PULL)


async def test_a_file_is_proposed_with_three_calls(hub: Wired) -> None:
    """The default branch stays as it is; what was there is replaced; each is found again."""
    repo = hub.standin.world.repo(SITE)
    assert repo
    repo.texts, repo.files = {"docs/page.rst": "Old\n"}, ("docs/page.rst",)
    assert await BRANCH.read(hub.client, ON) is None
    assert await FILE.read(hub.client, PAGE) == File(text="Old\n")  # as a branch would begin
    assert await PULL_REQUEST.read(hub.client, ON) is None
    await propose(hub)
    assert [call.partition(" ")[0] for call in hub.writes] == ["POST", "PUT", "POST"]
    live = await BRANCH.read(hub.client, ON)
    assert BRANCH.reached(live, Branch(base="main")) is Reach.YES
    assert await FILE.read(hub.client, PAGE) == File(text="New\n")
    assert await PULL_REQUEST.read(hub.client, ON) == PULL
    assert repo.texts == {"docs/page.rst": "Old\n"}
    with pytest.raises(Rejected, match="already exists"):
        await BRANCH.write(hub.client, ON, Branch(base="main"))
    with pytest.raises(Rejected, match="already exists"):
        await PULL_REQUEST.write(hub.client, ON, PULL)


async def test_taken_back_the_pull_request_is_closed_and_the_rest_stays(hub: Wired) -> None:
    """Nothing that people may have built upon is deleted, and the words say so."""
    await propose(hub)
    bound = Bound(PULL_REQUEST, hub.client)
    back, still = await bound.back(await bound.plan(ON, PULL))
    assert (back.after, still) == (PULL.model_dump(), True)
    await PULL_REQUEST.write(hub.client, ON, None)
    await PULL_REQUEST.write(hub.client, ON, None)
    assert [each.state for each in hub.standin.world.repo(SITE).pulls] == ["closed"]  # type: ignore[union-attr] # in the seed
    for resource, target, after in ((BRANCH, ON, Branch()), (FILE, PAGE, File(text="New\n"))):
        made = Bound(resource, hub.client).change(target, None, after.model_dump())
        back, _ = await Bound(resource, hub.client).back(made)
        assert (back.before == back.after, "stays" in back.words) == (True, True)
        with pytest.raises(Rejected, match="I delete no"):
            await resource.write(hub.client, target, None)


async def test_what_cannot_be_written_is_refused_with_its_reason(hub: Wired) -> None:
    """Rules of the repository, a base that is not there, a branch that is gone, an archived repository."""
    with pytest.raises(Rejected, match="no branch draft to begin from"):
        await BRANCH.write(hub.client, ON, Branch(base="draft"))
    with pytest.raises(Rejected, match="no branch organisers-page-1 any more"):
        await FILE.write(hub.client, PAGE, File(text="New\n"))
    repo = hub.standin.world.repo(SITE)
    assert repo
    repo.ruled = True
    with pytest.raises(Rejected, match="rule violations"):
        await BRANCH.write(hub.client, ON, Branch(base="main"))
    bound = Bound(FILE, hub.client)
    change = await bound.plan("2015.pyconuk.org/page/page.rst", File(text="New\n"))
    assert "is archived" in ((await bound.concerns(change)).refused or "")


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (None, "not in the configuration"),
        ({"repository": "nowhere"}, "no repository nowhere"),
        ({"repository": "2015.pyconuk.org"}, "is archived"),
        ({"repository": SITE, "path": "docs.md"}, "is a folder"),
    ],
)
async def test_where_nothing_can_be_proposed_it_is_said(
    wire: Wire, place: dict[str, str] | None, why: str
) -> None:
    """No place, no such repository, an archived one, a folder: each is refused with its remedy."""
    github = await wire()
    repo = github.standin.world.repo(SITE)
    assert repo
    repo.files = ("docs.md/page",)
    settings = github.client.settings
    github.client.settings = type(settings).model_validate(settings.model_dump() | {"organisers_page": place})
    with pytest.raises(Refused, match=why) as refused:
        await github.reads.document()
    assert refused.value.hint
