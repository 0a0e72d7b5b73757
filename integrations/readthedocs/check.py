"""What ``infra check`` finds out about Read the Docs."""

from bot.core.errors import VendorError
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.readthedocs.client import ReadTheDocsClient

PATH = "/webhooks/readthedocs"


async def check(client: ReadTheDocsClient) -> tuple[Finding, ...]:
    """Return what was looked at, how it is, and what to do."""
    name = client.settings.project
    try:
        mine, project = await client.mine(), await client.project()
    except VendorError as error:
        return (Finding(level="bad", text=error.message, hint=error.hint),)
    if project is None:
        text = f"Read the Docs has no project {name} that our token may see."
        known = f" Its account has {listed(sorted(mine), 'and')}." if mine else ""
        hint = f"Set `integrations.readthedocs.project` to the slug in the project's address.{known}"
        return (Finding(level="bad", text=text, hint=hint),)
    answers = Finding(level="good", text=f"Read the Docs answers for the project {project.slug}.")
    return (answers, _maintains(name, mine), _webhooks(client))


def _maintains(name: str, mine: list[str]) -> Finding:
    if name not in mine:
        text = f"Our token's account does not maintain {name}: it cannot build."
        hint = "A maintainer adds it: the project's Settings, Maintainers."
        return Finding(level="bad", text=text, hint=hint)
    others = sorted(set(mine) - {name})
    if others:
        text = f"Our token's account maintains {listed(others, 'and')} too, and the token may do all it may."
        return Finding(level="warning", text=text, hint="Use an account that maintains nothing else.")
    return Finding(level="good", text=f"Our token's account maintains {name} and nothing else.")


def _webhooks(client: ReadTheDocsClient) -> Finding:
    if client.settings.webhook_secret is None:
        return Finding(level="good", text="Webhooks are off, which is fine: the bot looks every minute.")
    return Finding(level="good", text=f"Webhooks are on, at {PATH}: the end of a build is looked at at once.")
