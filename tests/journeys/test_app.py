"""The main job when the bot is a GitHub App."""

from bot.sandbox.scene import content
from bot.sandbox.world import World
from integrations.github.rights import PERMISSIONS
from integrations.github.standin import App
from tests import appkey
from tests.journeys.play import CORE, INVITATIONS, REPOSITORIES, SITE, Play, serving

ID = 4321


def installed(world: World) -> dict[str, object]:
    """Let the bot be an App with the rights it needs; return its section of the settings."""
    private, public = appkey.pair()
    permissions = {each.name: each.level for each in PERMISSIONS}
    world.github.world.install(App(id=ID, key=public, permissions=permissions))
    world.seed["environ"]["GITHUB_APP_KEY"] = private.replace("\n", "\\n")
    identity = {"app": {"id": ID, "private_key": "env:GITHUB_APP_KEY"}}
    return {"org": "PyconUK", "push_team": "core", "url": world.urls["github"], **identity}


async def test_push_access_is_granted_by_an_app() -> None:
    """Asked, approved, applied and accepted as with a token, though hours pass and tokens end."""
    async with (
        World.start() as world,
        serving(world, {"integrations": {"github": installed(world)}}) as play,
    ):
        await play.asked()
        play.later(hours=2)  # the token that planned it has ended
        await play.press("Cory", "Approve", "#1")
        await play.card_says(1, "must accept by")
        await play.holds(REPOSITORIES, SITE, "Write")
        await play.holds(INVITATIONS, "organiser-1")
        world.github.accept("organiser-1")
        play.later(hours=1)
        await play.card_says(1, "✅ organiser-1 joins team *core*")
        await play.holds(CORE, "organiser-1", "member", "active")
        assert len(play.writes()) == 2


async def test_rights_that_shrink_are_told_and_stop_what_needs_them() -> None:
    """Lost between approval and second step: the first stands, the card says what is missing, owners know."""
    async with (
        World.start() as world,
        serving(world, {"integrations": {"github": installed(world)}}) as play,
    ):
        await play.asked()
        world.github.world.set_permissions(members="read")
        await play.press("Cory", "Approve", "#1")
        card = await play.card_says(1, "lacks the permission `Organization: Members (write)`")
        assert "Permissions & events" in card
        await play.holds(REPOSITORIES, SITE, "Write")
        await play.lacks(INVITATIONS, "organiser-1")
        await play.wait(lambda: len(notices(play)) == 1, "the owners are told")
        assert "The GitHub App lacks `Organization: Members (write)`" in notices(play)[0]
        world.github.world.set_permissions(members="write")
        play.later(hours=1)
        await play.wait(lambda: len(notices(play)) == 2, "and once more when it is put right")
        assert "again" in notices(play)[1]


def notices(play: Play) -> list[str]:
    """Return what the approvals channel was told of rights."""
    slack = play.world.slack
    seen = map(content, slack.messages("C0000000001", play.world.person("george")))
    return [said for said in seen if "do all that it must" in said]
