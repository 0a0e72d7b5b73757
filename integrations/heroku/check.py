"""What ``infra check`` finds out about Heroku."""

from bot.core.errors import Denied, VendorError
from bot.core.people import listed
from bot.core.vendor import Finding
from integrations.heroku.client import HerokuClient

CREATE = '`heroku authorizations:create --scope read,write --description "infra bot"`'


async def check(client: HerokuClient) -> tuple[Finding, ...]:
    """Return what was looked at, how it is, and what to do."""
    try:
        apps = await client.apps()
        bills = await _bills(client)
    except Denied as error:
        hint = f"{CREATE} makes a token; `integrations.heroku.token` names it."
        return (Finding(level="bad", text=error.message, hint=hint),)
    except VendorError as error:
        return (Finding(level="bad", text=error.message, hint=error.hint),)
    names = listed((each.name for each in apps), "and") if apps else "no app"
    whose = f"the team {client.settings.team}" if client.settings.team else "our account"
    careful = (
        "Whether its token has the scope `write` shows with the first change; config vars it never asks for."
    )
    return (
        Finding(level="good", text=f"Heroku answers for {whose}: {names}."),
        bills,
        Finding(level="good", text=careful),
    )


async def _bills(client: HerokuClient) -> Finding:
    try:
        found = await client.invoices()
    except Denied:
        text = "Our token for Heroku may not see the bills: costs are worked out by Heroku's prices."
        return Finding(level="warning", text=text, hint="Its account must be one that sees the billing.")
    return Finding(level="good", text=f"It shows {len(found)} bills.")
