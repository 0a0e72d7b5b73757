"""The tariffs that come with the bot, beside what the configuration says of costs."""

from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from bot.core.costs import Book, Charge, Tariff
from bot.core.fees import Part
from config.document import parse
from config.settings import Settings

SHIPPED = Path(__file__).parent / "costs.yaml"


@cache
def shipped(path: Path = SHIPPED) -> Book:
    """Return the tariffs of a file; ConfigurationError names file, line and key of a mistake in it."""
    document = parse(path.read_text(encoding="utf-8"), f"{path.parent.name}/{path.name}")
    try:
        return Book.model_validate(document.tree)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        said = first["msg"].removeprefix("Value error, ")
        raise document.problem(first["loc"], f"is wrong: {said}", "") from None


BOT = "bot"


def book(settings: Settings) -> Book:
    """Return all that is known of costs without asking a vendor."""
    said = settings.costs
    ships = shipped().model_copy(update={"titles": {**shipped().titles, BOT: "This bot"}})
    own = {BOT: _own(settings, ships.own["heroku"])} if settings.server.dyno else {}
    return ships.model_copy(
        update={
            "currency": settings.organisation.currency,
            "rates": said.rates or ships.rates,
            "budget": {ships.named(name): limit for name, limit in said.budget.items()},
            "vendors": own | {ships.named(name): charge for name, charge in said.vendors.items()},
            "tariffs": tuple(_with(said.card, tariff) for tariff in ships.tariffs),
        }
    )


def _own(settings: Settings, charge: Charge) -> Charge:
    """Return what the bot costs at Heroku: nothing more, where the line of Heroku may have it."""
    if charge.amount is None or "heroku" not in settings.integrations:
        return charge
    nothing = charge.amount.model_copy(update={"amount": Decimal(0)})
    what = f"{charge.what}; nothing where the line of Heroku has it"
    return charge.model_copy(update={"amount": nothing, "most": charge.amount, "what": what})


def _with(card: Part | None, tariff: Tariff) -> Tariff:
    """Return a tariff whose plans know what our card processor takes, where that was left open."""
    if card is None:
        return tariff
    plans = (
        plan.model_copy(update={"parts": (*plan.parts, card), "besides": ""}) if plan.besides else plan
        for plan in tariff.tickets
    )
    return tariff.model_copy(update={"tickets": tuple(plans)})
