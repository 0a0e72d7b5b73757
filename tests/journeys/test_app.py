"""The main job when the bot is a GitHub App."""

from bot.sandbox.world import World
from integrations.github.rights import PERMISSIONS
from integrations.github.standin import App
from tests import appkey
from tests.journeys.play import CORE, INVITATIONS, REPOSITORIES, SITE, serving

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
