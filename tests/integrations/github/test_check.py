"""The check: what is wrong is said with how to put it right; and who is an owner there."""

import pytest

from bot.core.errors import Denied
from bot.core.people import Person
from bot.core.vendor import Finding
from integrations.github import GITHUB
from integrations.github.check import check, standing
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import Wired


async def wrong(github: Wired) -> list[Finding]:
    """Return what the check finds wanting."""
    found = await check(github.client)
    assert all(finding.hint for finding in found if finding.level != "good")
    return [finding for finding in found if finding.level != "good"]


async def test_all_is_well(wire: Wire) -> None:
    """A token with its scopes, an owner's account, two-factor required, nothing overdue."""
    github = await wire(two_factor_required=True)
    found = await check(github.client)
    assert {finding.level for finding in found} == {"good"}
    assert found[0].text.startswith("GitHub answers")
    assert GITHUB.check is check
    assert GITHUB.health is not None
    assert await GITHUB.health(GITHUB.reads(github.client)) == found
    assert GITHUB.standing is standing


async def test_a_wrong_token_is_the_one_finding(hub: Wired) -> None:
    """Without an answer nothing else is worth saying."""
    hub.standin.world.token = "another"
    (finding,) = await check(hub.client)
    assert finding.level == "bad"
    assert "does not accept our token" in finding.text
    assert GITHUB.health is not None
    with pytest.raises(Denied):
        await GITHUB.health(GITHUB.reads(hub.client))


async def test_a_missing_organisation_is_said(hub: Wired) -> None:
    """A misspelt organisation is not found."""
    hub.instead("GET /orgs/PyconUK", {"message": "Not Found"}, 404)
    (finding,) = await check(hub.client)
    assert "knows nothing at `/orgs/PyconUK`" in finding.text


@pytest.mark.parametrize(("scopes", "lacking"), [(["repo"], "admin:org"), (["admin:org"], "repo")])
async def test_a_missing_scope_is_named_with_where_to_tick_it(
    wire: Wire, scopes: list[str], lacking: str
) -> None:
    """Each scope that lacks is one finding."""
    github = await wire(two_factor_required=True, token_scopes=scopes)
    (finding,) = [each for each in await wrong(github) if "scope" in each.text]
    assert (finding.level, f"lacks the scope `{lacking}`" in finding.text) == ("bad", True)
    assert f"Tick `{lacking}`" in finding.hint


async def test_other_tokens_are_tried_out(hub: Wired) -> None:
    """A token that has permissions instead of scopes shows by what it may see."""
    hub.instead("GET /orgs/PyconUK", {"login": "PyconUK", "two_factor_requirement_enabled": True})
    assert await wrong(hub) == []
    hub.instead("GET /orgs/PyconUK/invitations", {"message": "Resource not accessible"}, 403)
    (finding,) = await wrong(hub)
    assert "`Organization: Members (write)`" in finding.hint


async def test_an_account_that_owns_nothing_is_bad(hub: Wired) -> None:
    """Only an owner can invite."""
    hub.standin.world.members[hub.standin.world.bot] = "member"
    assert any("pyconuk-infra, is not an owner" in finding.text for finding in await wrong(hub))


async def test_a_missing_push_team_is_bad(wire: Wire) -> None:
    """The team of the settings must exist."""
    assert any("no team core" in finding.text for finding in await wrong(await wire(teams=[])))


async def test_who_has_no_second_factor_is_named(wire: Wire) -> None:
    """Where it is not required, those without it are listed; where it cannot be seen, that is said."""
    github = await wire(users=[{"login": "organiser-3", "two_factor": False}])
    (finding,) = [each for each in await wrong(github) if "Two-factor" in each.text]
    assert "Without it: organiser-3." in finding.text
    github.instead("GET /orgs/PyconUK", {"login": "PyconUK"})
    assert any("may not see whether two-factor" in finding.text for finding in await wrong(github))


async def test_a_wide_base_permission_is_a_warning(wire: Wire) -> None:
    """Write for everybody makes grants meaningless."""
    github = await wire(default_repository_permission="write", two_factor_required=True)
    (finding,) = await wrong(github)
    assert "Every member has Write" in finding.text


async def test_expired_invitations_are_named(wire: Wire) -> None:
    """Who did not accept in time is asked again or let go."""
    github = await wire(two_factor_required=True)
    await github.client.set_membership("newcomer", "member")
    github.now = github.now.replace(month=7)
    (finding,) = await wrong(github)
    assert "newcomer" in finding.text


async def test_owners_stand_while_github_says_so(hub: Wired) -> None:
    """An owner there stands, a member or stranger does not, silence is no answer."""
    people = {"Cory": True, "organiser-1": False, "newcomer": False}
    for login, stands in people.items():
        assert await standing(hub.client, Person(name="Cory", github=login)) is stands
    assert await standing(hub.client, Person(name="Cory")) is True
    hub.instead("GET /orgs/PyconUK/memberships/Cory", {}, 502)
    assert await standing(hub.client, Person(name="Cory", github="Cory")) is None
