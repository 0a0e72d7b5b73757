"""The grammar of lines."""

from datetime import timedelta
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from bot.core.command import Arg, Command, Context, NoArgs
from bot.core.errors import UsageError
from bot.core.grammar import LONGEST_LINE, changed, hint, line, understand, usage
from bot.core.policy import Span
from bot.core.reply import Reply


class Lend(BaseModel):
    """Every kind of field."""

    book: Annotated[str, Arg("BOOK", positional=True)]
    readers: Annotated[tuple[str, ...], Arg("READER", positional=True)] = ()
    lasts: Annotated[Span | None, Arg("DURATION")] = Field(None, alias="for")
    shelf: Annotated[int, Arg()] = 1
    quietly: bool = False


class Show(BaseModel):
    """One optional word."""

    book: Annotated[str | None, Arg("BOOK", positional=True)] = None


class Burn(BaseModel):
    """A required option and at least one word."""

    books: Annotated[list[str], Arg(positional=True)]
    match: Annotated[str, Arg("MATCH")]


async def run(_args: Any, _ctx: Context) -> Reply:
    """Answer."""
    return Reply(title="done")


LEND: Command[Any] = Command("lend", "Lend a book", Lend, run, examples=("lend dune ada",))
SHOW: Command[Any] = Command("book show", "Show a book", Show, run)
BURN: Command[Any] = Command("book burn", "Burn books", Burn, run)
OPEN: Command[Any] = Command("door open", "Open the door", NoArgs, run)
SHUT: Command[Any] = Command("door shut", "Shut the door", NoArgs, run)
COMMANDS = (LEND, SHOW, BURN, OPEN, SHUT)


def args(line: str) -> dict[str, Any]:
    """Return what the arguments of *line* are."""
    return understand(line, COMMANDS).args.model_dump()


def test_usage_derives_from_the_fields() -> None:
    """Positional words first as they are written, options with their value, what is optional in brackets."""
    assert usage(LEND) == "lend BOOK [READER …] [--for DURATION] [--shelf SHELF] [--quietly]"
    assert usage(SHOW) == "book show [BOOK]"
    assert usage(BURN) == "book burn BOOKS … --match MATCH"
    assert usage(OPEN) == "door open"


def test_a_line_is_read_into_its_arguments() -> None:
    """Words, options and flags, in any mixture, quoted or not."""
    assert args('lend "the left hand" ada bob --for 2w --quietly') == {
        "book": "the left hand",
        "readers": ("ada", "bob"),
        "lasts": timedelta(days=14),
        "shelf": 1,
        "quietly": True,
    }
    assert args("lend --shelf 3 dune")["shelf"] == 3
    assert args("book burn a b --match swan") == {"books": ["a", "b"], "match": "swan"}


def test_words_after_because_are_the_reason() -> None:
    """In any case, and only as a word of its own; quotation marks there need not be closed."""
    said = understand("LEND dune Because it's good --for ever", COMMANDS)
    assert (said.command, said.reason) == (LEND, "it's good --for ever")
    assert understand("lend dune-because", COMMANDS).reason == ""
    assert understand("lend dune because", COMMANDS).reason == ""


def test_a_bare_word_means_show() -> None:
    """A verb that is none is an argument of *show*."""
    assert understand("book", COMMANDS).command is SHOW
    assert args("book dune") == {"book": "dune"}
    assert understand("BOOK Burn a --match swan", COMMANDS).command is BURN


