"""What GitHub says that changes our costs."""

from bot.core.costs import Alarm, Told
from integrations.github.reads import GithubReads


async def told(reads: GithubReads) -> Told:
    """Return the private repositories: with them GitHub and Travis-CI may cost something."""
    private = [each.name for each in await reads.repositories() if each.private]
    return Told(alarms=tuple(Alarm(key=f"github:private:{name}", text=_said(name)) for name in private))


def _said(name: str) -> str:
    return f"`{name}` is a private repository: GitHub and Travis-CI are free for public ones."
