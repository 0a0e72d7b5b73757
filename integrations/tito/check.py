"""What ``infra check`` finds out about ti.to."""

from bot.core.errors import Denied, VendorError
from bot.core.vendor import Finding
from integrations.tito.client import VERSION, TitoClient

WHERE = "id.tito.io"


async def check(client: TitoClient) -> tuple[Finding, ...]:
    """Return what was looked at, how it is, and what to do."""
    try:
        await client.ready()
        event = await client.event(await client.current())
        releases = await client.releases(event.slug) if event else []
    except Denied as error:
        hint = f"Make a secret token at {WHERE}, and put it where `integrations.tito.token` says."
        return (Finding(level="bad", text=error.message, hint=error.hint or hint),)
    except VendorError as error:
        return (Finding(level="bad", text=error.message, hint=error.hint),)
    account, slug = client.settings.account, await client.current()
    if event is None:
        text = f"ti.to has no event {slug} in {account} that our token may see."
        other = "`new-year YEAR --event EVENT` follows another."
        ours = slug == client.settings.event
        return (
            Finding(
                level="bad", text=text, hint="Set `integrations.tito.event` to its slug." if ours else other
            ),
        )
    answers = (
        f"ti.to answers (API {VERSION}, {client.settings.mode} mode) for {event.title}, {account}/{slug}."
    )
    careful = (
        "Its token could change everything there: no token that can only read exists. The bot never writes."
    )
    return (
        Finding(level="good", text=answers),
        Finding(level="good", text=careful),
        _releases(len(releases)),
        _webhooks(client),
    )


def _releases(number: int) -> Finding:
    if number:
        return Finding(level="good", text=f"The event has {number} kinds of tickets.")
    return Finding(level="warning", text="The event has no tickets yet.", hint="Nothing to do for the bot.")


def _webhooks(client: TitoClient) -> Finding:
    if client.settings.webhook_secret is None:
        text = "Webhooks are off, which is fine: the bot looks by itself once a day and when asked."
        return Finding(level="good", text=text)
    return Finding(
        level="good", text="Webhooks are on, at /webhooks/tito: sales are looked at within a minute."
    )
