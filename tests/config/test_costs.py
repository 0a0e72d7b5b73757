"""The tariffs that come with the bot are data, checked like the settings."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from config.costs import book, shipped
from tests.config.sample import loaded
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


def test_a_mistake_in_the_tariffs_is_named(tmp_path: Path) -> None:
    """File, line and key of a wrong price are said."""
    (tmp_path / "costs.yaml").write_text("titles: {}\nvendors:\n  heroku: {amount: five}\n")
    with pytest.raises(ConfigurationError, match=r":3: `vendors.heroku.amount` is wrong") as refused:
        shipped(tmp_path / "costs.yaml")
    assert refused.value.line == 3
