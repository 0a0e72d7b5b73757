"""``help``, and what derives from the commands."""

import shlex
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from textwrap import wrap
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.command import Command
from bot.core.errors import BotError, UsageError
from bot.core.grammar import meta, understand, usage
from bot.core.people import Role
from bot.core.reply import Text
from commands import COMMANDS
from tests.commands.world import World, words

WIDTH, SCREEN = 42, 30  # of what Slack shows on a phone


async def test_help_fits_a_phone_screen_by_task(world: World) -> None:
    """Each task has its words and an example, on no more lines than a phone shows; `all` says more."""
    said = words(await world.reply("help"))
    lines = [part for line in said.splitlines() for part in wrap(line.replace("`", ""), WIDTH)]
    assert len(lines) <= SCREEN
    assert "*Access* `grant-push` `revoke-push` `access` `teams`\nas in `grant-push " in said
    assert all(f"`{command.word}`" in said for command in COMMANDS if command.word != "help")
    every = words(await world.reply("help all")).splitlines()
    assert sum(line.startswith("`") for line in every) == len({c.word for c in COMMANDS})
    assert "`teams` The teams, or who and what is in one (add, remove)" in every


async def test_help_shows_only_what_the_asker_may_say(world: World) -> None:
    """A reader is not offered what only organisers may ask."""
    for line in ("help", "help all"):
        assert "grant-push" not in words(await world.reply(line, by="reader-1"))
    assert "`teams` The teams, or who and what is in one\n" in words(
        await world.reply("help all", by="reader-1")
    )


async def test_help_on_a_word_has_usage_and_examples(world: World) -> None:
    """Everything there is to know about one word."""
    said = words(await world.reply("help Grant-Push"))
    assert (
        "`grant-push USER REPO [--for DURATION] [--until DATE] [--direct] [--login LOGIN] [--name NAME]`"
        in said
    )
    assert "For example: `grant-push organiser-1 website`" in said
    reply = await world.reply("help people")
    assert len([block for block in reply.blocks if isinstance(block, Text)]) == 6


@pytest.mark.parametrize(
    ("word", "by", "message", "hint"),
    [
        ("grant-psuh", "organiser-1", "I do not know `grant-psuh`", "Did you mean `grant-push`?"),
        ("zzzz", "organiser-1", "I do not know `zzzz`", "`help` lists"),
        ("grant-push", "reader-1", "`grant-push` is for organisers; you are reader.", "`help` lists"),
    ],
)
async def test_help_on_what_is_not_there(world: World, word: str, by: str, message: str, hint: str) -> None:
    """A misspelt word is asked back, a word of another role says whose it is."""
    with pytest.raises(UsageError) as caught:
        await world.ask(f"help {word}", by=by)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_each_word_is_one_task() -> None:
    """A command belongs to one group, and its verbs to the same."""
    for word in {command.word for command in COMMANDS}:
        assert len({c.group for c in COMMANDS if c.word == word}) == 1


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.path)
def test_each_command_says_what_it_is_for(command: Command[Any]) -> None:
    """A summary that fits its line, and examples of that command."""
    assert 0 < len(command.summary) <= 80
    assert command.examples
    for example in command.examples:
        assert understand(example, COMMANDS).command is command


def test_looking_is_for_readers() -> None:
    """Commands that show are for every role, those that plan for organisers."""
    show = {c.path for c in COMMANDS if c.role is Role.READER}
    assert show == {
        *("access", "requests", "audit", "help", "dns show", "dns check", "deploy status"),
        *("tickets show", "tickets chart", "tickets forecast"),
        *(
            f"{word} show"
            for word in (
                "teams",
                "people",
                "away",
                "owners",
                "invitations",
                "leftovers",
                "drift",
                "status",
                "keys",
                "app",
                "page",
            )
        ),
        *("costs show", "costs estimate", "costs renewals", "costs convert", "costs csv"),
        *("digest tickets", "digest costs", "digest attention", "digest journal"),
    }


def values(kind: Any, name: str) -> st.SearchStrategy[str]:
    """Return what people may write for a field of that type."""
    if get_origin(kind) in {Union, UnionType}:
        kinds = [each for each in get_args(kind) if each is not NoneType]
        return st.one_of(*(values(each, name) for each in kinds))
    if get_origin(kind) is not None:
        return values(get_args(kind)[0], name)
    if kind is date:
        return st.dates(date(2026, 1, 1), date(2030, 1, 1)).map(str)
    if kind is timedelta:
        return st.integers(1, 365).map("{}d".format)
    if kind is int:
        return st.integers(1, 10**6).map(str)
    if kind is Decimal:
        return st.integers(0, 100).map(str)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from([member.value for member in kind])
    assert kind is str, kind
    if name in {"slack", "drop_slack"}:
        return st.from_regex(r"<@U[A-Z0-9]{2,8}>", fullmatch=True)
    return st.from_regex(r"[a-z][a-z0-9]{0,10}", fullmatch=True).filter(lambda said: said != "because")


@st.composite
def lines(draw: st.DrawFn) -> tuple[Command[Any], str, dict[str, str]]:
    """Draw a command, a line as its usage writes it, and what was said for each field."""
    command = draw(st.sampled_from(COMMANDS))
    said: dict[str, str] = {}
    parts = [command.path]
    skipped = False
    for name, field in command.args.model_fields.items():
        positional, key = meta(field).positional, field.alias or name
        shown = f"--{key}" if not positional else ""
        assert (shown or meta(field).metavar) in usage(command)
        if not field.is_required() and ((skipped and positional) or draw(st.booleans())):
            skipped = skipped or positional
            continue
        if field.annotation is bool:
            parts.append(shown)
            said[name] = "True"
            continue
        verbs = {c.verb for c in COMMANDS if c.word == command.word}
        value = draw(values(field.annotation, name).filter(lambda text: text not in verbs))  # noqa: B023 # drawn at once
        parts += [shown, value] if shown else [value]
        said[name] = value
    return command, shlex.join(parts[1:]), said


@given(lines())
def test_what_usage_prints_the_parser_reads(drawn: tuple[Command[Any], str, dict[str, str]]) -> None:
    """For every command, a line written as its usage says gives exactly what was said."""
    command, rest, said = drawn
    understood = understand(f"{command.path} {rest}", COMMANDS)
    assert understood.command is command
    assert understood.args.model_fields_set == set(said)
    for name, value in said.items():
        read = getattr(understood.args, name)
        read = read[0] if isinstance(read, tuple) else read
        assert str(read.value if isinstance(read, Enum) else read) in {value, value[2:-1]} or isinstance(
            read, timedelta
        )


def answer(line: str) -> tuple[str, str, str]:
    """Return the word that was understood, or the message and the hint of why none was."""
    try:
        return understand(line, COMMANDS).command.word, "", ""
    except BotError as error:
        return "", error.message, error.hint


@given(st.text(max_size=200))
def test_any_text_is_understood_or_answered(text: str) -> None:
    """Emoji, other scripts, broken quotes: never anything but a command or a message with a next step."""
    word, message, hint = answer(text)
    assert word in {command.word for command in COMMANDS} or (message and hint)


@given(st.sampled_from(COMMANDS), st.lists(st.text(max_size=20), max_size=5))
def test_any_arguments_are_understood_or_answered(command: Command[Any], rest: list[str]) -> None:
    """Whatever follows a word, the answer is a message with a next step, never a traceback."""
    word, message, hint = answer(f"{command.path} {shlex.join(rest)}")
    assert word == command.word or (message and hint)
