"""What `infra init` asks about Read the Docs, and how to build by hand."""

from bot.core.vendor import Ask
from integrations.readthedocs.settings import ReadTheDocsSettings

ASKS = (
    Ask(
        "project",
        "The project at Read the Docs",
        "Its builds are what is shown and started.",
        "Its slug: the first word of https://SLUG.readthedocs.io.",
    ),
    Ask(
        "token",
        "A token for Read the Docs",
        "With it the bot sees and starts builds. It is not shown.",
        "Make an account for the bot; a maintainer adds it to the project (Settings, Maintainers) and to no "
        "other. Logged in as it: https://app.readthedocs.org/accounts/tokens/.",
    ),
)


def by_hand(settings: ReadTheDocsSettings) -> tuple[str, ...]:
    """Return where the documentation is built, by somebody who maintains it."""
    where = f"https://app.readthedocs.org/projects/{settings.project}/"
    return (f"Build the documentation: {where}, choose the version, Build version",)
