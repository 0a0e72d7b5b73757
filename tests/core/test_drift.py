"""What drift is: live against what was accepted, apart from what we do ourselves."""

from datetime import timedelta

import pytest

from bot.core.baseline import Kept, Live, Those, Watch
from bot.core.bound import Bound
from bot.core.change import Change
from bot.core.drift import SETTLING, Difference, Drift, Found, compare, ranges, still_unseen
from bot.core.values import Json
from tests.workflow.shelf import BOX
from tests.workflow.world import START as NOW

BOUND = {"shelf.box": Bound(BOX, None)}
PEAR: Json = {"holds": "pear", "pending": False}
FIG: Json = {"holds": "fig", "pending": False}
ASKED: Json = PEAR | {"pending": True}


def row(state: Json | None, target: str = "box", **more: object) -> Kept:
    """Return a target of the baseline."""
    return Kept(resource="shelf.box", target=target, state=state, **more)


def live(unseen: tuple[Those, ...] = (), **states: Json) -> Live:
    """Return what is there."""
    return Live(states={("shelf.box", name): state for name, state in states.items()}, unseen=unseen)


def those(targets: str) -> Those:
    """Return some boxes."""
    return Those(resource="shelf.box", targets=targets)


def found(kept: list[Kept], there: Live, unseen: tuple[Those, ...] = ()) -> Found:
    """Return what comparing finds."""
    return compare(Watch(vendor="shelf", due_at=NOW, unseen=unseen), kept, there, BOUND, NOW)


def words(kept: list[Kept], there: Live, unseen: tuple[Those, ...] = ()) -> list[str]:
    """Return the changes found, in words."""
    return [change.words for change in found(kept, there, unseen).changes]


@pytest.mark.parametrize(
    ("kept", "there", "said"),
    [
        ([row(PEAR)], live(box=PEAR), []),
        ([row(PEAR)], live(box=FIG), ["box holds fig (was: pear)"]),
        ([row(PEAR)], live(), ["box holds nothing (was: pear)"]),
        ([], live(box=PEAR), ["box holds pear (was: nothing)"]),
        ([row(None)], live(), []),
        ([row(PEAR, "Box")], live(box=PEAR), []),
        ([], live(box=ASKED), ["box holds pear (was: nothing)"]),
        ([row(PEAR)], live(box=ASKED), []),
        ([row(ASKED)], live(box=FIG), ["box holds fig (was: pear)"]),
    ],
)
def test_what_differs(kept: list[Kept], there: Live, said: list[str]) -> None:
    """What is not as accepted is told in words that say what was; names are one in any case."""
    assert words(kept, there) == said


def test_what_was_pending_is_taken_as_it_came() -> None:
    """An acceptance, or that it ran out, is accepted without a word."""
    accepted, lapsed = found([row(ASKED)], live(box=PEAR)), found([row(ASKED)], live())
    assert (accepted.changes, accepted.quietly) == ((), {("shelf.box", "box"): PEAR})
    assert (lapsed.changes, lapsed.quietly) == ((), {("shelf.box", "box"): None})


def test_what_we_do_ourselves_is_not_judged() -> None:
    """Neither while it is under way, with what it brings about, nor for a moment after."""
    chest = row(None, "chest", going={"after": PEAR})
    there = Live(states={("shelf.box", "chest"): PEAR, ("shelf.box", "chest/lid"): ASKED})
    assert found([chest], there).passed == {("shelf.box", "chest"), ("shelf.box", "chest/lid")}
    leaving = [row(PEAR, "chest", going={"after": None}), row(PEAR, "chest/lid")]
    assert words(leaving, live()) == []
    assert words([row(FIG, touched_at=NOW)], live(box=PEAR)) == []
    assert words([row(FIG, touched_at=NOW - SETTLING)], live(box=PEAR)) == ["box holds pear (was: fig)"]


def test_what_turns_out_to_be_our_doing_is_accepted() -> None:
    """Nobody knew what came of it: what shows is ours, with what it brings about; all else is judged."""
    chest = row(None, "chest", going={"after": PEAR, "unsure": True})
    ours = Live(states={("shelf.box", "chest"): PEAR, ("shelf.box", "chest/lid"): ASKED})
    assert found([chest], ours) == Found(quietly=ours.states)
    other = Live(states={("shelf.box", "chest"): FIG, ("shelf.box", "chest/lid"): ASKED})
    assert len(found([chest], other).changes) == 2
    assert found([chest], live()) == Found()


def test_what_cannot_be_seen_is_not_taken_for_deleted() -> None:
    """It stays as it was accepted, and is compared with that when it can be seen again."""
    hidden = those("Box*")
    assert found([row(PEAR)], live((hidden,))).passed == {("shelf.box", "box")}
    assert words([row(PEAR)], live(box=FIG), (hidden,)) == ["box holds fig (was: pear)"]


def test_what_a_vendor_may_hide_is_not_taken_for_deleted() -> None:
    """What was kept of places that a vendor shows no more is not judged; what is gone from others is."""
    kept = [row(PEAR, "Shed/box"), row(PEAR, "barn/box")]
    there = Live(states={}, places={"shelf.box": frozenset({"shed"})})
    assert words(kept, there) == ["Shed/box holds nothing (was: pear)"]
    assert found(kept, there).passed == {("shelf.box", "barn/box")}


def test_what_is_seen_for_the_first_time_is_accepted() -> None:
    """It was there before, as far as anybody knows."""
    new = found([], live(box=PEAR), (those("b*"),))
    assert (new.changes, new.quietly) == ((), {("shelf.box", "box"): PEAR})


def test_what_could_never_be_seen_gets_less() -> None:
    """What is unseen before and now stays so, whichever of the two says more."""
    every, some, other = those("*"), those("secret/*"), those("other/*")
    assert still_unseen((every,), (some, other)) == (some, other)
    assert still_unseen((some, other), (every,)) == (some, other)
    assert still_unseen((some,), (some, other)) == (some,)
    assert still_unseen((some,), ()) == ()


def test_an_episode_ends_when_all_is_settled() -> None:
    """Settling says what became of each, and counts as a change of the episode unless nothing is settled."""
    change = Change(resource="shelf.box", target="box", before=None, after=PEAR)
    both = tuple(Difference(number=number, change=change, since=NOW) for number in (7, 8))
    drift = Drift(vendor="shelf", episode=1, since=NOW, differences=both)
    assert drift.settle({}, NOW) == drift
    half = drift.settle({7: "put back"}, NOW + timedelta(minutes=1))
    assert ([each.number for each in half.open], half.seq) == ([8], 1)
    whole = half.settle({8: "accepted"}, NOW)
    assert (whole.open, [each.settled for each in whole.differences]) == ((), ["put back", "accepted"])


@pytest.mark.parametrize(
    ("numbers", "most", "said"),
    [
        ([], 99, ""),
        ([17], 99, "17"),
        ([7, 3, 6, 5], 99, "3 5-7"),
        ([3, 5, 6, 9], 5, "3 5-6"),
        ([3, 5, 6, 9], 4, "3"),
    ],
)
def test_numbers_as_they_are_said(numbers: list[int], most: int, said: str) -> None:
    """Runs are said as such, and none is cut in the middle."""
    assert ranges(numbers, most) == said
