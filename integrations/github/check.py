"""Looks from outside: what ``infra check`` finds out about GitHub, and who is an owner there."""

from asyncio import gather
from datetime import datetime, timedelta

from bot.core.duration import spell
from bot.core.errors import Denied, Rejected, VendorError
from bot.core.people import Person, listed
from bot.core.vendor import Finding
from integrations.github.app import Grant
from integrations.github.calls import allowed
from integrations.github.client import API_VERSION, GithubClient
from integrations.github.levels import Level
from integrations.github.models import Organization
from integrations.github.rights import ADMINISTRATION, APP, TOKENS, lacking, needed, needless, scopes


async def check(client: GithubClient) -> tuple[Finding, ...]:
    """Return what was looked at, how it is, and what to do."""
    try:
        return await health(client)
    except Denied as error:
        hint = f"Make one at {TOKENS}, and put it where `integrations.github.token` says."
        return (Finding.bad(error.message, error.hint if client.installation else hint),)
    except Rejected as error:
        return (Finding.bad(error.message, error.hint),)


async def health(client: GithubClient) -> tuple[Finding, ...]:
    """Return how the organisation does, and what is in our way; raises VendorError."""
    organization = await client.organization()
    said = f"GitHub answers (API {API_VERSION}) for the organisation {organization.login}."
    found = await gather(_rights(client), _team(client), _second_factor(client, organization), _stale(client))
    return (
        Finding.good(said),
        *(each for some in found for each in some),
        *_base(organization),
        _webhooks(client),
    )


async def standing(client: GithubClient, person: Person) -> bool | None:
    """Return whether one of our owners owns the organisation too; None when GitHub does not say.

    Who has no GitHub login cannot be looked up, so nothing speaks against them.
    """
    if person.github is None:
        return True
    try:
        place = await client.membership(person.github)
    except VendorError:
        return None
    return place is not None and place.role == "admin" and place.state == "active"


async def _rights(client: GithubClient) -> list[Finding]:
    """Return who we are to GitHub, and the rights we lack."""
    if client.installation is not None:
        return _app(await client.installation.renewed(), client.now(), client.settings.proposes)
    return [*await _scopes(client), *await _account(client)]


def _app(grant: Grant, now: datetime, proposes: bool) -> list[Finding]:
    """Return the permissions that the App lacks, or has beyond what we need."""
    found = [
        Finding.bad(f"The GitHub App lacks `{each.words}`, {each.why}.", APP)
        for each in lacking(grant.permissions, proposes)
    ]
    if not found:
        lives = spell(timedelta(hours=max(1, round((grant.expires_at - now) / timedelta(hours=1)))))
        said = (
            f"The GitHub App has the permissions it needs; each of its tokens lives {lives}, and is renewed."
        )
        found.append(Finding.good(said))
    if more := needless(grant.permissions, proposes):
        hint = "Take them away: on GitHub, the App's page Permissions & events."
        found.append(
            Finding.warning(
                f"The GitHub App has more permissions than it needs: {listed(more, 'and')}.", hint
            )
        )
    if grant.repository_selection != "all":
        hint = "Choose all: on GitHub, the organisation's settings, GitHub Apps, Configure."
        found.append(Finding.warning("The GitHub App sees chosen repositories only, and no new ones.", hint))
    return found


async def _scopes(client: GithubClient) -> list[Finding]:
    """Return the rights a classic token lacks; a fine-grained one is tried out, it does not say."""
    held = await client.scopes()
    if held is None:
        if await allowed(client.invitations()) is not None:
            return [Finding.good("The token may see the organisation's invitations.")]
        rights = listed((f"`{each.words}`" for each in needed(client.settings.proposes)), "and")
        hint = f"It needs {rights}. Change them at {TOKENS}."
        return [Finding.bad("The token may not see the organisation's invitations.", hint)]
    missing = [
        Finding.bad(f"The token lacks the scope `{scope}`, {why}.", f"Tick `{scope}` at {TOKENS}.")
        for scope, why in scopes().items()
        if scope not in held
    ]
    return missing or [Finding.good(f"The token has the scopes {listed(scopes(), 'and')}.")]


async def _account(client: GithubClient) -> list[Finding]:
    login = await client.me()
    if login is None:
        return [
            Finding.warning("GitHub does not say whose the token is.", "Use one of the bot's own account.")
        ]
    place = await allowed(client.membership(login))
    if place and place.role == "admin":
        return [Finding.good(f"The token's account, {login}, is an owner of {client.org}.")]
    hint = f"An owner makes it one: https://github.com/orgs/{client.org}/people"
    return [
        Finding.bad(f"The token's account, {login}, is not an owner of {client.org}: it cannot invite.", hint)
    ]


async def _team(client: GithubClient) -> list[Finding]:
    slug = client.settings.push_team
    if await allowed(client.team(slug)):
        return [Finding.good(f"The team {slug} exists.")]
    hint = "Set `integrations.github.push_team` to the slug of the team whose members may push."
    return [Finding.bad(f"There is no team {slug} that the token can see.", hint)]


async def _second_factor(client: GithubClient, organization: Organization) -> list[Finding]:
    if organization.two_factor_requirement_enabled:
        return [Finding.good("Two-factor authentication is required.")]
    if organization.two_factor_requirement_enabled is None:
        hint = f"Give it `{ADMINISTRATION.words}`, or use an owner's token."
        return [Finding.warning("The token may not see whether two-factor is required.", hint)]
    without = await allowed(client.members(only="2fa_disabled")) or []
    hint = "An owner requires it: on GitHub, Settings, Authentication security. Warn those without it first."
    names = f" Without it: {listed(sorted(user.login for user in without), 'and')}." if without else ""
    return [Finding.warning(f"Two-factor authentication is not required.{names}", hint)]


async def _stale(client: GithubClient) -> list[Finding]:
    failed = await allowed(client.failed_invitations()) or []
    if not failed:
        return [Finding.good("No invitation has expired.")]
    names = listed(sorted(each.login or each.email or "somebody" for each in failed), "and")
    hint = "Invite them again, or dismiss them: on GitHub, People, Failed invitations."
    return [Finding.warning(f"Invitations that expired or failed: {names}.", hint)]


def _base(organization: Organization) -> list[Finding]:
    if organization.base is None or organization.base <= Level.READ:
        return []
    hint = "An owner lowers the base permission to Read: on GitHub, Settings, Member privileges."
    return [Finding.warning(f"Every member has {organization.base.value} on every repository.", hint)]


def _webhooks(client: GithubClient) -> Finding:
    if client.settings.webhook_secret is None:
        return Finding.good("Webhooks are off, which is fine: the bot looks by itself, within half an hour.")
    return Finding.good("Webhooks are on, at /webhooks/github: what happens on GitHub is looked at at once.")