@pytest.mark.parametrize(
    ("line", "message", "next_step"),
    [
        ("", "Say what you need.", "`help`"),
        ("  because I can", "Say what you need.", "`help`"),
        ("lent dune", "I do not know `lent`.", "Did you mean `lend`?"),
        ("xyzzy", "I do not know `xyzzy`.", "`help`"),
        ("door", "`door` needs a verb: open, shut.", "`door open`\n`door shut`"),
        ("door shot", "`door` needs a verb: open, shut.", "`door open`"),
        ("lend", "The following arguments are required: BOOK.", "Write: `lend BOOK"),
        ("lend dune --shelf", "Argument --shelf: expected one argument.", "For example: `lend dune ada`"),
        ("lend dune --shelf top", "--shelf: must be a whole number", "Write: `lend BOOK"),
        ("lend dune --for ever", "--for: 'ever' is not a duration", "Write: `lend BOOK"),
        ("lend dune --quiet", "Unrecognized arguments: --quiet.", "Write: `lend BOOK"),
        ("lend 'dune", "A quotation mark is not closed.", "Close it"),
        ("I can't lend it", "I do not know `i`.", "`help` lists all."),
        ("book brun a", "Unrecognized arguments: a.", "Did you mean `burn`?"),
        ("book burn a", "The following arguments are required: --match.", "Write: `book burn"),
        ("x" * (LONGEST_LINE + 1), f"That line has {LONGEST_LINE + 1} characters", "fewer words"),
    ],
)
def test_what_is_not_understood_says_what_and_how(line: str, message: str, next_step: str) -> None:
    """The argument is named, and usage, an example or the nearest word follows."""
    with pytest.raises(UsageError) as caught:
        understand(line, COMMANDS)
    assert message in caught.value.message
    assert next_step in caught.value.hint


class Strict(BaseModel):
    """A model with a rule of its own over all fields."""

    one: Annotated[str | None, Arg("ONE")] = None

    def model_post_init(self, _context: Any) -> None:
        """Refuse everything."""
        raise ValueError("never")


def test_a_rule_over_all_fields_names_the_command() -> None:
    """A problem that belongs to no field is the command's."""
    command: Command[Any] = Command("strict", "…", Strict, run)
    with pytest.raises(UsageError, match="strict: never"):
        understand("strict", (command,))


def test_a_command_without_example_shows_usage_alone() -> None:
    """The hint has no empty example."""
    assert hint(OPEN) == "Write: `door open`"


@pytest.mark.parametrize(
    ("given", "reason", "said"),
    [
        ({"book": ["dune"]}, "", "lend dune"),
        (
            {"book": ["it's dune"], "readers": ["ada", "Grace H"]},
            "",
            """lend 'it'"'"'s dune' ada 'Grace H'""",
        ),
        (
            {"book": ["because"], "readers": ["I, because I am"]},
            "of it",
            "lend 'because' 'I, because I am' because of it",
        ),
        (
            {"quietly": [], "shelf": ["3"], "for": ["14d"], "book": ["dune"]},
            "it rains",
            "lend dune --for 14d --shelf 3 --quietly because it rains",
        ),
    ],
)
def test_what_is_given_by_field_becomes_the_line(given: Any, reason: str, said: str) -> None:
    """The line of a form reads as typed, and is understood as what was given."""
    made = line(LEND, given, reason)
    assert made == said
    understood = understand(made, COMMANDS)
    kept = understood.args.model_dump(by_alias=True, exclude_unset=True)
    assert kept["book"] == given["book"][0]
    assert kept.keys() == given.keys()
    assert understood.reason == reason


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("lend dune --for 14d because it rains", "lend dune --for 30d because it rains"),
        ("LEND 'it is' ada 'Grace H' --quietly", "lend 'it is' ada 'Grace H' --for 30d --quietly"),
    ],
)
def test_one_option_of_a_line_is_changed(said: str, becomes: str) -> None:
    """The rest of the line stays what it was."""
    assert changed(said, COMMANDS, "for", "30d") == becomes


@pytest.mark.parametrize(
    ("said", "field"), [("lend dune --shelf x", "shelf"), ("lend dune --for ever", "for"), ("lend", "")]
)
def test_a_mistake_names_its_field(said: str, field: str) -> None:
    """Whoever shows a mistake knows which argument is wrong, when it is one."""
    with pytest.raises(UsageError) as caught:
        understand(said, COMMANDS)
    assert caught.value.field == field
