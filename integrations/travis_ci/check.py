"""What ``infra check`` finds out about Travis CI."""

from bot.core.errors import VendorError
from bot.core.vendor import Finding
from integrations.travis_ci.client import TravisClient


async def check(client: TravisClient) -> tuple[Finding, ...]:
    """Return what was looked at, how it is, and what to do."""
    try:
        login, repository = await client.me(), await client.repository()
    except VendorError as error:
        return (Finding(level="bad", text=error.message, hint=error.hint),)
    answers = Finding(
        level="good", text=f"Travis-CI answers {login}; a token there may do all that they may."
    )
    if repository is None:
        text = f"Travis-CI knows no repository {client.slug} that our token may see."
        hint = (
            "Set `integrations.travis_ci.owner` and `repository` as in its address, or take the section out."
        )
        return (answers, Finding(level="bad", text=text, hint=hint))
    if not repository.active:
        text = f"Travis-CI does not build {client.slug} any more."
        return (answers, Finding(level="warning", text=text, hint="Take `integrations.travis_ci` out."))
    asked = "may be asked for" if client.settings.requests else "are only looked at"
    return (answers, Finding(level="good", text=f"Builds of {client.slug} {asked}."))
