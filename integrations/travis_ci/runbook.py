"""How whoever may log in at Travis CI does there, by hand, what the bot does."""

from bot.core.runbook import ByHand, Call, Runbook
from integrations.travis_ci.resources import BUILD_REQUEST, SITE
from integrations.travis_ci.settings import TravisSettings


def runbook(settings: TravisSettings) -> Runbook:
    """Return how a build is asked for; it costs credits."""
    slug = f"{settings.owner}/{settings.repository}"
    asked = Call(
        what="Ask for it",
        method="POST",
        url=f"{settings.url}/repo/{settings.owner}%2F{settings.repository}/requests",
        body={"request": {"branch": "BRANCH"}},
    )
    return Runbook(
        headers=("Authorization: token $TRAVIS_TOKEN", "Travis-API-Version: 3"),
        pages={
            BUILD_REQUEST.name: ByHand(
                what="A build of an older site",
                where=f"{SITE}/{slug}: More options, Trigger build.",
                calls=(asked,),
            )
        },
    )
