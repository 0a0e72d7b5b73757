"""How old the bot's secrets are, and in whose accounts they were made."""

from datetime import date, timedelta

import pytest

from bot.core.people import Person
from bot.core.secret import LIVES, SOON, Made, Secret, accounts

TODAY = date(2026, 6, 15)
TOKEN = "integrations.github.token"


@pytest.mark.parametrize(
    ("made", "late", "age", "due"),
    [
        (None, True, "nobody said", "unknown"),
        (Made(on=TODAY), False, "15 Jun 2026", "15 Jun 2027"),
        (Made(on=TODAY - LIVES), True, "15 Jun 2025", "15 Jun 2026 (over)"),
        (Made(on=TODAY - LIVES + SOON), True, "15 Jul 2025", "15 Jul 2026"),
        (Made(on=TODAY - LIVES + SOON + timedelta(days=1)), False, "16 Jul 2025", "16 Jul 2026"),
        (Made(on=TODAY, ends=TODAY + timedelta(days=7)), True, "15 Jun 2026", "22 Jun 2026"),
    ],
)
def test_a_secret_is_made_anew_each_year_or_before_its_end(
    made: Made | None, late: bool, age: str, due: str
) -> None:
    """Within a month of that it is told, as is one whose age nobody said."""
    secret = Secret(key=TOKEN, made=made)
    assert (secret.late(TODAY), secret.age, secret.due(TODAY)) == (late, age, due)


def test_a_secret_is_called_by_its_key() -> None:
    """The word that all vendors share is left out; the chat's secrets are of the workspaces."""
    assert (Secret(key=TOKEN).name, Secret(key=TOKEN).vendor) == ("github.token", "github")
    assert Secret(key="slack.bot_token").vendor == "slack_workspaces"


def test_what_vendors_tell_and_people_said_is_known_of_accounts() -> None:
    """Accounts are called by our names, each once; where nobody knows there is none."""
    made = [
        Secret(key=TOKEN, made=Made(on=TODAY, account="Cory")),
        Secret(key="integrations.heroku.token", made=Made(on=TODAY, account="George")),
        Secret(key="integrations.tito.token", made=Made(on=TODAY)),
        Secret(key="integrations.twilio.key"),
    ]
    told = {"github": "cory-on-github", "heroku": "infra@example.org"}
    assert accounts(told, made, [Person(name="Cory", github="cory-on-github")]) == {
        "github": ("Cory",),
        "heroku": ("infra@example.org", "George"),
    }
