"""Changes, plans, requests and their digests."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.change import Action, Change, Outcome, Plan, Request, merged
from bot.core.people import Actor
from bot.core.values import canonical
from tests.core.samples import JOIN, NOW, OWNERS, changes, plan, request, words

spans = st.timedeltas(timedelta(minutes=1), timedelta(days=300))
moments = spans.map(lambda span: NOW + span)
PLAN_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "changes": st.lists(changes, min_size=1, max_size=3).map(tuple),
    "reason": words,
    "gains": st.lists(words, max_size=2).map(tuple),
    "losses": st.lists(words, max_size=2).map(tuple),
    "notes": st.lists(words, max_size=2).map(tuple),
    "by_hand": st.lists(words, max_size=2).map(tuple),
    "wide": st.booleans(),
    "lasts": st.none() | spans,
    "ends_at": st.none() | moments,
    "ending": st.lists(changes, max_size=2).map(tuple),
    "run_at": st.none() | moments,
    "on_failure": st.sampled_from(["leave", "restore"]),
    "undoes": words,
    "back_within": spans,
}
APPROVED_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "id": words,
    "needs": st.integers(0, 2),
    "wait": spans,
    "undoes": st.none() | words,
    "requested_by": st.sampled_from([Actor.of(person, "slack") for person in OWNERS]),
}


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [
        (None, {"role": "member"}, Action.CREATE),
        ({"role": "member"}, {"role": "maintainer"}, Action.UPDATE),
        ({"role": "member"}, None, Action.DELETE),
        ({"role": "member"}, {"role": "member"}, Action.NONE),
        (None, None, Action.NONE),
    ],
)
def test_the_action_follows_from_before_and_after(before: Any, after: Any, action: Action) -> None:
    """What a change does is derived, never stored."""
    assert Change(resource="github.team_member", target="t", before=before, after=after).action is action


def test_a_change_names_its_vendor() -> None:
    """The vendor is the part of the resource's name before the dot."""
    assert JOIN.vendor == "github"


def test_a_plan_names_each_vendor_once_in_order_of_use() -> None:
    """The vendors of a plan include those of its ending."""
    own = JOIN.model_copy(update={"resource": "people.person"})
    dns = JOIN.model_copy(update={"resource": "dnsimple.record"})
    assert plan(changes=(own, JOIN, own), ending=(dns,)).vendors == ("people", "github", "dnsimple")


def test_a_grant_ends_at_its_date_or_so_long_after_approval() -> None:
    """A duration counts from the approval, a date stands for itself, and without either there is no end."""
    later = NOW + timedelta(days=3)
    assert plan(lasts=timedelta(days=14)).end(later) == later + timedelta(days=14)
    assert plan(ends_at=later).end(NOW) == later
    assert plan().end(NOW) is None


def test_values_are_frozen_and_refuse_unknown_fields() -> None:
    """A plan cannot be altered or carry what nobody defined."""
    with pytest.raises(ValidationError):
        plan().title = "other"  # type: ignore[misc] # exactly what must not work
    with pytest.raises(ValidationError):
        plan(colour="red")


def test_each_field_of_a_plan_is_tried() -> None:
    """The property below forgets no field of a plan."""
    assert set(PLAN_FIELDS) == set(Plan.model_fields)


@settings(max_examples=25)
@pytest.mark.parametrize("field", PLAN_FIELDS)
@given(data=st.data())
def test_the_digest_changes_with_any_field_of_the_plan(field: str, data: st.DataObject) -> None:
    """Whatever an owner was shown is in the digest."""
    one, other = (data.draw(PLAN_FIELDS[field]) for _ in range(2))
    digests = {request(plan=plan(**{field: value})).digest for value in (one, other)}
    assert len(digests) == (1 if one == other else 2)


@settings(max_examples=25)
@pytest.mark.parametrize("field", APPROVED_FIELDS)
@given(data=st.data())
def test_the_digest_changes_with_any_field_that_is_approved(field: str, data: st.DataObject) -> None:
    """Who asks, how many must decide and how long to wait are part of what is approved."""
    one, other = (data.draw(APPROVED_FIELDS[field]) for _ in range(2))
    digests = {request(**{field: value}).digest for value in (one, other)}
    assert len(digests) == (1 if one == other else 2)


def test_the_order_of_changes_is_part_of_the_digest() -> None:
    """The same changes in another order are another request."""
    other = JOIN.model_copy(update={"target": "core/organiser-2"})
    assert (
        request(plan=plan(changes=(JOIN, other))).digest != request(plan=plan(changes=(other, JOIN))).digest
    )


def test_a_stored_request_has_the_digest_it_was_filed_with() -> None:
    """Storing and reading back as JSON keeps the digest."""
    filed = request(plan=plan(lasts=timedelta(days=14), ends_at=NOW))
    assert Request.model_validate_json(filed.model_dump_json()).digest == filed.digest


def test_a_field_that_a_later_version_adds_keeps_the_digest() -> None:
    """A request that is open during an upgrade is still the one whose card is shown."""

    class Later(Plan):
        added: tuple[str, ...] = ()

    filed = request()
    kept = filed.model_copy(update={"plan": Later.model_validate(filed.plan.model_dump())})
    assert kept.digest == filed.digest
    other = filed.model_copy(
        update={"plan": Later.model_validate(filed.plan.model_dump() | {"added": ("x",)})}
    )
    assert other.digest != filed.digest


def test_a_button_carries_twelve_digits_of_the_digest() -> None:
    """The short digest is the beginning of the digest."""
    assert request().digest.startswith(request().short_digest)
    assert len(request().short_digest) == 12


def test_canonical_json_sorts_keys_and_keeps_letters() -> None:
    """Equal content has one form, whatever order its keys came in."""
    assert canonical({"b": "ü", "a": 1}) == '{"a":1,"b":"ü"}'.encode() == canonical({"a": 1, "b": "ü"})


def test_only_done_and_already_so_are_good() -> None:
    """An outcome is good when the target is as planned."""
    assert {outcome for outcome in Outcome if outcome.good} == {Outcome.DONE, Outcome.ALREADY_SO}


def test_changes_of_one_target_are_one_to_the_eye() -> None:
    """What goes step by step is told from its first before to its last after, in the order of the targets."""
    first = JOIN.model_copy(update={"target": "a", "before": {"n": 1}, "after": {"n": 2}})
    other = JOIN.model_copy(update={"target": "b"})
    last = first.model_copy(update={"before": {"n": 2}, "after": None})
    whole = last.model_copy(update={"before": {"n": 1}})
    assert merged([first, other, last]) == (whole, other)
    assert merged([]) == ()
