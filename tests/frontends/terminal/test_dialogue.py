"""Questions in a terminal."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.frontends.terminal.dialogue import BackError, Dialogue, Question


class Talk:
    """A dialogue with answers that were thought of before, and what was said in it."""

    def __init__(self, *answers: str) -> None:
        self.said: list[str] = []
        self.hidden: list[str] = []
        self._answers: Iterator[str] = iter(answers)
        self.dialogue = Dialogue(self._read, self._hidden, self.said.append, soon=0)

    def _read(self, prompt: str) -> str:
        self.said.append(prompt)
        return next(self._answers)

    def _hidden(self, prompt: str) -> str:
        self.hidden.append(prompt)
        return next(self._answers)


def test_enter_takes_the_default() -> None:
    """The default stands in brackets, below the question and its reason."""
    talk = Talk("")
    assert talk.dialogue.ask(Question("Which?", "Because.", default="this")) == "this"
    assert talk.said == ["\nWhich?", "  Because.", "  [this] > "]


def test_a_question_is_asked_until_it_is_answered() -> None:
    """Nothing, a wrong answer and a call for help are no answers; it stays one question."""
    talk = Talk("", "?", "wrong", " right ")
    said = talk.dialogue.ask(
        Question("Which?", how="Look there."), lambda s: "Not this." if s == "wrong" else None
    )
    assert said == "right"
    assert talk.dialogue.asked == 1
    for line in ("  ✗ Nothing was typed. `?` explains what is meant.", "  Look there.", "  ✗ Not this."):
        assert line in talk.said


def test_what_is_optional_may_be_left_out() -> None:
    """Enter is an answer there, with which nobody finds fault."""
    assert Talk("").dialogue.ask(Question("Which?", optional=True), lambda _: "No.") == ""


def test_the_way_back_and_the_end_are_not_answers() -> None:
    """Somebody who goes back, or away, leaves the question unanswered."""
    with pytest.raises(BackError):
        Talk("<").dialogue.ask(Question("Which?"))
    with pytest.raises(StopIteration):
        Talk().dialogue.ask(Question("Which?"))


def test_a_secret_is_not_shown() -> None:
    """It is read where nothing is echoed."""
    talk = Talk("s3cret")
    assert talk.dialogue.ask(Question("What?", secret=True)) == "s3cret"
    assert (talk.hidden, "s3cret" in "".join(talk.said)) == (["  > "], False)


@pytest.mark.parametrize(("said", "index"), [("2", 1), ("#Approvals", 1), ("general", 0), ("", 0)])
def test_an_option_is_chosen_by_number_or_name(said: str, index: int) -> None:
    """The default is one of them; what is none of them is asked again, and not repeated."""
    talk = Talk("0", "3", "xoxb-1", said)
    options = ("#general", "#approvals")
    assert talk.dialogue.choose(Question("Where?", default="1", options=options)) == index
    assert "xoxb-1" not in "".join(talk.said)
    assert "    2. #approvals" in talk.said


async def test_what_takes_a_while_says_so() -> None:
    """A line says what goes on; what is ready at once needs none."""
    talk = Talk()

    async def look() -> int:
        await asyncio.sleep(0.01)
        return 1

    assert await talk.dialogue.during("Slack is asked", look()) == 1
    assert talk.said == ["  … Slack is asked"]
    talk.dialogue.soon = 60
    assert await talk.dialogue.during("Slack is asked", look()) == 1
    assert len(talk.said) == 1


@pytest.mark.parametrize(
    ("said", "chosen"), [("", []), ("2, 1", [1, 0]), ("all", [0, 1, 2]), ("heroku 3", [1, 2]), ("4", None)]
)
def test_several_options_are_numbers_names_or_all(said: str, chosen: list[int] | None) -> None:
    """What is none of them is told, and asked again."""
    question = Question("Which?", optional=True, options=("ti.to", "Heroku", "exchange rates"))
    talk = Talk(said, "")
    assert talk.dialogue.choose_several(question) == (chosen or [])
    assert ("neither `all` nor numbers up to 3" in "".join(talk.said)) == (chosen is None)
