"""Journal lines in words."""

import pytest

from bot.core.event import Kind
from bot.core.story import said
from bot.core.values import Json
from tests.core.samples import event, request

STEP: Json = {"step": "apply:1"}
SAMPLES: list[tuple[Kind, Json, str]] = [
    (
        Kind.FILED,
        {"request": request().model_dump(mode="json")},
        "asked: Push access for organiser-1: website",
    ),
    (Kind.FILED, {"request": "r42"}, "asked: "),
    (Kind.FILED, {"request": {"plan": "?"}}, "asked: "),
    (Kind.APPROVED, {}, "approved"),
    (Kind.APPROVED, {"alone": True, "reason": "nobody answers"}, "approved alone: nobody answers"),
    (Kind.DENIED, {"reason": "not now"}, "denied: not now"),
    (Kind.TAKEN_BACK, {"name": "Cory"}, "took the approval back"),
    (
        Kind.VOIDED,
        {"name": "Cory", "reason": "no longer an owner"},
        "Cory's approval counts no more: no longer an owner",
    ),
    (Kind.WITHDRAWN, {}, "withdrew it"),
    (Kind.STOPPED, {}, "stopped it"),
    (Kind.EXPIRED, {}, "expired: nobody decided in time"),
    (Kind.REMINDED, {"stage": "two", "names": "Cory Owen"}, "asked Cory and Owen by name"),
    (Kind.APPLYING, {}, "began to carry it out"),
    (Kind.STARTED, STEP, "step 2 began"),
    (Kind.STARTED, {"step": "end:0"}, "step 1 of the end began"),
    (Kind.OUTCOME, STEP | {"outcome": "done"}, "step 2 done and checked"),
    (Kind.OUTCOME, STEP | {"outcome": "waiting", "detail": "must accept"}, "step 2 under way: must accept"),
    (Kind.STARTED, {"steps": [{"step": f"apply:{n}"} for n in (0, 1, 2, 4)]}, "steps 1-3, 5 began"),
    (
        Kind.OUTCOME,
        {
            "steps": [
                {"step": "apply:0", "outcome": "done", "detail": ""},
                {"step": "apply:1", "outcome": "failed", "detail": "no"},
                {"step": "apply:2", "outcome": "done", "detail": ""},
            ]
        },
        "steps 1, 3 done and checked; step 2 failed: no",
    ),
    (Kind.FINISHED, {"state": "applied"}, "applied"),
    (Kind.UNDONE, {"by": 43}, "undone by #43"),
    (Kind.WARNED, {"stage": "one day"}, "said that the end is near (one day before)"),
    (Kind.ENDING, {}, "the end began"),
    (Kind.ENDED, {}, "ended"),
    (Kind.REFUSED, {"why": "Only an owner can."}, "was refused: Only an owner can."),
    (Kind.SEEDED, {"names": ["Cory"]}, "filled an empty list from the configuration"),
    (Kind.SEEN, {"text": "Works."}, "looked from outside: Works."),
    (Kind.NOTED, {"text": "GitHub is slow"}, "noted: GitHub is slow"),
    (Kind.BEGUN, {"terms": {}}, "began a review of who still helps"),
    (Kind.ANSWERED, {"name": "Cory", "text": "Cory still helps"}, "answered: Cory still helps"),
    (Kind.EXPORTED, {"night": "2026-06-15", "detail": ""}, "exported everything for the night"),
    (Kind.EXPORTED, {"night": "", "detail": "Why."}, "could not export everything for the night: Why."),
    (Kind.RESTORED, {"text": "42 lines"}, "was restored from an export: 42 lines"),
    (Kind.SWEPT, {"night": "2026-06-15", "left": ""}, "looked for what ended grants left over"),
    (Kind.KEPT, {"text": "github, 45 targets"}, "kept what was there as the baseline: github, 45 targets"),
    (Kind.NOTICED, {"text": "box 1"}, "noticed what was changed elsewhere: box 1"),
    (Kind.COSTED, {"detail": "Look."}, "found something to know about our costs: Look."),
    (Kind.SOLD, {"share": 50, "detail": "Half."}, "found how much of a kind of ticket is sold: Half."),
    (Kind.SILENT, {"detail": "No."}, "found that tickets are not sold as they should be: No."),
    (Kind.DANGLED, {"text": ""}, "looked which of our names anybody could take"),
    (Kind.LACKED, {"detail": "No `push`."}, "looked at what our tokens may do: No `push`."),
]


@pytest.mark.parametrize(("kind", "payload", "words"), SAMPLES)
def test_a_line_says_what_happened(kind: Kind, payload: Json, words: str) -> None:
    """Each kind of line reads as a sentence's end."""
    assert said(event(kind, payload)) == words


def test_every_kind_has_words() -> None:
    """No kind of line is forgotten."""
    assert {kind for kind, _, _ in SAMPLES} == set(Kind)
