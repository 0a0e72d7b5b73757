"""Guards and policy."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.change import Change
from bot.core.errors import Refused
from bot.core.policy import Policy, Rule, Verdict, weigh
from bot.core.vendor import Concerns
from tests.core.samples import JOIN

LEAVE = JOIN.model_copy(update={"before": {"role": "member"}, "after": None})
EDIT = JOIN.model_copy(update={"before": {"role": "member"}, "after": {"role": "maintainer"}})


def judged(
    changes: Sequence[Change], concerns: Sequence[Concerns] = (), own: bool = False, **policy: Any
) -> Verdict:
    """Return what *changes* need."""
    return weigh(changes, concerns or [Concerns()] * len(changes), own, Policy(**policy))


def of_owner(login: str, before: str | None, after: str | None) -> Change:
    """Return the change of somebody's place in the organisation."""
    states = [{"role": role} if role else None for role in (before, after)]
    return Change(resource="github.org_member", target=login, before=states[0], after=states[1])


def test_one_owner_decides_about_an_ordinary_change() -> None:
    """Without any concern one owner is enough, and nobody waits."""
    assert judged([JOIN]) == Verdict(needs=1)


def test_our_own_data_needs_nobody() -> None:
    """What changes only our own data is not approved."""
    assert judged([JOIN], own=True).needs == 0


def test_a_protected_change_needs_two_owners_even_in_our_own_data() -> None:
    """Protection is named, and wins over everything that asks for less."""
    verdict = judged([JOIN], [Concerns(protected="the owner list")], own=True)
    assert verdict == Verdict(needs=2, protected=("the owner list",))


def test_the_same_protection_is_named_once() -> None:
    """Two changes under one protection give one reason."""
    assert judged([JOIN, JOIN], [Concerns(protected="apex")] * 2).protected == ("apex",)


def test_a_refused_change_is_refused() -> None:
    """A guard's no has its reason."""
    with pytest.raises(Refused, match="the bot's own access"):
        judged([LEAVE], [Concerns(refused="That is the bot's own access.")])


def test_the_first_rule_that_matches_wins() -> None:
    """Rules are read from the top; what matches none is ordinary."""
    rules = (
        Rule(resource="github.team_*", target="core/*", action="create", needs=2, wait=timedelta(hours=1)),
        Rule(needs=1),
    )
    assert judged([JOIN], rules=rules) == Verdict(needs=2, wait=timedelta(hours=1))
    assert judged([LEAVE], rules=rules) == Verdict(needs=1)
    assert judged([JOIN.model_copy(update={"target": "pydata/x"})], rules=rules).needs == 1
    assert judged([JOIN.model_copy(update={"resource": "people.person"})], rules=rules).needs == 1


def test_a_rule_can_make_our_own_data_need_owners() -> None:
    """Policy tightens what would need nobody."""
    assert judged([JOIN], own=True, rules=(Rule(needs=2),)).needs == 2


def test_policy_cannot_switch_protection_off() -> None:
    """A rule that asks for one owner does not lower a guard."""
    assert judged([JOIN], [Concerns(protected="apex")], rules=(Rule(needs=1),)).needs == 2


def test_policy_cannot_allow_a_single_owner() -> None:
    """Fewer than two owners cannot be configured."""
    with pytest.raises(ValueError, match="greater than or equal to 2"):
        Policy(min_owners=1)


@pytest.mark.parametrize(
    ("count", "existing", "mass"),
    [
        (2, 2, False),
        (3, 10, False),
        (3, 9, True),
        (5, 100, False),
        (6, 100, True),
        (2, None, False),
        (3, None, True),
    ],
)
def test_many_updates_and_deletes_are_a_mass_change(count: int, existing: int | None, mass: bool) -> None:
    """At least three, that are more than five or more than 30 % of what exists, need two owners."""
    changes = [EDIT.model_copy(update={"target": f"core/{index}"}) for index in range(count)]
    verdict = judged(changes, [Concerns(existing=existing)] * count)
    assert bool(verdict.protected) is mass
    assert verdict.needs == (2 if mass else 1)


def test_a_mass_change_is_named() -> None:
    """The card says how many of how many."""
    changes = [LEAVE.model_copy(update={"target": f"core/{index}"}) for index in range(6)]
    assert judged(changes, [Concerns(existing=23)] * 6).protected == ("mass change: 6 of 23 (team_member)",)
    assert judged(changes).protected == ("mass change: 6 of an unknown number (team_member)",)


def test_creating_much_is_no_mass_change() -> None:
    """Only what exists can be lost."""
    assert judged([JOIN] * 20, [Concerns(existing=3)] * 20).needs == 1


def test_kinds_are_counted_apart() -> None:
    """Three of one kind and three of another are two small changes."""
    other = [EDIT.model_copy(update={"resource": "github.team_repo"})] * 3
    assert judged([EDIT] * 3 + other, [Concerns(existing=50)] * 6).needs == 1


def test_removing_one_of_two_owners_is_refused() -> None:
    """Two owners must stay."""
    concern = Concerns(holders=frozenset({"cory", "owen"}), keeps=False)
    with pytest.raises(Refused, match="leave 1 owner; at least 2"):
        judged([of_owner("cory", "owner", "member")], [concern])


def test_what_a_plan_adds_counts_before_what_it_takes() -> None:
    """One plan may swap an owner for another."""
    holders = frozenset({"cory", "owen"})
    changes = [of_owner("cory", "owner", None), of_owner("peter", None, "owner")]
    concerns = [Concerns(holders=holders, keeps=False), Concerns(holders=holders, keeps=True)]
    assert judged(changes, concerns).needs == 1


def test_adding_an_owner_is_allowed_while_there_are_too_few() -> None:
    """The guard does not stand in the way of its own remedy."""
    assert (
        judged([of_owner("owen", None, "owner")], [Concerns(holders=frozenset({"cory"}), keeps=True)]).needs
        == 1
    )


@given(
    holders=st.frozensets(st.sampled_from("abcdef")),
    moves=st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), min_size=1, max_size=6),
    least=st.integers(2, 4),
)
def test_no_plan_takes_a_random_organisation_below_its_owners(
    holders: frozenset[str], moves: list[tuple[str, bool]], least: int
) -> None:
    """What passes leaves enough owners, or at least as many as before; what is refused would not have."""
    changes = [of_owner(login, "member", "owner" if keeps else None) for login, keeps in moves]
    concerns = [Concerns(holders=holders, keeps=keeps) for _, keeps in moves]
    left = set(holders)
    for login, keeps in moves:
        left = left | {login} if keeps else left - {login}
    fine = len(left) >= least or len(left) >= len(holders)
    try:
        judged(changes, concerns, min_owners=least)
        assert fine
    except Refused:
        assert not fine


@given(
    st.lists(
        st.builds(
            Concerns,
            protected=st.none() | st.sampled_from(["apex", "owner list"]),
            existing=st.none() | st.integers(0, 50),
        ),
        min_size=1,
        max_size=10,
    ),
    st.sampled_from([1, 2]),
    st.booleans(),
)
def test_protection_always_needs_two(concerns: list[Concerns], asked: int, own: bool) -> None:
    """Whatever the policy and whatever else a plan holds, something protected needs two owners."""
    verdict = judged([EDIT] * len(concerns), concerns, own=own, rules=(Rule(needs=asked),))
    if any(concern.protected for concern in concerns):
        assert verdict.needs == 2
    assert (verdict.needs == 2) == (bool(verdict.protected) or asked == 2)
