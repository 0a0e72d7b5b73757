"""What journal lines add up to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.change import Outcome
from bot.core.event import Kind
from bot.core.status import State, Status, Step, fold, verdict
from bot.core.values import Json
from tests.core.samples import NOW, OWNERS, lines

CORY = OWNERS[1]
START: Json = {"start_at": (NOW + timedelta(minutes=15)).isoformat()}


def test_a_filed_request_is_pending() -> None:
    """Filing alone decides nothing."""
    status = fold(lines((Kind.FILED, {})))
    assert (status.state, status.seq, status.approved_at) == (State.PENDING, 1, None)


def test_what_needs_nobody_starts_when_it_is_filed() -> None:
    """A request of our own data is approved by being filed."""
    status = fold(lines((Kind.FILED, START)))
    assert status.state is State.APPROVED
    assert status.approved_at is None


def test_the_last_approval_carries_the_start() -> None:
    """Approvals are kept with their reasons; the one that completes says when it starts."""
    filed: tuple[Kind, Json] = (Kind.FILED, {})
    waiting = fold(lines(filed, (Kind.APPROVED, {"reason": "fine", "needs": 2}), by=CORY))
    assert (waiting.state, waiting.approvals[0].reason, waiting.needs) == (State.PENDING, "fine", 2)
    status = fold(lines(filed, (Kind.APPROVED, START | {"alone": True}), by=CORY))
    assert (status.state, status.approved_at, status.approvals[0].alone) == (State.APPROVED, NOW, True)
    assert status.start_at == NOW + timedelta(minutes=15)


@pytest.mark.parametrize("kind", [Kind.TAKEN_BACK, Kind.VOIDED])
def test_an_approval_that_falls_makes_it_pending_again(kind: Kind) -> None:
    """Taken back by who gave it, or void because they are no owner any more."""
    status = fold(lines((Kind.APPROVED, START), (kind, {"name": "Cory"}), by=CORY))
    assert (status.state, status.approvals, status.start_at) == (State.PENDING, (), None)
    kept = fold(lines((Kind.APPROVED, START), (kind, {"name": "George"}), by=CORY))
    assert len(kept.approvals) == 1


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Kind.DENIED, State.DENIED),
        (Kind.WITHDRAWN, State.WITHDRAWN),
        (Kind.STOPPED, State.WITHDRAWN),
        (Kind.EXPIRED, State.EXPIRED),
    ],
)
def test_what_closes_a_request_says_who_and_why(kind: Kind, state: State) -> None:
    """The closing decision is kept."""
    status = fold(lines((kind, {"reason": "not now"}), by=CORY))
    assert status.state is state
    assert status.closed is not None
    assert (status.closed.by.name, status.closed.reason) == ("Cory", "not now")
    assert not state.open


def test_applying_keeps_each_step() -> None:
    """Attempts, outcomes and details are known by phase and index."""
    status = fold(
        lines(
            (Kind.APPLYING, {}),
            (Kind.STARTED, {"step": "apply:0"}),
            (Kind.NOTED, {"text": "GitHub is slow"}),
        )
    )
    assert (status.state, status.applying_at, status.note) == (State.APPLYING, NOW, "GitHub is slow")
    assert status.step("apply", 0) == Step(attempts=1, began_at=NOW, started_at=NOW)
    assert status.step("apply", 1) == Step()
    done = fold(
        lines(
            (Kind.STARTED, {"step": "apply:0"}),
            (Kind.STARTED, {"step": "apply:0"}),
            (Kind.OUTCOME, {"step": "apply:0", "outcome": "waiting", "detail": "must accept"}),
            (Kind.FINISHED, {"state": "waiting"}),
        )
    )
    assert done.state is State.WAITING
    assert done.finished_at == NOW
    step = done.step("apply", 0)
    assert (step.attempts, step.outcome, step.detail, step.at) == (2, Outcome.WAITING, "must accept", NOW)


def test_a_line_may_tell_of_several_steps() -> None:
    """What was begun, or came to its end, at once is known of each step."""
    status = fold(
        lines(
            (Kind.STARTED, {"steps": [{"step": "apply:0"}, {"step": "apply:1"}]}),
            (Kind.OUTCOME, {"steps": [{"step": "apply:1", "outcome": "failed", "detail": "no"}]}),
        )
    )
    assert status.step("apply", 0) == Step(attempts=1, began_at=NOW, started_at=NOW)
    assert (status.step("apply", 1).outcome, status.step("apply", 1).detail) == (Outcome.FAILED, "no")


def test_reminders_warnings_and_ends_are_kept() -> None:
    """Who was asked when, which warning was given, and when a grant ended."""
    status = fold(
        lines(
            (Kind.REMINDED, {"stage": "two", "names": "Cory Owen"}),
            (Kind.WARNED, {"stage": "one day"}),
            (Kind.ENDING, {}),
            (Kind.ENDED, {}),
        )
    )
    assert [(r.stage, r.names) for r in status.reminders] == [("two", ("Cory", "Owen"))]
    assert status.warned == ("one day",)
    assert status.ended_at == NOW


def test_an_end_that_begins_again_forgets_what_failed() -> None:
    """What of an end did not succeed is tried anew; what did, and what waits, is kept."""
    came = {"end:0": "done", "end:1": "failed", "end:2": "waiting", "apply:0": "failed"}
    outcomes: list[tuple[Kind, Json]] = [
        (Kind.OUTCOME, {"step": step, "outcome": outcome}) for step, outcome in came.items()
    ]
    begun: tuple[Kind, Json] = (Kind.STARTED, {"step": "end:3"})
    status = fold(lines(*outcomes, begun, (Kind.ENDED, {"clean": False}), (Kind.ENDING, {})))
    assert set(status.steps) == {"end:0", "end:2", "end:3", "apply:0"}
    assert (status.ended_at, status.ended_clean) == (None, True)


def test_lines_of_no_consequence_change_nothing() -> None:
    """A line that is no step of a request leaves its status as it was."""
    assert fold(lines((Kind.FILED, {}), (Kind.SEEDED, {}))) == fold(lines((Kind.FILED, {}))).model_copy(
        update={"seq": 2}
    )


def test_what_is_open_still_moves() -> None:
    """Open is what waits for a decision, a time, a worker or the world."""
    assert {state for state in State if state.open} == {
        State.PENDING,
        State.APPROVED,
        State.APPLYING,
        State.WAITING,
    }


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ([], State.APPLIED),
        ([Outcome.DONE, Outcome.ALREADY_SO], State.APPLIED),
        ([Outcome.DONE, Outcome.WAITING], State.WAITING),
        ([Outcome.DRIFTED, None], State.DRIFTED),
        ([Outcome.FAILED], State.FAILED),
        ([Outcome.ALREADY_SO, Outcome.FAILED], State.FAILED),
        ([Outcome.DONE, Outcome.FAILED, None], State.PARTIAL),
        ([Outcome.WAITING, Outcome.DRIFTED], State.PARTIAL),
        ([Outcome.DONE, Outcome.UNKNOWN], State.UNKNOWN),
    ],
)
def test_outcomes_add_up(outcomes: list[Outcome | None], state: State) -> None:
    """Done only when each step is; partial when something was done before a step was not."""
    assert verdict(outcomes) is state


@given(st.lists(st.sampled_from(Outcome), max_size=5))
def test_applied_means_that_each_step_is_good(outcomes: list[Outcome]) -> None:
    """Nothing that waits, failed or is unknown is ever called applied."""
    assert (verdict(outcomes) is State.APPLIED) == all(outcome.good for outcome in outcomes)


@given(st.lists(st.sampled_from([Kind.APPROVED, Kind.DENIED, Kind.APPLYING, Kind.NOTED]), max_size=6))
def test_the_status_counts_the_lines(kinds: list[Kind]) -> None:
    """The number of the last line is the status's own, for compare-and-set."""
    noted: list[tuple[Kind, Json]] = [(kind, {"text": "x"}) for kind in kinds]
    assert fold(lines(*noted)).seq == len(kinds)
    assert fold([]) == Status()
