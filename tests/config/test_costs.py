"""The tariffs that come with the bot are data, checked like the settings."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from config.costs import book, shipped
from tests.config.sample import SAMPLE, Rates, loaded
from tests.config.test_loading import IN_FULL


def test_each_shipped_price_says_when_and_who() -> None:
    """Every tariff and every price in it has its date and its source."""
    tariffs = shipped().tariffs
    assert [each.name for each in tariffs] == ["2016", "today"]
    for tariff in tariffs:
        assert tariff.source
        assert all(charge.on and charge.source for charge in tariff.vendors.values())
        assert {*tariff.vendors, shipped().sells} == {*shipped().titles} - {
            "onepassword"
        }  # no page has its price


def test_the_configuration_knows_better() -> None:
    """What a deployment says of rates, budget and vendors takes the place of what ships."""
    found = book(loaded(IN_FULL))
    assert found.rates is not None
    assert (found.rates.source, str(found.budget["total"])) == ("the configuration", "£1,000")
    assert str(found.vendors["twilio"]) == "$120 a year"
    assert len(found.tariffs) == 2


def test_what_our_card_processor_takes_is_in_todays_plans() -> None:
    """It ends their waiting; the plans of 2016, which name theirs, stay as they were."""
    card = "costs: {card: {payee: Stripe, percent: 1.5, per_order: 0.20 GBP}}\n"
    bare, known = (book(loaded(SAMPLE + more)) for more in ("", card))
    assert known.tariff("2016") == bare.tariff("2016")
    for was, now in zip(bare.tariff("today").tickets, known.tariff("today").tickets, strict=True):
        assert was.besides
        assert not now.besides
        assert now.parts[:-1] == was.parts
        assert f"{now.parts[-1].payee}: {now.parts[-1]}" == "Stripe: 1.5 % + £0.20 an order"


def test_the_bot_itself_is_a_line_where_it_runs_on_heroku() -> None:
    """Elsewhere nobody knows its price; where Heroku's bills may have it, it is from nothing."""
    dyno = {"DYNO": "web.1", "DATABASE_URL": "postgresql://localhost/infra"}
    assert "bot" not in book(loaded(SAMPLE)).vendors
    settings = loaded(SAMPLE, **dyno)
    found = book(settings)
    assert (found.title("bot"), str(found.vendors["bot"].amount)) == ("This bot", "$12")
    bills = settings.model_copy(update={"integrations": {"heroku": Rates()}})
    charge = book(bills).vendors["bot"]
    assert (str(charge.amount), str(charge.most)) == ("$0", "$12")
    said = book(loaded(f"{SAMPLE}costs: {{vendors: {{This bot: {{amount: 7 USD}}}}}}\n", **dyno))
    assert str(said.vendors["bot"].amount) == "$7"


def test_a_mistake_in_the_tariffs_is_named(tmp_path: Path) -> None:
    """File, line and key of a wrong price are said."""
    (tmp_path / "costs.yaml").write_text("titles: {}\nvendors:\n  heroku: {amount: five}\n")
    with pytest.raises(ConfigurationError, match=r":3: `vendors.heroku.amount` is wrong") as refused:
        shipped(tmp_path / "costs.yaml")
    assert refused.value.line == 3
