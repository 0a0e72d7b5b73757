"""A GitHub App: what it signs, how its tokens are renewed, and what it does without being a person."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.core.bound import Bound
from bot.core.errors import Denied, Rejected, Unavailable
from bot.core.people import Person
from bot.http import redacted
from config.loading import mistake
from config.settings import shape
from integrations.github import COLLABORATOR, GITHUB, ORG_MEMBER, TEAM_REPO, GithubSettings, Level, TeamRepo
from integrations.github.app import Signature, private_key
from integrations.github.check import check, standing
from integrations.github.rights import needed
from integrations.github.settings import AppSettings
from tests import appkey
from tests.integrations.github.conftest import Wire
from tests.integrations.github.wired import SITE, Wired

TOKENS = "POST /app/installations/5001/access_tokens"
PRIVATE = appkey.pair()[0]


@pytest.fixture
async def app(wire: Wire) -> Wired:
    """Give a GitHub where the bot is an App with the rights it needs."""
    return await wire(
        permissions={each.name: each.level for each in needed(proposes=False)}, two_factor_required=True
    )


async def test_what_commands_see_is_the_same_as_with_a_token(wire: Wire, app: Wired) -> None:
    """The survey, owners, people, invitations: an App sees them as an owner's token does."""
    person = await wire()
    for github in (person, app):
        await github.client.set_team_membership("core", "newcomer", "member")
    theirs, ours = await person.reads.access(), await app.reads.access()
    assert ours == theirs
    assert [invite.login for invite in await app.reads.invitations()] == ["newcomer"]
    assert await app.reads.bot() is None
    assert await app.client.account() == "our App in PyconUK"


async def test_the_guards_work_without_an_account(app: Wired) -> None:
    """Nobody's access is the App's own; owners are still counted, and still asked whether they are."""
    bound = Bound(ORG_MEMBER, app.client)
    concerns = await bound.concerns(await bound.plan("Cory", None))
    assert concerns.refused is None
    assert "Cory" in concerns.holders
    assert await standing(app.client, Person(name="Cory", github="Cory")) is True
    assert await standing(app.client, Person(name="organiser-1", github="organiser-1")) is False
    assert "GET /user" not in app.calls


async def test_a_grant_is_written_and_read_back(app: Wired) -> None:
    """Writes go with the installation's token."""
    await TEAM_REPO.write(app.client, f"core/{SITE}", TeamRepo(level=Level.WRITE))
    assert await TEAM_REPO.read(app.client, f"core/{SITE}") == TeamRepo(level=Level.WRITE)
    assert await COLLABORATOR.read(app.client, "ironcage/organiser-2") is not None


async def test_one_token_serves_for_most_of_an_hour(app: Wired) -> None:
    """Many calls at once ask for one token; it is renewed before its end, without a refusal."""
    await asyncio.gather(*(app.client.team("core") for _ in range(10)))
    assert app.calls.count(TOKENS) == 1
    app.now += timedelta(minutes=54)
    await app.client.team("core")
    assert app.calls.count(TOKENS) == 1
    app.now += timedelta(minutes=2)
    await asyncio.gather(*(app.client.team("core") for _ in range(10)))
    assert app.calls.count(TOKENS) == 2


async def test_a_refused_token_is_renewed_once_and_the_call_repeated(app: Wired) -> None:
    """Many calls with a token that died early get one new token; a write is made once."""
    await app.client.team("core")
    app.app.tokens.clear()
    await asyncio.gather(*(app.client.team("core") for _ in range(5)))
    assert app.calls.count(TOKENS) == 2
    app.app.tokens.clear()
    await app.client.set_team_grant("core", SITE, Level.WRITE)
    assert app.calls.count(TOKENS) == 3
    assert await app.client.team_grant("core", SITE) is Level.WRITE


async def test_a_token_that_is_always_refused_is_denied(app: Wired) -> None:
    """It is tried twice, not for ever."""

    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"message": "Bad credentials"}, status=401)

    app.answers["GET /orgs/PyconUK/teams/core"] = refuse
    with pytest.raises(Denied, match="does not accept our token"):
        await app.client.team("core")
    assert app.calls.count("GET /orgs/PyconUK/teams/core") == 2


@pytest.mark.parametrize("minutes", [-8, -1, 1])
async def test_a_clock_that_is_a_little_wrong_does_no_harm(app: Wired, minutes: int) -> None:
    """Ours may be a minute ahead of GitHub's, or somewhat behind; tokens are not renewed more often."""
    app.standin.world.clock = lambda: app.now - timedelta(minutes=minutes)
    for _ in range(3):
        await app.client.team("core")
    assert app.calls.count(TOKENS) == 1


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_wrong_is_suspected(app: Wired, hours: int) -> None:
    """GitHub believes nobody whose clock is an hour off."""
    app.standin.world.clock = lambda: app.now - timedelta(hours=hours)
    with pytest.raises(Denied) as caught:
        await app.client.team("core")
    assert "clock right?" in caught.value.hint


async def test_a_configured_installation_is_not_looked_for(app: Wired) -> None:
    """The organisation's installation is found by its name, unless its number is given."""
    await app.client.team("core")
    assert app.calls[0] == "GET /orgs/PyconUK/installation"
    settings = app.client.settings
    assert settings.app
    settings = settings.model_copy(update={"app": settings.app.model_copy(update={"installation": 5001})})
    other = GITHUB.connect(settings, app.client.http.network)
    app.calls.clear()
    await other.team("core")
    assert app.calls[0] == TOKENS


