"""What `infra init` asks about ti.to, and how to look at sales by hand."""

from bot.core.vendor import Ask
from integrations.tito.settings import TitoSettings

ASKS = (
    Ask(
        "account",
        "The account on ti.to",
        "Where the tickets are sold.",
        "The first word after ti.to/ in the event's address: ti.to/ACCOUNT/EVENT.",
        default="{short}",
    ),
    Ask("event", "This year's event there", "Its sales are what is shown.", "The last word of its address."),
    Ask(
        "token",
        "A secret token for ti.to",
        "With it the bot reads sales, in sums; it could change them too, so it is not shown and well kept.",
        "Somebody with access to the account makes one at https://id.tito.io, API Access Tokens: a live one.",
    ),
)


def by_hand(settings: TitoSettings) -> tuple[str, ...]:
    """Return where sales are seen, by somebody who may log in there."""
    where = f"https://dashboard.tito.io/{settings.account}/{settings.event}"
    return (f"See how tickets sell: {where}",)
