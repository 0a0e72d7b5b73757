"""Who is who: GitHub's owners and Slack's people."""

import pytest

from bot.app.first_run.owners import Owner, matched, meant, seeds
from bot.frontends.slack.setup import Member
from integrations.github import Account

CORY = Member("U1", "cory", ("Cory",))
RENE = Member("U2", "rene", ("René  Roe", "RR"))
ALEX = Member("U3", "alex.a", ("Alex",))
OTHER_ALEX = Member("U4", "alex.b", ("Alex",))
EVERYONE = (CORY, RENE, ALEX, OTHER_ALEX)


@pytest.mark.parametrize(
    ("login", "name", "who"),
    [
        ("CORY", "", CORY),
        ("rr", "", RENE),
        ("x-1", "Rene Roe", RENE),
        ("x-1", "Alex", None),
        ("alex-a", "", ALEX),
        ("x-1", "", None),
        ("cor", "Co", None),
    ],
)
def test_an_owner_is_who_alone_goes_by_the_name(login: str, name: str, who: Member | None) -> None:
    """Login or name are one of theirs, whatever case, accents and signs; two who fit are nobody."""
    (owner,) = matched([Account(login=login, name=name)], EVERYONE)
    assert owner.member == who


def test_nobody_is_two_owners() -> None:
    """Somebody who calls themselves what two owners are called is neither."""
    accounts = [Account(login="cory"), Account(login="x-1", name="Cory"), Account(login="rene")]
    assert [owner.member for owner in matched(accounts, EVERYONE)] == [None, None, RENE]


def test_somebody_is_meant_by_id_handle_or_name() -> None:
    """A handle or an ID is one person; a name may be several."""
    assert meant("U3", EVERYONE) == meant("@alex.a", EVERYONE) == [ALEX]
    assert meant("alex", EVERYONE) == [ALEX, OTHER_ALEX]
    assert meant("", EVERYONE) == meant("nobody", EVERYONE) == []


def test_our_list_has_one_word_for_each() -> None:
    """A name of one word is taken from Slack, else the login; who shares a name goes by the login."""
    owners = [
        Owner(Account(login="C"), CORY),
        Owner(Account(login="r-roe"), Member("U2", "rene", ("René Roe",))),
        Owner(Account(login="alex1"), ALEX),
        Owner(Account(login="alex2"), OTHER_ALEX),
    ]
    assert [seed["name"] for seed in seeds(owners)] == ["Cory", "r-roe", "alex1", "alex2"]
    assert seeds(owners)[0] == {"name": "Cory", "slack": "U1", "github": "C", "role": "owner"}
