"""What `infra init` asks about Travis CI, the rights its token has, and how to do without the bot."""

from bot.core.vendor import Ask, Right
from integrations.travis_ci.settings import TravisSettings

ASKS = (
    Ask("owner", "The organisation, as Travis-CI calls it", "Its builds are looked at.", default="{short}"),
    Ask(
        "repository",
        "The repository that Travis-CI still builds",
        "Only that of an older site: what is new uses GitHub Actions.",
        "As in its address: https://app.travis-ci.com/github/OWNER/REPOSITORY.",
    ),
    Ask(
        "token",
        "A token for Travis-CI",
        "With it the bot looks at builds. It is not shown.",
        "Logged in as an account that sees no more than it must: https://app.travis-ci.com/account/preferences.",
    ),
)
RIGHTS = (
    Right(
        of="Travis-CI token",
        name="an account that can push to that repository alone",
        why="to see builds, and to ask for one where that is on; a token has no scopes",
    ),
)


def by_hand(settings: TravisSettings) -> tuple[str, ...]:
    """Return where builds are seen and asked for, by somebody who may log in there."""
    where = f"https://app.travis-ci.com/github/{settings.owner}/{settings.repository}"
    return (f"See builds, or ask for one (More options, Trigger build): {where}",)