async def test_why_an_app_gets_no_token_is_said(app: Wired) -> None:
    """Not installed, suspended, another App's key: each has its remedy; a busy GitHub is waited for."""
    app.instead("GET /orgs/PyconUK/installation", {"message": "Not Found"}, 404)
    with pytest.raises(Denied, match="is not installed in PyconUK") as caught:
        await app.client.team("core")
    assert "installs it" in caught.value.hint
    app.answers.clear()
    app.app.suspended = True
    with pytest.raises(Denied, match="suspended"):
        await app.client.team("core")
    app.app.suspended = False
    app.app.id = 1
    with pytest.raises(Denied, match="Integration not found") as caught:
        await app.client.team("core")
    assert "private key belong together" in caught.value.hint
    app.app.id = 4321
    app.instead(TOKENS, {"message": "Server Error"}, 502)
    with pytest.raises(Unavailable, match="Nothing was changed"):
        await app.client.set_team_grant("core", SITE, Level.WRITE)
    assert app.calls.count(f"PUT /orgs/PyconUK/teams/core/repos/PyconUK/{SITE}") == 0


@pytest.mark.parametrize("written", [PRIVATE, PRIVATE.replace("\n", "\\n"), f"\n{PRIVATE}\n"])
def test_a_private_key_may_have_its_line_breaks_escaped(written: str) -> None:
    """A variable of the environment often holds the file on one line."""
    assert private_key(AppSettings(id=1, private_key=SecretStr(written))).key_size == 2048


@pytest.mark.parametrize(
    "written", ["", "env:KEY", PRIVATE[:200], appkey.pair()[1], PRIVATE.replace("A", "B")]
)
async def test_what_is_no_private_key_is_said_without_repeating_it(written: str) -> None:
    """A cut, changed or other file is refused; nothing of it is shown."""
    app = AppSettings(id=1, private_key=SecretStr(written))
    with pytest.raises(Denied, match="private key of the GitHub App cannot be read") as caught:
        private_key(app)
    shown = f"{caught.value!r} {caught.value.hint} {app!r}"
    assert not any(line in shown for line in written.splitlines() if len(line) > 40)


async def test_tokens_are_redacted_whatever_they_look_like(app: Wired) -> None:
    """A token that looks like nothing known is still known; an App's own words and keys are known by form."""
    app.instead(TOKENS, {"token": "plainword77", "expires_at": "2026-06-15T09:00:00Z"}, 201)
    app.instead("GET /orgs/PyconUK/teams/core", {"message": "no good: plainword77"}, 422)
    with pytest.raises(Rejected, match=r"no good: \[secret\]"):
        await app.client.team("core")
    signed = await Signature(
        AppSettings(id=1, private_key=SecretStr(PRIVATE)), app.client.http.network
    ).current()
    issued = app.app.issue(app.now)
    for secret in (signed, issued, PRIVATE, PRIVATE.replace("\n", " ")):
        body = secret.removeprefix("-----BEGIN RSA PRIVATE KEY-----")[:60].strip()
        assert body not in redacted(f"before {secret} after")


@pytest.mark.parametrize(
    "given", [{}, {"token": "t", "app": {"id": 1, "private_key": "k"}}, {"app": {"id": 1}}, {"app": {}}]
)
def test_it_is_either_a_token_or_an_app(given: dict[str, object]) -> None:
    """Neither, both and half an App are mistakes."""
    with pytest.raises(ValueError, match=r"either `token` or `app`|required"):
        GithubSettings.model_validate({"org": "PyconUK"} | given)


def test_the_organisation_may_be_said_by_its_address() -> None:
    """Who copies the organisation's address means its login; what is neither is refused at once."""
    given = {"org": "https://github.com/PyconUK/", "token": "test"}
    assert GithubSettings.model_validate(given).org == "PyconUK"
    found = mistake(shape({"github": GithubSettings}), "integrations.github.org", "PyCon UK")
    assert found is not None
    assert "is no login: it is the NAME in https://github.com/NAME" in found.message


async def test_the_check_names_each_permission_that_is_missing(app: Wired) -> None:
    """All is well, with the life of a token; then what is missing, needless or hidden, with the remedy."""
    found = await check(app.client)
    assert {finding.level for finding in found} == {"good"}
    assert any("each of its tokens lives 1 hour" in finding.text for finding in found)
    world = app.standin.world
    world.set_permissions(administration="read", organization_administration=None, contents="write")
    app.app.repository_selection = "selected"
    app.now += timedelta(hours=1)
    wrong = {finding.text: finding for finding in await check(app.client) if finding.level != "good"}
    said = "\n".join(wrong)
    assert "lacks `Repository: Administration (write)`, to see and change who may do what" in said
    assert "lacks `Organization: Administration (read)`" in said
    assert "more permissions than it needs: contents (write)" in said
    assert "chosen repositories only" in said
    assert all(finding.hint for finding in wrong.values())
    assert any("Permissions & events" in finding.hint for finding in wrong.values())


async def test_a_missing_permission_is_denied_and_never_absence(app: Wired) -> None:
    """An App without Members sees no person, and says so; it does not call everybody a stranger."""
    app.standin.world.set_permissions(members=None)
    for graphql in (True, False):
        app.standin.graphql_enabled = graphql
        with pytest.raises(Denied, match="shows our token nobody"):
            await app.reads.access()
        await app.settle()
    with pytest.raises(Denied, match=r"lacks the permission `Organization: Members \(read\)`"):
        await app.client.membership("Cory")


def test_a_bot_with_a_token_does_not_load_cryptography() -> None:
    """Importing GitHub's integration leaves the library alone: only Apps pay for it."""
    seen = "import sys, integrations.github; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
