"""A review is what its journal lines add up to."""

from datetime import datetime, timedelta

from bot.core.event import Event, Kind
from bot.core.people import Actor
from bot.core.review import LEAST, Review, Terms, fold
from bot.core.values import Json
from tests.core.samples import NOW, event

FORTNIGHT = timedelta(days=14)
TERMS = Terms(
    by="George",
    asks_at=NOW,
    reminds_at=NOW + timedelta(days=7),
    closes_at=NOW + FORTNIGHT,
    holds={"Cory": ("owner",), "organiser-1": (), "organiser-2": ()},
)
BEGUN: tuple[Kind, Json] = (Kind.BEGUN, {"terms": TERMS.model_dump(mode="json")})
ASKED: tuple[Kind, Json] = (Kind.REMINDED, {"stage": "ask", "names": ""})


def review(*lines: tuple[Kind, Json], by: str = "Cory", at: datetime = NOW) -> Review:
    """Return the review of *lines* after the one that begins it."""
    events, head = [], (0, "")
    for seq, (kind, payload) in enumerate((BEGUN, *lines), start=1):
        actor = Actor(name=by)
        line = Event.following(
            head, subject="review", seq=seq, kind=kind, at=at, actor=actor, payload=payload
        )
        events.append(line)
        head = (line.n, line.hash)
    found = fold(events)
    assert found is not None
    return found


def answered(name: str, helps: bool = True) -> tuple[Kind, Json]:
    """Return the line of an answer."""
    return (Kind.ANSWERED, {"name": name, "helps": helps, "text": ""})


def closed(names: str = "", number: int = 12) -> tuple[Kind, Json]:
    """Return the line of the close."""
    return (Kind.ENDED, {"request": "r12", "number": number, "names": names, "text": "why"})


def test_without_lines_there_is_none() -> None:
    """Nothing was ever begun, or only the last lines of what was are looked at."""
    assert fold([]) is None
    assert fold([event(Kind.STOPPED, {})]) is None


def test_answers_are_counted_by_the_last_of_each() -> None:
    """Who changes their mind counts as they said last; who said nothing is silent."""
    found = review(ASKED, answered("Cory", False), answered("organiser-1", False), answered("Cory"))
    assert (found.helping, found.leaving, found.silent) == (("Cory",), ("organiser-1",), ("organiser-2",))
    assert found.runs
    assert found.answers["Cory"].by == "Cory"


def test_what_is_due_when() -> None:
    """Asked at first, reminded once while somebody is silent, closed at the end, then nothing any more."""
    begun, asked = review(), review(ASKED)
    week, end = NOW + timedelta(days=7), NOW + FORTNIGHT
    assert begun.due(NOW - timedelta(seconds=1)) is None
    assert [begun.due(NOW), begun.due(end)] == ["ask", "ask"]
    assert [asked.due(NOW), asked.due(week), asked.due(end)] == [None, "remind", "close"]
    reminded = review(ASKED, (Kind.REMINDED, {"stage": "remind", "names": "organiser-1 Cory"}))
    assert (reminded.reminded, reminded.due(week)) == (("organiser-1", "Cory"), None)
    everybody = review(ASKED, *(answered(name) for name in TERMS.holds))
    assert everybody.due(week) is None
    assert [review(ASKED, line).due(end) for line in (closed(), (Kind.STOPPED, {}))] == [None, None]


def test_who_was_asked_late_has_time_to_answer() -> None:
    """After an absence it closes two days after people were asked, at the earliest."""
    late = review(ASKED, at=NOW + FORTNIGHT)
    assert late.due(NOW + FORTNIGHT) == "remind"
    assert late.closes_at == NOW + FORTNIGHT + LEAST


def test_a_close_keeps_what_it_planned() -> None:
    """Who is in the plan and says yes after all is late; without a plan it says why."""
    found = review(ASKED, closed("organiser-1 organiser-2"), answered("organiser-1"))
    assert (found.planned, found.late, found.number) == (("organiser-1", "organiser-2"), ("organiser-1",), 12)
    assert (found.said, found.request, found.runs) == ("why", "r12", False)


def test_it_says_who_could_not_be_asked_and_that_it_was_stopped() -> None:
    """A stopped review runs no more."""
    found = review((Kind.NOTED, {"name": "Cory", "text": "no Slack account"}), (Kind.STOPPED, {}))
    assert (found.unreached, found.stopped_at, found.runs) == ({"Cory": "no Slack account"}, NOW, False)
