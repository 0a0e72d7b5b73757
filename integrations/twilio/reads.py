"""What the bot asks Twilio, in our words: money and sums, never people. Answers may be a minute old."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.core.errors import Denied
from bot.core.money import Money
from bot.core.prices import Price
from bot.core.values import Value
from integrations.twilio.client import TwilioClient
from integrations.twilio.models import Usage

LOST = {"failed", "undelivered"}
WEEK = timedelta(days=7)
WHY = {  # what Twilio's error codes say of one message
    30003: "the handset could not be reached",
    30005: "there is no such number",
    30006: "it is a landline, or its network takes no texts",
    30007: "held back as spam, by the network or Twilio",
    30008: "the network does not say why",
    21408: "texts to that country are not permitted",
    21610: "the person said STOP",
    21611: "too many waited to be sent",
}


class Spent(Value):
    """What was used from one day to another, both included (days are GMT's)."""

    since: date
    until: date
    price: Price


class Lost(Value):
    """How many messages did not arrive for the same reason, *code* at Twilio."""

    code: int | None
    why: str
    number: int


@dataclass(frozen=True)
class TwilioReads:
    """One account, looked at."""

    _client: TwilioClient

    def today(self) -> date:
        """Return the date, in UTC, as Twilio counts days."""
        return self._client.now().date()

    async def status(self) -> str | None:
        """Return whether the account is active, suspended or closed; None when our key may not see it.

        It is asked each time, so that silence shows at once.
        """
        try:
            return (await self._client.account()).status
        except Denied:
            return None  # not every kind of key may look at the account

    async def balance(self) -> Money | None:
        """Return the money that is left; None when there is none, or our key may not see it."""
        try:
            found = await self._client.memo("balance", self._client.balance)
        except Denied:
            return None
        return Money.of(found.balance, found.currency.upper()) if found else None

    @property
    def floor(self) -> Decimal:
        """Return the balance below which people are told."""
        return self._client.settings.low_balance

    async def this_month(self) -> Spent | None:
        """Return what was used this month; None when nothing is counted yet."""
        found = await self._client.memo("month", lambda: self._client.usage("ThisMonth"))
        return _spent(found[0]) if found else None

    async def by_day(self) -> tuple[Spent, ...]:
        """Return what was used on each day of this month, the days without anything left out."""
        first = self.today().replace(day=1)
        return await self._spans("Daily", first)

    async def by_month(self) -> tuple[Spent, ...]:
        """Return what was used in this month and the eleven before, those without anything left out."""
        today = self.today()
        first = date(today.year - (today.month < 12), today.month % 12 + 1, 1)
        return await self._spans("Monthly", first)

    async def _spans(self, span: str, first: date) -> tuple[Spent, ...]:
        found = await self._client.memo((span, first), lambda: self._client.usage(span, first))
        spent = sorted(map(_spent, found), key=lambda each: each.since)
        return tuple(each for each in spent if each.price.amount and each.since >= first)

    async def lost(self) -> tuple[Lost, ...]:
        """Return why messages of the last seven days did not arrive, the commonest reason first."""
        since = self.today() - WEEK
        found = await self._client.memo(("messages", since), lambda: self._client.messages(since))
        codes = Counter(each.error_code for each in found if each.status in LOST)
        return tuple(Lost(code=code, why=_why(code), number=number) for code, number in codes.most_common())


def _spent(found: Usage) -> Spent:
    price = Price(amount=max(found.price, Decimal(0)), currency=found.price_unit.upper())
    return Spent(since=found.start_date, until=found.end_date, price=price)


def _why(code: int | None) -> str:
    return "no reason is given" if code is None else WHY.get(code, f"error {code} at Twilio")
