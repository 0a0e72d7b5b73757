"""How whoever maintains the documentation does on Read the Docs, by hand, what the bot does."""

from bot.core.runbook import ByHand, Call, Runbook
from integrations.readthedocs.resources import BUILD
from integrations.readthedocs.settings import ReadTheDocsSettings


def runbook(settings: ReadTheDocsSettings) -> Runbook:
    """Return how the documentation is built."""
    builds = f"{settings.url}/projects/{settings.project}/versions/{settings.version}/builds/"
    build = ByHand(
        what="A build of the documentation",
        where=f"https://app.readthedocs.org/projects/{settings.project}/: the version, Rebuild version.",
        calls=(Call(what="Build", method="POST", url=builds),),
    )
    return Runbook(headers=("Authorization: Token $READTHEDOCS_TOKEN",), pages={BUILD.name: build})
