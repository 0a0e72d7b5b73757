"""How Twilio does now: whether messages can be paid for, what was used, which did not arrive."""

from decimal import Decimal

from bot.core.duration import day
from bot.core.money import Money
from bot.core.vendor import Finding
from integrations.twilio.reads import TwilioReads

TOP_UP = "Somebody who may log in pays in: console.twilio.com, Billing."


async def health(reads: TwilioReads) -> tuple[Finding, ...]:
    """Return the account, its balance, this month's use and the losses of the last seven days."""
    status = await reads.status()
    if status not in {None, "active"}:
        text = f"The account at Twilio is {status}: nothing is sent."
        return (Finding(level="bad", text=text, hint="Its owner asks Twilio's support why."),)
    return (await _balance(reads), await _used(reads), await _lost(reads))


def low(balance: Money | None, floor: Decimal) -> str:
    """Return what to say of a *balance* below the *floor*; nothing of any other."""
    if balance is None or balance.amount >= floor:
        return ""
    if balance.amount <= 0:
        return f"Twilio's balance is used up ({balance.short}): no message is sent."
    least = Money.of(floor, balance.currency)
    return f"Twilio's balance is low: {balance.short} are left, less than {least.short}."


async def _balance(reads: TwilioReads) -> Finding:
    balance = await reads.balance()
    if balance is None:
        text = "How much money is left at Twilio our key may not see."
        return Finding(level="warning", text=text, hint="Look at console.twilio.com, Billing, now and then.")
    if text := low(balance, reads.floor):
        return Finding(level="bad" if balance.amount <= 0 else "warning", text=text, hint=TOP_UP)
    return Finding(level="good", text=f"{balance.short} are left at Twilio.")


async def _used(reads: TwilioReads) -> Finding:
    spent, days = await reads.this_month(), await reads.by_day()
    if spent is None or not days:
        return Finding(level="good", text="Nothing was used this month.")
    most = max(days, key=lambda each: each.price.amount)
    on = "on one day" if len(days) == 1 else f"on {len(days)} days"
    return Finding(
        level="good",
        text=f"{spent.price} were used this month, {on}; most on {day(most.since)}: {most.price}.",
    )


async def _lost(reads: TwilioReads) -> Finding:
    lost = await reads.lost()
    number = sum(each.number for each in lost)
    if not number:
        return Finding(level="good", text="No message of the last seven days was lost.")
    why = "; ".join(f"{each.number}: {each.why}" for each in lost)
    text = f"{number} message{'s' * (number > 1)} of the last seven days did not arrive ({why})."
    return Finding(level="warning", text=text, hint="console.twilio.com, Monitor, Logs shows each of them.")
